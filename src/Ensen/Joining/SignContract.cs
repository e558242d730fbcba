using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>The applicant accepts the terms. <paramref name="Terms"/>: the version that was read.</summary>
public sealed record SignContractRequest(string Token, string Terms);

/// <summary>A shop has joined. The invitation's token is shown once, and is in the mail.</summary>
public sealed record JoinedAsMerchant(MerchantId Merchant, IReadOnlyList<OpenedStore> Stores, ShopInvitation Owner);

/// <summary>Why nothing comes of it; the names are the contract's codes.</summary>
public enum SignContractRefusal
{
    None = 0,

    /// <summary>The link was replaced by that of a newer mail, has lapsed, or is none.</summary>
    NotFound = 1,

    /// <summary>Nothing waits for the applicant's word: it is still decided about, was refused, or the shop has joined already.</summary>
    AlreadyDecided = 2,

    /// <summary>Other terms are in force than those that were read.</summary>
    InvalidRequest = 3,

    /// <summary>A merchant is paid to the account by now.</summary>
    AlreadyRegistered = 4,
}

/// <summary>
/// With the applicant's word a merchant comes into being, in one transaction and once: its stores with tag and till, the account to which
/// it is paid (put in force by the two persons who accepted it), and the owner's invitation.
/// </summary>
public sealed class SignContract(
    Database db, MerchantApplications applications, InviteToShop invite, Outbox outbox, TimeProvider clock)
{
    /// <summary>The version of the terms in force; its text is the page's.</summary>
    public const string Terms = "2026-11";

    public async Task<Answer<JoinedAsMerchant, SignContractRefusal>> Run(SignContractRequest request, CancellationToken ct = default)
    {
        var now = clock.Now();
        var found = await applications.Of(request.Token, now, ct);
        if (Decide(request, found) is not SignContractRefusal.None and var refusal) return refusal;
        var merchant = Id.New<MerchantId>(now);
        var joined = await db.Transact<Answer<JoinedAsMerchant, SignContractRefusal>>(async tx =>
        {
            await MerchantApplications.Turn(tx);
            if ((await ApplicationChecks.Facts(tx.Connection!, found!, tx)).AccountOfMerchant)
                return await IsSigned(tx, found!.Id) ? SignContractRefusal.AlreadyDecided : SignContractRefusal.AlreadyRegistered;
            if (!await Sign(tx, found!, merchant, now)) return SignContractRefusal.AlreadyDecided;
            return await Open(tx, found!, merchant, now);
        }, ct);
        if (!joined.Accepted) return joined.Refusal;
        outbox.Wake();
        return joined;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static SignContractRefusal Decide(SignContractRequest request, MerchantApplication? found)
    {
        if (found is null) return SignContractRefusal.NotFound;
        if (found.State != ApplicationState.Approved) return SignContractRefusal.AlreadyDecided;
        return request.Terms == Terms ? SignContractRefusal.None : SignContractRefusal.InvalidRequest;
    }

    // The row is taken before anything else is written: whoever comes second finds it joined, and has written nothing.
    static async Task<bool> Sign(DbTransaction tx, MerchantApplication found, MerchantId merchant, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            """
            update merchant_application
            set state = @joined, merchant = @merchant, terms = @Terms, signed_ms = @at, changed_ms = @at
            where id = @Id and state = @approved
            """,
            new
            {
                found.Id,
                merchant,
                Terms,
                joined = ApplicationState.Joined,
                approved = ApplicationState.Approved,
                at = now.ToUnixTimeMilliseconds(),
            }, tx) == 1;

    static async Task<bool> IsSigned(DbTransaction tx, MerchantApplicationId id) =>
        await tx.Connection!.ExecuteScalarAsync<ApplicationState>(
            "select state from merchant_application where id = @id", new { id }, tx) == ApplicationState.Joined;

    async Task<JoinedAsMerchant> Open(DbTransaction tx, MerchantApplication found, MerchantId merchant, DateTimeOffset now)
    {
        await OpenStore.WriteMerchant(tx, merchant, found.Form.Name, now);
        var stores = new List<OpenedStore>();
        foreach (var store in found.Form.Stores)
            stores.Add(await OpenStore.Write(tx, found.Form.Opening(store, merchant), now));
        await PutAccountInForce(tx, found, merchant, now);
        var owner = await invite.Write(tx, new InviteToShopRequest(
            new ActingShop(merchant, null), found.Form.Representative, ShopRole.Owner, []), now);
        await ApplicantLink.Notice(NoticeKind.ShopJoined, found.Form, found.Language, owner.Token)
            .AddUnrecorded(outbox, tx, Id.New(now));
        return new JoinedAsMerchant(merchant, stores, owner);
    }

    static async Task PutAccountInForce(DbTransaction tx, MerchantApplication found, MerchantId merchant, DateTimeOffset now)
    {
        var number = found.Form.Account!;
        var accepted = found.Opinions.Where(o => o.Accepts).ToList();
        var account = new PayOutAccount(Id.New<PayOutAccountId>(now), merchant, found.Form.Name, number.BankCode, number.BranchCode,
            (short)number.Kind, number.Number, ApplicationChecks.HolderOf(found.Form)!, (short)PayOutAccountState.Proposed, accepted[0].By,
            found.Id.ToString(), now.ToUnixTimeMilliseconds());
        await PayOutAccounts.Propose(tx, account, null);
        await PayOutAccounts.Decide(tx, account.Id, merchant, PayOutAccountState.InForce, accepted[1].By, now);
    }
}
