using Ensen.Basics;
using Ensen.Cards;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>What a member loses by leaving, and what stands in the way.</summary>
/// <param name="Lots">Points of every kind, soonest to lapse first.</param>
/// <param name="Pending">Points that could be spent later.</param>
/// <param name="Cards">Point cards, which are lost with the account.</param>
/// <param name="Balance">What has to be spent or sent first.</param>
public sealed record LeavingAhead(
    IReadOnlyList<LotPart> Lots, PointAmount Pending, PointAmount? Goal, Yen Balance, IReadOnlyList<PointCard> Cards,
    IReadOnlyList<LeavingObstacle> Obstacles)
{
    public PointAmount Points => Ensen.Points.Lots.Total(Lots) + Pending;

    public bool MayLeave => Obstacles.Count == 0;
}

/// <summary>Reads what leaving would cost a member now. What counts is looked at again in the step in which they leave.</summary>
public sealed class Leaving(
    Database db, Balances balances, PointsHeld points, OwnPointCards cards, MemberDirectory members, RecordsKey records, TimeProvider clock)
{
    /// <summary>Money, prepaid value or both: they are spent or sent first.</summary>
    public static LeavingObstacle MoneyLeft { get; } = new("money_left", "/pay",
        async (connection, tx, member, _) => await Accounts.Sum(connection, member, WalletModule.Spendable, tx) != 0);

    /// <summary>A charge whose outcome is not known yet.</summary>
    public static LeavingObstacle ChargePending { get; } = new("charge_pending", "/history",
        async (connection, tx, member, _) => (await SpendingLimits.Find(connection, member, LimitKind.Arriving, tx)).DayUsed > 0);

    /// <summary>The wallet is frozen: by its member, who thaws it, or by somebody else, who has a question.</summary>
    public static LeavingObstacle Frozen { get; } = new("frozen", "/account",
        (connection, tx, member, now) => Restrictions.Holds(connection, member, RestrictionKind.Frozen, now, tx));

    /// <summary>The member is verified, and this installation has no key to which the record is sealed that the law wants.</summary>
    public static LeavingObstacle RecordsNotKept { get; } = new("records_not_kept", "", (_, _, _, _) => Task.FromResult(false));

    public async Task<LeavingAhead?> Of(MemberId id, CancellationToken ct = default)
    {
        if (await members.Find(id, ct) is not { HasLeft: false } member)
            return null;
        var now = clock.GetUtcNow();
        var wallet = await balances.Of(Payer.Of(member, now), ct);
        var obstacles = new List<LeavingObstacle>();
        await using var connection = await db.Connect(ct);
        foreach (var obstacle in db.Catalogue.All<LeavingObstacle>())
            if (await obstacle.Stands(connection, null, id, now))
                obstacles.Add(obstacle);
        if (member.Verified && !records.IsSetUp)
            obstacles.Add(RecordsNotKept);
        var held = await points.Of(id, ct);
        return new LeavingAhead(
            held.Lots, held.Pending.Sum(p => p.Points), member.Goal, wallet.Balance, await cards.Known(id, ct), obstacles);
    }
}
