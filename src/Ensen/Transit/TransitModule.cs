using Dapper;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Transit;

/// <summary>Transit cards that members link, their rides, and the points that rides bring.</summary>
public static class TransitModule
{
    static readonly EntryKind s_ridePoints = new(40, "RidePoints", EntryId.Prefix, "train");
    static readonly AccountType s_clearing = new(38, "TransitClearing", Unit.Yen);
    static readonly EntryKind s_charge = new(41, "TransitCharge", EntryId.Prefix, "train");
    static readonly EntryKind s_return = new(42, "TransitReturn", EntryId.Prefix, "refund");
    static readonly SingleUseKind s_returned = new(34, "TransitChargeReturned", "the giving back of {0}", TransitChargeId.Prefix);
    static readonly SingleUseKind s_posted = new(33, "RidePointsPosted", "points for rides of {0}", TransitCardId.Prefix);

    extension(AccountType)
    {
        /// <summary>What the transit company is owed for points that were put on cards.</summary>
        public static AccountType TransitClearing => s_clearing;
    }

    extension(EntryKind)
    {
        /// <summary>Points left their lots for a transit card.</summary>
        public static EntryKind TransitCharge => s_charge;

        /// <summary>The card did not get them, and they are back; it names the entry that took them.</summary>
        public static EntryKind TransitReturn => s_return;

        /// <summary>Points for a card's rides of a month.</summary>
        public static EntryKind RidePoints => s_ridePoints;
    }

    extension(SingleUseKind)
    {
        /// <summary>Points that a card did not get went back. Subject: the charge.</summary>
        public static SingleUseKind TransitChargeReturned => s_returned;

        /// <summary>The n-th posting for the rides of a card's month. Subject: the link; number: month and n.</summary>
        public static SingleUseKind RidePointsPosted => s_posted;
    }

    /// <summary>A linked card keeps its member from leaving: the programme's points would go on coming to nobody.</summary>
    public static LeavingObstacle CardLinked { get; } = new("transit_card_linked", "/transit",
        async (connection, tx, member, _) => await connection.ExecuteScalarAsync<long>(
            "select count(*) from transit_card_claim where member = @member", new { member }, tx) > 0);

    /// <summary>Points are on their way to a card.</summary>
    public static LeavingObstacle ChargePending { get; } = new("transit_charge_pending", "/transit",
        async (connection, tx, member, _) => await connection.ExecuteScalarAsync<long>(
            "select count(*) from transit_charge where member = @member and state = 1", new { member }, tx) > 0);

    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    public static Module Module { get; } = new("Transit")
    {
        Declares =
        [
            Schema.Of(typeof(TransitModule)),
            IdPrefix.Of<TransitCardId>(), IdPrefix.Of<RideFeedId>(), IdPrefix.Of<TransitChargeId>(),
            PersonalTable.Exported("transit_card", "transitCards", "member = @member order by linked_ms desc")
                .Id<TransitCardId>("id", "transitCardId").Text("last_four").Word("form", n => ((TransitCardForm)n).ToString())
                .Moment("linked_ms").Moment("removed_ms").Flag("lapsed")
                .Without("member", "card", "token", "counts_from_ms", "look_ms")
                .Blanked("token = '', last_four = ''", "from when on the rides of a card count for whoever links it next"),
            PersonalTable.NotExported("transit_card_claim", "that a card is linked once: its hash under a key of the installation")
                .Erased("member = @member"),
            PersonalTable.Exported("ride", "rides",
                    "month in (select m.month from ride_month m) and card in (select t.card from transit_card t where t.member = @member) "
                    + "and exists (select 1 from transit_card t where t.member = @member and t.card = ride.card "
                    + "and coalesce(ride.in_ms, ride.out_ms) >= t.counts_from_ms "
                    + "and (t.removed_ms is null or coalesce(ride.in_ms, ride.out_ms) < t.removed_ms)) order by month desc")
                .Number("day").Text("from_station").Text("to_station").Number("fare").Moment("in_ms").Moment("out_ms")
                .Without("month", "card", "id", "feed", "line")
                .Kept("a ride of a card without a name: as long as its points can be asked about"),
            PersonalTable.Exported("ride_points", "ridePoints", "member = @member order by entry_id desc")
                .Id<EntryId>("entry_id", "entryId").Id<TransitCardId>("transit_card", "transitCardId").Number("month").Number("points")
                .Moment("at_ms").Without("member", "card", "number").Kept(Sealed),
            PersonalTable.Exported("transit_charge", "transitCharges", "member = @member order by at_ms desc")
                .Id<TransitChargeId>("id", "transitChargeId").Id<TransitCardId>("transit_card", "transitCardId").Number("points")
                .Word("state", n => ((TransitChargeState)n).ToString()).Text("reason").Moment("at_ms").Moment("ended_ms")
                .Without("member", "token", "entry_id", "returned_id").Kept(Sealed),
            PersonalTable.Exported("ride_consent", "rideConsent", "member = @member").Moment("given_ms").Without("member").Erased(),
            ChargeTransitCard.Purpose,
            CardLinked, ChargePending,
            s_clearing,
            s_ridePoints, s_charge, s_return,
            s_posted, s_returned,
            new OutboxWork(TransitChargeWork.Kind, services => services.GetRequiredService<TransitChargeWork>().Start()),
            TransitCharges.DetailCheck,
            .. TransitCharges.Checks,
            RidePointsRow.Check,
            .. TransitChecks.All,
            Job.Of<PostRidePoints>(PostRidePoints.JobName, "rides bring points", TimeSpan.FromMinutes(10), TimeSpan.FromHours(2),
                (post, ct) => post.Run(ct)),
            Job.Of<LapseTransitCards>("transit cards", "registrations of cards that nobody uses lapse", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (lapse, ct) => lapse.Run(ct)),
        ],
        Services = services => services
            .AddInstallationKey(CardKeys.Name, CardKeys.KeyBytes, key => new CardKeys(key))
            .AddSingleton<LinkTransitCard>()
            .AddSingleton(TransitCards.Links)
            .AddSingleton<LinkCard<TransitCard, TransitCardId>>()
            .AddSingleton<UnlinkCard<TransitCard, TransitCardId>>()
            .AddSingleton<OwnTransitCards>()
            .AddSingleton<ChargeTransitCard>()
            .AddSingleton<TransitChargeWork>()
            .AddSingleton<RideConsent>()
            .AddSingleton<ReadRides>()
            .AddSingleton<RideFeeds>()
            .AddSingleton<OwnRides>()
            .AddSingleton<PostRidePoints>()
            .AddSingleton<LapseTransitCards>(),
    };
}
