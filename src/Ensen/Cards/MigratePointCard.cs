using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Cards;

/// <summary>
/// What became of taking a card's own points into the Ensen ID. <paramref name="Points"/>: null while its issuer has not said how many.
/// </summary>
[StoredAs("card-migrated")]
public sealed record CardMigrated(PointCardId CardId, PointAmount? Points);

/// <summary>Why a card's points are not taken over; the names are the contract's codes.</summary>
public enum MigratePointCardRefusal
{
    None = 0,
    NotFound = 1,

    /// <summary>The issuer says no.</summary>
    CardRefused = 2,
    MemberLeft = 3,
}

/// <summary>The points that a card brought, as they are kept.</summary>
public sealed record CardMigrationRow(EntryId EntryId, PointCardId CardId, MemberId MemberId, string Issuer, PointAmount Points, long AtMs)
{
    public static DetailTable<CardMigrationRow> Table { get; } = new DetailTable<CardMigrationRow>("card_migration")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("card_id", r => r.CardId)
        .Uuid("member_id", r => r.MemberId)
        .Text("issuer", r => r.Issuer)
        .Points("points", r => r.Points)
        .Bigint("at_ms", r => r.AtMs);
}

/// <summary>
/// Takes a card's own points into the Ensen ID, once. The issuer is asked to close the old balance under the card's id, which it does once
/// however often it is asked; what it says is booked once. Where it does not answer, or the node dies, the job asks again.
/// </summary>
public sealed class MigratePointCard(
    Database db, GeneralLedger ledger, IPointCardIssuers issuers, CardNumbers numbers, OwnPointCards own, TimeProvider clock)
{
    /// <summary>So many cards are asked for in one run; settable so that tests need not register as many.</summary>
    internal int MostAtOnce { get; set; } = 500;

    public async Task<Answer<CardMigrated, MigratePointCardRefusal>> Run(MemberId member, PointCardId id, CancellationToken ct = default)
    {
        PointCard? card;
        await using (var connection = await db.Connect(ct))
            card = await CardNumbers.Find(connection, member, id);
        if (card is null) return MigratePointCardRefusal.NotFound;
        if (card.State == PointCardState.Migrated)
            return ((Answer<CardMigrated, MigratePointCardRefusal>)new CardMigrated(id, await own.Brought(card, ct))).AsReplay();
        await Mark(card, PointCardState.InForce, PointCardState.Migrating, ct);
        var asked = await Ask(card, ct);
        if (asked.Refusal != MigratePointCardRefusal.CardRefused)
            return asked;
        // An issuer closes a card once: where it was registered by its earlier number as well, its points came with that.
        return await own.AfterOthers(member, id, ct) is { State: PointCardState.Migrated } known
            ? ((Answer<CardMigrated, MigratePointCardRefusal>)new CardMigrated(id, await own.Brought(known, ct))).AsReplay() : asked;
    }

    /// <summary>
    /// Asks again for the cards whose issuer has not said yet, those first that were not asked for the longest. Each goes to the end of the
    /// line before it is asked, so that cards whose issuer never answers keep none after them waiting, even if the run is cut short.
    /// </summary>
    public async Task CarryOn(CancellationToken ct = default)
    {
        List<PointCard> cards;
        await using (var connection = await db.Connect(ct))
            cards = (await connection.QueryAsync<PointCard>(
                """
                select id, member_id, issuer, number_secret, last_four, state
                from point_card
                where state = 2
                order by changed_ms, id
                limit @MostAtOnce
                """, new { MostAtOnce })).AsList();
        foreach (var card in cards)
        {
            await Mark(card, PointCardState.Migrating, PointCardState.Migrating, ct);
            await Ask(card, ct);
        }
    }

    async Task<Answer<CardMigrated, MigratePointCardRefusal>> Ask(PointCard card, CancellationToken ct)
    {
        var pending = new CardMigrated(card.Id, null);
        if (numbers.Read(card) is not { } number) return pending;
        var closed = await issuers.Close(card.Id, card.Issuer, number, ct);
        if (!closed.Reply.Known) return pending;
        if (closed.Reply.Kind == ReplyKind.Refused)
        {
            await Mark(card, PointCardState.Migrating, PointCardState.InForce, ct);
            return MigratePointCardRefusal.CardRefused;
        }
        var points = new PointAmount(closed.Points);
        if (points > PointAmount.Zero)
        {
            var now = clock.Now();
            var booked = await ledger.Post(new MigrationDraft(card, points, Id.New<EntryId>(now, card.MemberId), now), ct);
            if (!booked.Accepted) return booked;
        }
        await Mark(card, PointCardState.Migrating, PointCardState.Migrated, ct);
        return new CardMigrated(card.Id, points);
    }

    /// <summary>A card whose number was revoked meanwhile is that, once its points are here.</summary>
    Task Mark(PointCard card, PointCardState from, PointCardState to, CancellationToken ct) => db.Transact(
        tx => tx.Connection!.ExecuteAsync(
        """
        update point_card
        set state = case when revocation is not null and @to <> 2 then 5 else @to end, changed_ms = @now
        where id = @Id and state = @from
        """,
        new { card.Id, from = (short)from, to = (short)to, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);

    /// <summary>The decision: checks in the order of the refusals, then a line, then what is posted.</summary>
    internal static Decision<CardMigrated, MigratePointCardRefusal> Decide(
        PointCard card, PointAmount points, AccountState state, EntryId id, DateTimeOffset now)
    {
        var done = new CardMigrated(card.Id, points);

        if (state.Happened(MigratedOf(card.Id))) return new Decision<CardMigrated, MigratePointCardRefusal>(done);
        if (state.Of(card.MemberId).HasLeft) return MigratePointCardRefusal.MemberLeft;

        // From here nothing may fail.
        return new Decision<CardMigrated, MigratePointCardRefusal>(done)
        {
            Entry = new Entry(id, EntryKind.CardMigration, now, Initiator.Member(card.MemberId),
            [
                Leg.Of(Chart.Operator, AccountType.IssuerClearing, -points.WorthInPayments),
                Leg.Of(Chart.Operator, AccountType.PointFunding, points.WorthInPayments),
                Lot.Basic(Earn.LastDay(JapanDay.Of(now))).LegOf(card.MemberId, points),
                Leg.Of(Chart.Operator, AccountType.PointLiability, -points),
            ]),
            SingleUses = [MigratedOf(card.Id)],
            Details = [CardMigrationRow.Table.Row(new CardMigrationRow(
                id, card.Id, card.MemberId, card.Issuer, points, now.ToUnixTimeMilliseconds()))],
            Topics = [Topics.OfMember(card.MemberId)],
        };
    }

    internal static SingleUse MigratedOf(Guid card) => new(SingleUseKind.CardMigrated, card);

    sealed class MigrationDraft(PointCard card, PointAmount points, EntryId id, DateTimeOffset now)
        : Draft<CardMigrated, MigratePointCardRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [card.MemberId];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [MigratedOf(card.Id)];
        public override bool IsPatient => true;
        public override JsonTypeInfo<CardMigrated> Json => CardsJson.Default.CardMigrated;
        public override MigratePointCardRefusal Reused(IdempotencyKey key) => MigratePointCardRefusal.NotFound;

        public override Decision<CardMigrated, MigratePointCardRefusal> Decide(AccountState state) =>
            MigratePointCard.Decide(card, points, state, id, now);
    }
}

/// <summary>How answers about cards are remembered.</summary>
[JsonSerializable(typeof(CardMigrated))]
sealed partial class CardsJson : JsonSerializerContext;
