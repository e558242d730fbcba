using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Banking;

/// <summary>What a member typed of their bank account.</summary>
public sealed record TypedBankAccount(string? BankCode, string? BranchCode, string? Kind, string? Number, string? HolderKana)
{
    public BankAccountNumber? Read() => BankAccountNumber.Read(BankCode, BranchCode, Kind, Number);
}

/// <summary>A member who wants to link a bank account.</summary>
/// <param name="Device">The device on which they ask.</param>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Key">Under it this is done once.</param>
public sealed record LinkBankAccountRequest(
    MemberId Member, TypedBankAccount Account, StepUpProof Proof, string Device, string From, IdempotencyKey Key);

/// <summary>Why no account is linked, in the order it is checked; the names are the contract's codes.</summary>
public enum LinkBankAccountRefusal
{
    None = 0,

    /// <summary>Codes, kind or number are none.</summary>
    InvalidAccount = 1,

    /// <summary>The holder's name is no name in kana.</summary>
    InvalidKana = 2,

    /// <summary>Who the member is has to be verified first.</summary>
    NotVerified = 3,

    /// <summary>No bank is set up here.</summary>
    NotAvailable = 4,

    /// <summary>The member has to prove who they are.</summary>
    StepUpRequired = 5,

    /// <summary>Too many tries: by the member, at the account, from there, or by all.</summary>
    TooManyRequests = 6,

    /// <summary>The holder is not whom the member is verified as.</summary>
    HolderMismatch = 7,

    /// <summary>
    /// The bank says no. Whether there is no such account or another holder, it is told the same: nobody learns from us whose accounts
    /// there are.
    /// </summary>
    AccountRefused = 8,

    /// <summary>The bank gave no answer.</summary>
    TryAgain = 9,

    /// <summary>It is linked to somebody else's wallet, who is told.</summary>
    AlreadyLinked = 10,

    /// <summary>The member has as many as a member may have.</summary>
    OverLimit = 11,
    KeyReused = 12,
}

