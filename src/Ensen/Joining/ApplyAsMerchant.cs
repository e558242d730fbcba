using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>A shop wants to join. <paramref name="From"/>: the address it comes from, by which floods are counted.</summary>
public sealed record ApplyAsMerchantRequest(ApplicationForm Form, string Language, string From);

/// <summary>The application waits for its mailbox: the link of the mail carries it on.</summary>
public sealed record AppliedAsMerchant(MerchantApplicationId Id);

/// <summary>Why nothing is kept; the names are the contract's codes.</summary>
public enum ApplyAsMerchantRefusal
{
    None = 0,

    /// <summary>Fields are missing or cannot be read (<see cref="ApplicationForm.Faults"/> names them).</summary>
    InvalidRequest = 1,

    /// <summary>No mail is set up here, and without its link nothing goes on.</summary>
    NotAvailable = 2,

    /// <summary>Too many from this address, to this mailbox, or in all.</summary>
    TooManyRequests = 3,
}

/// <summary>
/// Keeps what a shop typed and mails the link by which it goes on. Nobody of the staff sees it before the mailbox is shown, so that a flood
/// of forms is a flood of nothing. The same form sent twice is one application.
/// </summary>
public sealed class ApplyAsMerchant(
    Database db, MerchantApplications applications, BankNumberHash numbers, AttemptLimiter tries, Outbox outbox, TimeProvider clock)
{
    public static TimeSpan ComeAgain { get; } = TimeSpan.FromHours(1);

    /// <summary>The same form so soon again is the same press; later it asks for the mail again.</summary>
    internal static TimeSpan PressedTwice { get; } = TimeSpan.FromMinutes(1);

    static readonly AttemptLimit s_ofAddress = new(20, TimeSpan.FromHours(1));
    static readonly AttemptLimit s_ofMailbox = new(3, TimeSpan.FromDays(1));
    static readonly AttemptLimit s_inAll = new(300, TimeSpan.FromHours(1));

    public async Task<Answer<AppliedAsMerchant, ApplyAsMerchantRefusal>> Run(
        ApplyAsMerchantRequest request, CancellationToken ct = default)
    {
        if (Decide(request) is not ApplyAsMerchantRefusal.None and var refusal) return refusal;
        if (!outbox.Takes(Notice.Kind)) return ApplyAsMerchantRefusal.NotAvailable;
        var form = Kept(request.Form);
        if (!await tries.Count("merchant-application", request.From, s_ofAddress, ct)
            || !await tries.Count("merchant-application-mailbox", EmailAddress.Mailbox(form.Email.ToLowerInvariant()), s_ofMailbox, ct)
            || !await tries.Count("merchant-application-all", "", s_inAll, ct))
            return ApplyAsMerchantRefusal.TooManyRequests;

        var now = clock.Now();
        var language = Languages.Nearest(request.Language).Tag;
        var account = numbers.Of(form.Account!);
        var applied = await db.Transact(async tx =>
        {
            await MerchantApplications.Turn(tx);
            if (await applications.Same(tx, form, account) is { } same)
            {
                if (Instant.OfMilliseconds(same.ChangedMs) + PressedTwice <= now)
                    await MailAgain(tx, same.Id, form, language, now);
                return same.Id;
            }
            var id = Id.New<MerchantApplicationId>(now);
            await tx.Connection!.ExecuteAsync(
                """
                insert into merchant_application (id, state, version, details, language, account_hash, begun_ms, changed_ms)
                values (@id, @state, 1, @details, @language, @account, @at, @at)
                """,
                new
                {
                    id,
                    state = ApplicationState.Applied,
                    details = applications.Kept(form),
                    language,
                    account,
                    at = now.ToUnixTimeMilliseconds(),
                }, tx);
            await ApplicantLink.Mail(tx, outbox, NoticeKind.ShopApplied, id, form, language, now);
            return id;
        }, ct);
        outbox.Wake();
        return new AppliedAsMerchant(applied);
    }

    async Task MailAgain(DbTransaction tx, MerchantApplicationId id, ApplicationForm form, string language, DateTimeOffset now)
    {
        await tx.Connection!.ExecuteAsync("update merchant_application set changed_ms = @at where id = @id",
            new { id, at = now.ToUnixTimeMilliseconds() }, tx);
        await ApplicantLink.Mail(tx, outbox, NoticeKind.ShopApplied, id, form, language, now);
    }

    internal static ApplyAsMerchantRefusal Decide(ApplyAsMerchantRequest request) =>
        request.Form.Faults().Count > 0 ? ApplyAsMerchantRefusal.InvalidRequest : ApplyAsMerchantRefusal.None;

    /// <summary>As it is kept: mailbox, telephone and numbers in one form each.</summary>
    internal static ApplicationForm Kept(ApplicationForm form) => form with
    {
        Name = form.Name.Trim(),
        Representative = form.Representative.Trim(),
        Email = EmailAddress.TryParse(form.Email, out var email, out _) ? email : form.Email,
        Telephone = TelephoneNumber.TryParse(form.Telephone, out var telephone) ? telephone : form.Telephone,
        BankCode = form.Account!.BankCode,
        BranchCode = form.Account.BranchCode,
        AccountNumber = form.Account.Number,
        CorporateNumber = form.Kind == ApplicantKind.Company ? CorporateNumber.Read(form.CorporateNumber)! : "",
        Stores = [.. form.Stores.Select(store => store with { PostalCode = OpenStore.PostalDigits(store.PostalCode) })],
    };
}
