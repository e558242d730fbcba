using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.CreditCards;

/// <summary>Why nothing was posted for a card.</summary>
public enum PostCreditCardPointsRefusal
{
    None = 0,

    /// <summary>Another node, an earlier run or another card of the member's was first.</summary>
    AlreadyPosted = 1,

    /// <summary>The member has left; points that came too late for that are nobody's.</summary>
    MemberLeft = 2,
}

/// <summary>
/// The difference of one card's month. Points that it brings make up first for what could not be taken back before; the rest is given as
/// basic points. Points that were given too many are taken from the lots they went to, then from whatever is good everywhere; what is not
/// there is owed, and nothing but later purchases by credit card makes up for it.
/// </summary>
/// <param name="owed">What is owed before this.</param>
/// <param name="given">When the month's points were given: the lots of those days are the first that are taken from.</param>
sealed class CreditCardPointsDraft(
    CreditCard link, int month, long number, PointAmount change, PointAmount owed, IReadOnlyList<DateTimeOffset> given, EntryId id,
    DateTimeOffset now) : Draft<CreditCardPointsPosted, PostCreditCardPointsRefusal>
{
    readonly SingleUse _once = CreditCardPointsRow.Once(link.Member, number);

    public CreditCard Link => link;

    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners { get; } = [link.Member];
    public override IReadOnlyList<SingleUse> SingleUses => [_once];
    public override bool IsPatient => true;
    public override JsonTypeInfo<CreditCardPointsPosted> Json => PurchaseJson.Default.CreditCardPointsPosted;
    public override PostCreditCardPointsRefusal Reused(IdempotencyKey key) => PostCreditCardPointsRefusal.AlreadyPosted;

    public override Decision<CreditCardPointsPosted, PostCreditCardPointsRefusal> Decide(AccountState state)
    {
        if (state.Happened(_once)) return PostCreditCardPointsRefusal.AlreadyPosted;
        var member = state.Of(link.Member);
        if (member.HasLeft) return PostCreditCardPointsRefusal.MemberLeft;

        // From here nothing may fail.
        var (legs, points) = change > PointAmount.Zero ? Given() : TakenBack(member);
        if (points != PointAmount.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.PointLiability, -points));
        legs.Add(Leg.Of(Chart.Operator, AccountType.CreditCardClearing, -change.WorthInPayments));
        legs.Add(Leg.Of(Chart.Operator, AccountType.PointFunding, change.WorthInPayments));
        return new Decision<CreditCardPointsPosted, PostCreditCardPointsRefusal>(new CreditCardPointsPosted(1, points))
        {
            Entry = new Entry(id, change > PointAmount.Zero ? EntryKind.CreditCardPoints : EntryKind.CreditCardTakeBack, now,
                Initiator.Job(PostCreditCardPoints.JobName), legs),
            SingleUses = [_once],
            Details = [CreditCardPointsRow.Table.Row(new CreditCardPointsRow(id, link.Id, link.Card, link.Member, month, number, change,
                points, owed - change + points, now.ToUnixTimeMilliseconds()))],
            Topics = [Topics.OfMember(link.Member)],
        };
    }

    (List<Leg> Legs, PointAmount Points) Given()
    {
        var points = change - PointAmount.Min(owed, change);
        return (points == PointAmount.Zero ? [] : [Lot.Basic(Earn.LastDay(JapanDay.Of(now))).LegOf(link.Member, points)], points);
    }

    (List<Leg> Legs, PointAmount Points) TakenBack(OwnerState member)
    {
        var today = JapanDay.Of(now);
        var filled = given.Select(at => Lot.Basic(Earn.LastDay(JapanDay.Of(at)))).ToHashSet();
        var there = Lots.Of(member).Where(p => p.Lot.LivesOn(today) && p.Lot.Kind != LotKind.ChargeOnly && p.Lot.Uses == 0).ToList();
        List<LotPart> lots = [.. there.Where(p => filled.Contains(p.Lot)), .. there.Where(p => !filled.Contains(p.Lot))];
        var points = PointAmount.Min(-change, Lots.Total(lots));
        return ([.. Lots.Take(lots, points)!.Select(p => p.Lot.LegOf(link.Member, -p.Points))], -points);
    }
}