/// <summary>
/// Links a bank account to a member who is verified and has proven who they are: its holder is that member by the name in kana, the bank
/// says so too, and the account is nobody else's here. Tries are counted before anything is looked at.
/// </summary>
public sealed class LinkBankAccount(
    Database db, StepUp stepUp, AttemptLimiter tries, VerifiedIdentity identity, BankNumberHash numbers, MemberDirectory members,
    Outbox outbox, ExternalGateways outside, Programme programme, TimeProvider clock)
{
    const string ByMember = "bank-link-member";
    const string ByAccount = "bank-link-account";
    const string ByAddress = "bank-link-address";
    const string ByAll = "bank-link-all";
    const string Told = "bank-link-told";

    static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>What a challenge says that is to link a bank account.</summary>
    public static StepUpPurpose Purpose { get; } = new("bank", lasts: true);

    /// <summary>How long whoever has tried too often should wait.</summary>
    public Task<TimeSpan> ComeAgain(MemberId member, CancellationToken ct = default) =>
        tries.UntilFresh(ByMember, Id.Bare(member), new AttemptLimit(programme.Identity.LinkTriesPerMember, s_day), ct);

    public async Task<Answer<BankAccount, LinkBankAccountRefusal>> Run(LinkBankAccountRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        var kana = await identity.KanaOf(request.Member, ct);
        var isVerified = kana is not null && await members.Find(request.Member, ct) is { Verified: true };
        var isProven = await stepUp.Stands(request.Proof, Purpose, ct);
        if (Decide(request.Account, isVerified, outside.Has(Gateway.Bank), isProven) is not LinkBankAccountRefusal.None and var refusal)
            return refusal;
        var number = request.Account.Read()!;
        var hash = numbers.Of(number);
        if (!await MayTry(request, hash, ct))
            return LinkBankAccountRefusal.TooManyRequests;
        // Papers without a reading of the name are the sandbox's alone: no verification that somebody begins is without one.
        if (kana is not "" && !KanaName.AreSame(kana, request.Account.HolderKana)
            || !KanaName.TryParse(request.Account.HolderKana, out var holder))
            return LinkBankAccountRefusal.HolderMismatch;

        var now = clock.Now();
        var id = Id.New<BankAccountId>(now);
        var reply = await outside.Bank.Link(
            new BankLinkOrder(id, number.BankCode, number.BranchCode, BankAccountNumber.NameOf(number.Kind), number.Number, holder), ct);
        if (reply.Reply.Kind == ReplyKind.Refused)
            return LinkBankAccountRefusal.AccountRefused;
        if (reply is not { Reply.Kind: ReplyKind.Accepted, Account: { } confirmed })
            return LinkBankAccountRefusal.TryAgain;
        var account = new BankAccount(
            id, request.Member, confirmed.Token, confirmed.BankName, number.LastFour, now.ToUnixTimeMilliseconds());
        return await Keep(request, account, hash, ct);
    }

    /// <summary>The checks before anybody outside is asked, in the order of the refusals.</summary>
    internal static LinkBankAccountRefusal Decide(TypedBankAccount account, bool isVerified, bool isSetUp, bool isProven)
    {
        if (account.Read() is null) return LinkBankAccountRefusal.InvalidAccount;
        if (!KanaName.TryParse(account.HolderKana, out _)) return LinkBankAccountRefusal.InvalidKana;
        if (!isVerified) return LinkBankAccountRefusal.NotVerified;
        if (!isSetUp) return LinkBankAccountRefusal.NotAvailable;
        return isProven ? LinkBankAccountRefusal.None : LinkBankAccountRefusal.StepUpRequired;
    }

    /// <summary>
    /// Counts the try everywhere, also where another count says no: many names at one account, many accounts from one place and many
    /// members of one person come to an end alike.
    /// </summary>
    async Task<bool> MayTry(LinkBankAccountRequest request, byte[] hash, CancellationToken ct)
    {
        var rules = programme.Identity;
        var may = await tries.Count(ByMember, Id.Bare(request.Member), new AttemptLimit(rules.LinkTriesPerMember, s_day), ct);
        may &= await tries.Count(ByAccount, Convert.ToHexString(hash), new AttemptLimit(rules.LinkTriesPerAccount, s_day), ct);
        may &= await tries.Count(ByAddress, request.From, new AttemptLimit(rules.LinkTriesPerAddress, s_day), ct);
        may &= await tries.Count(ByAll, "", new AttemptLimit(rules.LinkTriesInAll, s_day), ct);
        return may;
    }

    async Task<Answer<BankAccount, LinkBankAccountRefusal>> Keep(
        LinkBankAccountRequest request, BankAccount account, byte[] hash, CancellationToken ct)
    {
        BankAccount? there = null;
        var refusal = await db.Transact(async tx =>
        {
            // Held until the end: a re-check that is due and another account of the same member come before or after.
            if (await tx.Connection!.ExecuteAsync(
                "update member set verified = verified where id = @Member and verified = @yes", new { request.Member, yes = true }, tx) == 0)
                return LinkBankAccountRefusal.NotVerified;
            if (!await stepUp.Take(tx, request.Proof, Purpose))
                return LinkBankAccountRefusal.StepUpRequired;
            if (!await BankAccounts.Claim(tx, hash, account.Id, request.Member))
            {
                there = await BankAccounts.ClaimedBy(tx.Connection!, hash, tx) is { } claimed
                    ? await BankAccounts.Find(tx.Connection!, claimed, tx) : null;
                if (there?.Member != request.Member)
                    return LinkBankAccountRefusal.AlreadyLinked;
                account = there!;
            }
            else if ((await BankAccounts.Of(tx.Connection!, request.Member, tx)).Count >= programme.Identity.MostBankAccounts)
                return await Release(tx, account.Id);
            if (!await IdempotencyKeys.Take(tx, request.Key, clock.GetUtcNow()))
                return there is null ? await Release(tx, account.Id, LinkBankAccountRefusal.KeyReused) : LinkBankAccountRefusal.KeyReused;
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, account.Id.ToString());
            if (there is not null)
                return LinkBankAccountRefusal.None;
            await BankAccounts.Insert(tx, account);
            await Tell(tx, request.Member, NoticeKind.BankLinked, account);
            return LinkBankAccountRefusal.None;
        }, ct);
        if (refusal == LinkBankAccountRefusal.AlreadyLinked && there is not null)
            await TellOwner(there, hash, ct);
        outbox.Wake();
        if (refusal == LinkBankAccountRefusal.KeyReused)
            return await Stored(request, ct) ?? refusal;
        return refusal == LinkBankAccountRefusal.None ? account : refusal;
    }

    static async Task<LinkBankAccountRefusal> Release(
        DbTransaction tx, BankAccountId id, LinkBankAccountRefusal refusal = LinkBankAccountRefusal.OverLimit)
    {
        await tx.Connection!.ExecuteAsync("delete from bank_account_claim where bank_account = @id", new { id }, tx);
        return refusal;
    }

    /// <summary>Once a day: whoever tries often does not fill a mailbox.</summary>
    async Task TellOwner(BankAccount account, byte[] hash, CancellationToken ct)
    {
        if (await tries.Count(Told, Convert.ToHexString(hash), new AttemptLimit(1, s_day), ct))
            await db.Transact(tx => Tell(tx, account.Member, NoticeKind.BankTried, account), ct);
    }

    async Task Tell(DbTransaction tx, MemberId id, NoticeKind what, BankAccount account)
    {
        var now = clock.Now();
        if (await MemberDirectory.Read(tx.Connection!, id, tx) is { } member && Notice.Of(what, member, at: now) is { } notice)
            await (notice with { Account = account.Told }).Add(outbox, tx, Id.New(now));
    }

    async Task<Answer<BankAccount, LinkBankAccountRefusal>?> Stored(LinkBankAccountRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        if (request.Key.IsSameRequest(found) && Id.TryParse(found.Answer, out BankAccountId id)
            && await BankAccounts.Find(connection, id) is { } account && account.Member == request.Member)
            return ((Answer<BankAccount, LinkBankAccountRefusal>)account).AsReplay();
        return LinkBankAccountRefusal.KeyReused;
    }
}
