using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

[StoredAs("booked")]
sealed record Booked(Guid EntryId);

enum BookingRefusal
{
    None = 0,
}

/// <summary>
/// What the bench needs to be in the books before it measures: posted as everything is, through the ledger, so that every check holds.
/// </summary>
sealed class Booking(Guid id, EntryKind kind, IReadOnlyList<Guid> owners, IReadOnlyList<Leg> legs) : Draft<Booked, BookingRefusal>
{
    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners => owners;
    public override IReadOnlyList<Guid> Pools { get; } = [.. legs.Where(l => l.AccountType.IsPool).Select(l => l.Owner)];
    public override JsonTypeInfo<Booked> Json => BookingJson.Default.Booked;
    public override BookingRefusal Reused(IdempotencyKey key) => BookingRefusal.None;

    public override Decision<Booked, BookingRefusal> Decide(AccountState state) => new(new Booked(id))
    {
        Entry = new Entry(id, kind, Basics.Id.TimeOf(id), Initiator.Job("bench"), legs),
    };

    /// <summary>Money for a member from the bank.</summary>
    public static Booking Money(Guid member, Yen amount) =>
        new(Basics.Id.New(TimeProvider.System), EntryKind.Charge, [member],
            [Leg.Of(member, AccountType.Money, amount), Leg.Of(Chart.Operator, AccountType.BankClearing, -amount)]);

    /// <summary>Points that a campaign may give.</summary>
    public static Booking Purse(Guid campaign, PointAmount points) =>
        new(Basics.Id.New(TimeProvider.System), EntryKind.CampaignOpened, [],
            [Leg.Of(campaign, AccountType.CampaignBudget, points), Leg.Of(Chart.Operator, AccountType.PointLiability, -points)]);

    /// <summary>One lot of points for each of many members, in one entry.</summary>
    public static Booking Lots(IReadOnlyList<Guid> members, Lot lot, PointAmount each) =>
        new(Basics.Id.New(TimeProvider.System), EntryKind.Charge, members,
            [
                .. members.Select(m => lot.LegOf(m, each)),
                Leg.Of(Chart.Operator, AccountType.PointLiability, new PointAmount(-each.Value * members.Count)),
            ]);

    /// <summary>Many lots for one member, in one entry.</summary>
    public static Booking Lots(Guid member, IReadOnlyList<LotPart> parts) =>
        new(Basics.Id.New(TimeProvider.System), EntryKind.Charge, [member],
            [
                .. parts.Select(p => p.Lot.LegOf(member, p.Points)),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -parts.Sum(p => p.Points)),
            ]);
}

[JsonSerializable(typeof(Booked))]
sealed partial class BookingJson : JsonSerializerContext;
