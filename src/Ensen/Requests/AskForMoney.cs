using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Requests;

/// <summary>What one member is asked for.</summary>
public readonly record struct Share(MemberId From, Yen Amount);

/// <summary>
/// A member asks one other, or splits a bill among several. <paramref name="Total"/>: the whole bill, of which <paramref name="Own"/> is
/// the asker's own share; null where nothing is split.
/// </summary>
public sealed record AskForMoneyRequest(MemberId Asker, IReadOnlyList<Share> Shares, Yen? Total, Yen Own, string? Note, IdempotencyKey Key);

/// <summary>What was asked: a request a share, and the split where it is one.</summary>
public sealed record MoneyAsked(SplitId? Split, IReadOnlyList<MoneyRequest> Requests);

/// <summary>Why nothing was asked; the names are the contract's codes.</summary>
public enum AskForMoneyRefusal
{
    None = 0,

    /// <summary>A share that is none, or more than can be sent at once.</summary>
    InvalidAmount = 1,

    /// <summary>A note that cannot be kept; nobody is asked, too many are, or one of them twice, or the asker.</summary>
    InvalidRequest = 2,

    /// <summary>The shares and the asker's own are not the bill.</summary>
    SplitMismatch = 3,
    KeyReused = 4,

    /// <summary>The asker's identity is not verified, so nothing can be sent to them.</summary>
    NotVerified = 5,

    /// <summary>Somebody who is asked is no member, or cannot send anything.</summary>
    NotFound = 6,

    /// <summary>So many were asked today already.</summary>
    TooManyRequests = 7,
}

/// <summary>
/// Asks for money: nothing moves, and nobody has to. All shares of a split are asked, or none. Each who is asked is told by mail, as far
/// as they have an address.
/// </summary>
public sealed class AskForMoney(
    Database db, MemberDirectory directory, AttemptLimiter tries, Outbox outbox, Programme programme, TimeProvider clock)
{
    public const int MostShares = 20;
    public const int LongestNote = 100;
    const string ByAsker = "ask-for-money";
    static readonly AttemptLimit s_perDay = new(50, TimeSpan.FromHours(24));

    public async Task<Answer<MoneyAsked, AskForMoneyRefusal>> Run(AskForMoneyRequest request, CancellationToken ct = default)
    {
        if (await Earlier(request.Asker, request.Key, request.Note, ct, [.. request.Shares.Select(s => s.Amount)]) is { } earlier)
            return earlier;
        if (Decide(request, programme) is not AskForMoneyRefusal.None and var refusal)
            return refusal;
        if (await directory.Find(request.Asker, ct) is not { HasLeft: false, Verified: true }) return AskForMoneyRefusal.NotVerified;
        var asked = new List<Member>();
        foreach (var share in request.Shares)
        {
            if (await directory.Find(share.From, ct) is not { HasLeft: false, Verified: true } member) return AskForMoneyRefusal.NotFound;
            asked.Add(member);
        }
        foreach (var _ in request.Shares)
            if (!await tries.Count(ByAsker, Id.Bare(request.Asker), s_perDay, ct))
                return AskForMoneyRefusal.TooManyRequests;
        var taken = await Keep(request, asked, ct);
        if (taken is null)
            return await Earlier(request.Asker, request.Key, request.Note, ct, [.. request.Shares.Select(s => s.Amount)])
                ?? AskForMoneyRefusal.KeyReused;
        foreach (var share in request.Shares)
            db.Notifications.Raise(Topics.OfMember(share.From));
        outbox.Wake();
        return taken;
    }

    /// <summary>The checks of what was asked alone, in the order of the refusals.</summary>
    internal static AskForMoneyRefusal Decide(AskForMoneyRequest request, Programme programme)
    {
        if (request.Shares.Any(s => !Movement.IsAmount(s.Amount.Value) || s.Amount.Value > programme.Transfers.PerTransfer)
            || request.Own < Yen.Zero || request.Own.Value > Movement.Most)
            return AskForMoneyRefusal.InvalidAmount;
        if (!NoteText.IsFine(request.Note, LongestNote) || request.Shares.Count is 0 or > MostShares
            || request.Shares.Any(s => s.From == request.Asker) || request.Shares.DistinctBy(s => s.From).Count() < request.Shares.Count)
            return AskForMoneyRefusal.InvalidRequest;
        return request.Total is { } total && request.Shares.Sum(s => s.Amount) + request.Own != total
            ? AskForMoneyRefusal.SplitMismatch : AskForMoneyRefusal.None;
    }

    /// <summary>Null when the key was used meanwhile.</summary>
    async Task<MoneyAsked?> Keep(AskForMoneyRequest request, IReadOnlyList<Member> asked, CancellationToken ct)
    {
        var now = clock.Now();
        var ms = now.ToUnixTimeMilliseconds();
        var split = request.Total is null ? (SplitId?)null : Id.New<SplitId>(now, request.Asker);
        IReadOnlyList<MoneyRequest> requests = [.. request.Shares.Select(share => new MoneyRequest(
            Id.New<MoneyRequestId>(now, request.Asker), request.Asker, share.From, share.Amount, request.Note, split, ms,
            MoneyRequestState.Open, null, null, null))];
        return await db.Transact(async tx =>
        {
            if (!await IdempotencyKeys.Take(tx, request.Key, now))
                return null;
            if (split is { } id)
                await tx.Connection!.ExecuteAsync(
                    """
                    insert into money_split (id, asker, total_yen, own_yen, shares, note, at_ms)
                    values (@id, @Asker, @total, @own, @shares, @Note, @ms)
                    """,
                    new
                    {
                        id,
                        request.Asker,
                        total = request.Total!.Value.Value,
                        own = request.Own.Value,
                        shares = requests.Count,
                        request.Note,
                        ms,
                    }, tx);
            foreach (var (one, member) in requests.Zip(asked))
            {
                await MoneyRequests.Insert(tx, one);
                if (Notice.Of(NoticeKind.MoneyAsked, member, at: now) is { } notice)
                    await notice.Add(outbox, tx, Id.New(now, member.Id));
            }
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, split?.ToString() ?? requests[0].Id.ToString());
            return new MoneyAsked(split, requests);
        }, ct);
    }

    /// <summary>
    /// What was answered under this key before; null when nothing was. To be asked before it is looked who is meant: they may have another
    /// address since, or have left, and what was asked of them has gone with them.
    /// </summary>
    /// <param name="amounts">Of the shares.</param>
    public async Task<Answer<MoneyAsked, AskForMoneyRefusal>?> Earlier(
        MemberId asker, IdempotencyKey key, string? note, CancellationToken ct = default, params IReadOnlyList<Yen> amounts)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, key) is not { } found)
            return null;
        if (!key.IsSameRequest(found))
            return AskForMoneyRefusal.KeyReused;
        if (Id.TryParse(found.Answer, out SplitId split) && await new MoneyRequests(db).FindSplit(asker, split, ct) is { } bill)
            return ((Answer<MoneyAsked, AskForMoneyRefusal>)new MoneyAsked(split, bill.Shares)).AsReplay();
        if (!Id.TryParse(found.Answer, out MoneyRequestId id))
            return AskForMoneyRefusal.KeyReused;
        var one = await MoneyRequests.Find(connection, id) ?? new MoneyRequest(id, asker, default, amounts[0], note, null,
            Id.TimeOf(id).ToUnixTimeMilliseconds(), MoneyRequestState.Withdrawn, null, null, null);
        return ((Answer<MoneyAsked, AskForMoneyRefusal>)new MoneyAsked(null, [one])).AsReplay();
    }
}
