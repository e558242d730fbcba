using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Points;

/// <summary>Points: what earns them, in which lots they lie, and how they lapse.</summary>
public static class PointsModule
{
    static readonly AccountType s_points = new(3, "Points", Unit.Point) { IsGuarded = true };
    static readonly AccountType s_campaign = new(4, "CampaignPoints", Unit.Point) { IsGuarded = true };
    static readonly AccountType s_chargeOnly = new(5, "ChargeOnlyPoints", Unit.Point) { IsGuarded = true };
    static readonly AccountType s_pending = new(6, "PendingPoints", Unit.Point) { IsGuarded = true };
    static readonly AccountType s_liability = new(30, "PointLiability", Unit.Point);
    static readonly AccountType s_funding = new(31, "PointFunding", Unit.Yen);
    static readonly AccountType s_breakage = new(32, "Breakage", Unit.Point);
    static readonly EntryKind s_expiry = new(5, "Expiry", EntryId.Prefix, "clock");

    extension(AccountType)
    {
        /// <summary>A member's basic points; each term is a lot that lapses on that day.</summary>
        public static AccountType Points => s_points;

        /// <summary>A member's points from campaigns; each term is a lot: its last day, and what it can be spent on.</summary>
        public static AccountType CampaignPoints => s_campaign;

        /// <summary>A member's points that never lapse and only charge a transit card.</summary>
        public static AccountType ChargeOnlyPoints => s_chargeOnly;

        /// <summary>
        /// A member's points that cannot be spent yet; each term is the day from which they can. They are no lot before that.
        /// </summary>
        public static AccountType PendingPoints => s_pending;

        /// <summary>The other side of all points that were given and not spent: minus what members hold and what lapsed.</summary>
        public static AccountType PointLiability => s_liability;

        /// <summary>What points cost the programme in yen when they pay for something.</summary>
        public static AccountType PointFunding => s_funding;

        /// <summary>Points that lapsed unspent.</summary>
        public static AccountType Breakage => s_breakage;
    }

    extension(EntryKind)
    {
        /// <summary>A lot of points lapsed.</summary>
        public static EntryKind Expiry => s_expiry;
    }

    /// <summary>Points that were given and not spent yet: what the programme owes.</summary>
    public static IReadOnlyList<AccountType> Given { get; } = [s_points, s_campaign, s_chargeOnly];

    public static Module Module { get; } = new("Points")
    {
        Declares =
        [
            Schema.Of(typeof(PointsModule)),
            s_points, s_campaign, s_chargeOnly, s_pending, s_liability, s_funding, s_breakage,
            s_expiry,
            PersonalTable.NotExported("lapse_told", "that a mail told of points that lapse; the mails stand among the notices")
                .Erased("member = @member"),
            Job.Of<LapseNotices>("lapse notices", "members are told by mail before points lapse", TimeSpan.FromHours(1),
                TimeSpan.FromHours(1), (notices, ct) => notices.Run(ct)),
            .. PointChecks.All,
        ],
        Services = services => services
            .AddSingleton<PointUses>()
            .AddSingleton<PointsHeld>()
            .AddSingleton<PointsReport>()
            .AddSingleton<LapseNotices>()
            .AddSingleton<Expire>(),
    };
}
