using System.Data.Common;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>Points put on a transit card. Outside: <c>tch_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TransitChargeId>))]
public readonly record struct TransitChargeId(Guid Value) : ITypedId<TransitChargeId>
{
    public static string Prefix => "tch";

    public static TransitChargeId Of(Guid value) => new(value);

    public static implicit operator Guid(TransitChargeId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}

/// <summary>Where putting points on a card stands. It ends once.</summary>
public enum TransitChargeState : short
{
    /// <summary>Asked of the company; the points have left their lots, and the outcome is not known yet.</summary>
    Requested = 1,
    Completed = 2,

    /// <summary>Refused; the points are back in their lots.</summary>
    Failed = 3,
}

/// <summary>Points put on a card, as it is kept; <paramref name="EntryId"/> took them, <paramref name="ReturnedId"/> gave them
/// back.</summary>
public sealed record TransitChargeRow(
    TransitChargeId Id, MemberId Member, TransitCardId TransitCard, string Token, PointAmount Points, TransitChargeState State,
        string? Reason,
    EntryId EntryId, EntryId? ReturnedId, long AtMs, long? EndedMs);

/// <summary>Reading and writing these rows, and what always holds about them.</summary>
static class TransitCharges
{
    const string Columns = "id, member, transit_card, token, points, state, reason, entry_id, returned_id, at_ms, ended_ms";

    public static Task<TransitChargeRow?> Find(DbConnection connection, TransitChargeId id) =>
        connection.QuerySingleOrDefaultAsync<TransitChargeRow?>($"select {Columns} from transit_charge where id = @id", new { id });

    public static async Task<IReadOnlyList<TransitChargeRow>> Latest(DbConnection connection, MemberId member, int limit) =>
        (await connection.QueryAsync<TransitChargeRow>(
            $"select {Columns} from transit_charge where member = @member order by at_ms desc, id desc limit @limit", new { member, limit })).AsList();

    public static Task Insert(DbTransaction tx, TransitChargeRow row) => tx.Connection!.ExecuteAsync(
        """
        insert into transit_charge (id, member, transit_card, token, points, state, entry_id, at_ms)
        values (@Id, @Member, @TransitCard, @Token, @Points, @state, @EntryId, @AtMs)
        """,
        new { row.Id, row.Member, row.TransitCard, row.Token, row.Points, state = (short)row.State, row.EntryId, row.AtMs }, tx);

    /// <summary>Ends it; false when it had ended.</summary>
    public static async Task<bool> End(
        DbTransaction tx, TransitChargeId id, TransitChargeState state, string? reason, EntryId? returned, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            """
            update transit_charge
            set state = @state, reason = @reason, returned_id = @returned, ended_ms = @now
            where id = @id and state = @requested
            """,
            new
            {
                id,
                state = (short)state,
                reason,
                returned,
                now = now.ToUnixTimeMilliseconds(),
                requested = (short)TransitChargeState.Requested,
            }, tx) == 1;

    internal static DetailCheck DetailCheck { get; } = new DetailCheck<TransitChargeRow>(
        "transit_charge", EntryKind.TransitCharge, $"select {Columns} from transit_charge order by entry_id", c => c.EntryId,
        (row, entry) => entry.Moved(row.Member, AccountType.ChargeOnlyPoints, AccountType.Points) == -row.Points.Value
            && entry.Moved(Chart.Operator, AccountType.TransitClearing) == row.Points.WorthInPayments.Value
                ? null
                : FormattableString.Invariant($"{IdPlaceholder.Entry(row.EntryId)} of {row.Points} points differs from its postings"),
        _ => true)
    {
        IdColumn = "id",
        PartyName = "(select '****' || c.last_four from transit_card c where c.id = {0}.transit_card)",
    };

    internal static IReadOnlyList<Check> Checks { get; } =
    [
        new("I5 points on their way to a transit card are still being asked for", w =>
            $"""
            select {w.Entry("c.entry_id")} || ' is open, and nobody asks what became of it' as line
            from transit_charge c
            left join outbox o on o.id = c.id and o.state = {Outbox.Waiting}
            where c.state = {(short)TransitChargeState.Requested} and o.id is null
            """),
        new("I4 points that a transit card did not get went back whole, and no others did", w =>
            $"""
            select {w.Entry("c.entry_id")} || ' of ' || c.points || ' points gave back ' || coalesce(sum(p.amount), 0) as line
            from transit_charge c
            left join posting p on p.entry_id = c.returned_id
              and p.account_type in ({AccountType.ChargeOnlyPoints.Number}, {AccountType.Points.Number}, {AccountType.Breakage.Number})
            group by c.id, c.entry_id, c.points, c.state, c.returned_id
            having coalesce(sum(p.amount), 0) <> case when c.state = {(short)TransitChargeState.Failed} then c.points else 0 end
              and not (c.returned_id is not null and count(p.entry_id) = 0)
            """),
    ];
}
