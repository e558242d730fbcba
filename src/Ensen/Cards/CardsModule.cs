using Ensen.Basics;
using Ensen.Centres;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Cards;

/// <summary>Point cards of other companies that members register, and the points that they bring along.</summary>
public static class CardsModule
{
    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    static readonly AccountType s_clearing = new(37, "IssuerClearing", Unit.Yen);
    static readonly EntryKind s_migration = new(38, "CardMigration", EntryId.Prefix, "cards");
    static readonly SingleUseKind s_migrated = new(30, "CardMigrated", "the migration of {0}", PointCardId.Prefix);
    static readonly AccountType[] s_lots = [.. Lots.Types];

    extension(AccountType)
    {
        /// <summary>What issuers of point cards owe us for points that their cards brought along.</summary>
        public static AccountType IssuerClearing => s_clearing;
    }

    extension(EntryKind)
    {
        public static EntryKind CardMigration => s_migration;
    }

    extension(SingleUseKind)
    {
        /// <summary>A card's own points were taken over. Subject: the card.</summary>
        public static SingleUseKind CardMigrated => s_migrated;
    }

    public static Module Module { get; } = new("Cards")
    {
        Declares =
        [
            Schema.Of(typeof(CardsModule)),
            PersonalTable.Exported("point_card", "pointCards", "member_id = @member order by id desc")
                .Id<PointCardId>("id", "cardId").Text("issuer").Text("last_four").Word("state", n => ((PointCardState)n).ToString())
                .Moment("registered_ms").Moment("changed_ms").Moment("revocation_told_ms")
                .Without("member_id", "number_hash", "number_secret", "revocation").Erased(),
            PersonalTable.Exported("card_migration", "cardMigrations", "member_id = @member order by entry_id desc")
                .Id<EntryId>("entry_id").Id<PointCardId>("card_id").Text("issuer").Number("points").Moment("at_ms")
                .Without("member_id").Kept(Sealed),
            IdPrefix.Of<PointCardId>(), IdPrefix.Of<CardRevocationId>(),
            s_clearing, s_migration, s_migrated,
            new DetailCheck<CardMigrationRow>(CardMigrationRow.Table, EntryKind.CardMigration, r => r.EntryId, Differs),
            Job.Of<MigratePointCard>("card migrations", "issuers of point cards are asked again for what they have not said",
                TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), (migrate, ct) => migrate.CarryOn(ct)),
            Job.Of<RevokedCards>("revoked cards", "members are told that their point card was taken out of use, where a node died before",
                TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), (cards, ct) => cards.CarryOn(ct)),
        ],
        Services = services => services
            .AddInstallationKey(CardNumberKey.Name, CardNumberKey.KeyBytes, key => new CardNumberKey(key))
            .AddSingleton<IPointCardIssuers, NoPointCardIssuers>()
            .AddSingleton<CardNumbers>()
            .AddSingleton<IEarningNumbers>(p => p.GetRequiredService<CardNumbers>())
            .AddSingleton<RegisterPointCard>()
            .AddSingleton<OwnPointCards>()
            .AddSingleton<RevokedCards>()
            .AddSingleton<CardRevocations>()
            .AddSingleton<ProposeCardRevocation>()
            .AddSingleton<DecideCardRevocation>()
            .AddSingleton<MigratePointCard>(),
    };

    static string? Differs(CardMigrationRow row, WholeEntry entry) =>
        entry.Moved(row.MemberId, s_lots) == row.Points.Value
        && entry.Moved(Chart.Operator, AccountType.IssuerClearing) == -row.Points.WorthInPayments.Value
        && entry.SingleUses.Contains(MigratePointCard.MigratedOf(row.CardId))
            ? null
            : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points differs from its postings");
}
