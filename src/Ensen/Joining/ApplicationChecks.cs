using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;

namespace Ensen.Joining;

/// <summary>What is looked at before anybody decides, in this order.</summary>
public enum ApplicationCheck
{
    /// <summary>Everything was typed, and can be read.</summary>
    Complete = 1,

    /// <summary>The applicant has shown that the mailbox is theirs.</summary>
    MailConfirmed = 2,

    /// <summary>What the shop deals in is something the programme takes; some need a licence, which a person has to look at.</summary>
    CategoryAllowed = 3,

    /// <summary>Bank and branch are in the public list of codes, which grows old: a code that it does not have is looked at.</summary>
    BankKnown = 4,

    /// <summary>The holder of the account can be written as banks write names.</summary>
    HolderInZengin = 5,

    /// <summary>The account is held by the applicant, as far as names in kana tell.</summary>
    HolderIsApplicant = 6,

    /// <summary>No merchant is paid to the same account; one of the same name is looked at.</summary>
    NoMerchantYet = 7,

    /// <summary>
    /// No application that came before and waits, and none that was accepted, names the same account; that one came after is looked at.
    /// </summary>
    AppliedOnce = 8,

    /// <summary>There is a photo of each store.</summary>
    PhotosThere = 9,
}

/// <summary>What came of a check: with a failed one nobody can accept; what is to be looked at two persons decide.</summary>
public enum CheckResult
{
    Passed = 1,
    Look = 2,
    Failed = 3,
}

/// <summary>What the checks look at beside the form.</summary>
public sealed record ApplicationFacts(
    ApplicationForm Form, bool MailConfirmed, int Photos, bool AccountOfMerchant, bool NameOfMerchant, bool AccountAppliedAgain,
    bool AccountAppliedAfter = false);

/// <summary>The checks, each with its name, in their order: what a merchant's application is read as.</summary>
public static class ApplicationChecks
{
    /// <summary>Categories whose shops need a licence of their own.</summary>
    static readonly HashSet<string> s_licensed = ["clinic", "dentist", "hotel", "liquor", "pharmacy"];

    static readonly (ApplicationCheck Check, Func<ApplicationFacts, CheckResult> Run)[] s_all =
    [
        (ApplicationCheck.Complete, facts => Must(facts.Form.Faults().Count == 0)),
        (ApplicationCheck.MailConfirmed, facts => Must(facts.MailConfirmed)),
        (ApplicationCheck.CategoryAllowed, facts => !MerchantCategory.IsKnown(facts.Form.Category) ? CheckResult.Failed
            : Should(!s_licensed.Contains(facts.Form.Category))),
        (ApplicationCheck.BankKnown, facts => facts.Form.Account is not { } account ? CheckResult.Failed
            : Should(ZenginBanks.Branch(account.BankCode, account.BranchCode) is not null)),
        (ApplicationCheck.HolderInZengin, facts => Must(HolderOf(facts.Form) is not null)),
        (ApplicationCheck.HolderIsApplicant, facts => Should(IsApplicant(facts.Form))),
        (ApplicationCheck.NoMerchantYet, facts => facts.AccountOfMerchant ? CheckResult.Failed : Should(!facts.NameOfMerchant)),
        (ApplicationCheck.AppliedOnce, facts => facts.AccountAppliedAgain ? CheckResult.Failed
            : Should(!facts.AccountAppliedAfter)),
        (ApplicationCheck.PhotosThere, facts => Must(facts.Photos >= facts.Form.Stores.Count)),
    ];

    public static IReadOnlyList<(ApplicationCheck Check, CheckResult Result)> Of(ApplicationFacts facts) =>
        [.. s_all.Select(check => (check.Check, check.Run(facts)))];

    /// <summary>Whether nothing stands against accepting it.</summary>
    public static bool Pass(ApplicationFacts facts) => s_all.All(check => check.Run(facts) != CheckResult.Failed);

    /// <summary>The holder in the letters that a file of pay-outs has; null where it cannot be written so.</summary>
    internal static string? HolderOf(ApplicationForm form) =>
        ZenginKana.TryWrite(form.Holder, out var holder, out _) && holder.Length <= ZenginFile.MostHolder ? holder : null;

    internal static async Task<ApplicationFacts> Facts(DbConnection connection, MerchantApplication of, DbTransaction? tx = null)
    {
        var account = of.Form.Account;
        var values = new
        {
            of.Id,
            of.Form.Name,
            bank = account?.BankCode,
            branch = account?.BranchCode,
            kind = (short?)account?.Kind,
            number = account?.Number,
            review = ApplicationState.InReview,
            approved = ApplicationState.Approved,
        };
        const string others =
            """
            select 1
            from merchant_application
            where account_hash = (select account_hash from merchant_application where id = @Id) and id <> @Id
            """;
        return new ApplicationFacts(
            of.Form, of.MailConfirmedMs is not null, (await MerchantApplications.Photos(connection, of.Id, tx)).Count,
            await Is(
                """
                select 1
                from pay_out_account
                where bank = @bank and branch = @branch and kind = @kind and number = @number and state in (1, 2)
                limit 1
                """),
            await Is("select 1 from merchant where name = @Name limit 1"),
            await Is($"{others} and (state = @approved or state = @review and id < @Id) limit 1"),
            await Is($"{others} and state = @review and id > @Id limit 1"));

        async Task<bool> Is(string sql) => await connection.ExecuteScalarAsync<int?>(sql, values, tx) is not null;
    }

    static CheckResult Must(bool isSo) => isSo ? CheckResult.Passed : CheckResult.Failed;

    static CheckResult Should(bool isSo) => isSo ? CheckResult.Passed : CheckResult.Look;

    // A bank cuts a name off where its field ends, and only there: of a shorter one each letter counts.
    static bool IsApplicant(ApplicationForm form)
    {
        if (HolderOf(form) is not { } written || !ZenginKana.TryWrite(form.Kana, out var kana, out _))
            return false;
        var (holder, applicant) = (Bare(written), Bare(kana));
        return holder.Length > 0 && (holder == applicant
            || written.Length == ZenginFile.MostHolder && applicant.StartsWith(holder, StringComparison.Ordinal));
    }

    static string Bare(string written) => string.Concat(ZenginKana.WithoutForm(written).Where(c => c is not (' ' or '(' or ')')));
}
