using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Simulation.Worlds;

[StoredAs("granted")]
sealed record Granted(Guid EntryId, long Points);

enum GrantRefusal
{
    None = 0,
    KeyReused = 1,
}

/// <summary>Campaign points with a last day of their own: so that members have lots of many ages.</summary>
sealed class Grant(Guid id, DateTimeOffset now, Guid member, int term, long points, IdempotencyKey key) : Draft<Granted, GrantRefusal>
{
    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners { get; } = [member];
    public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [key];
    public override JsonTypeInfo<Granted> Json => GrantJson.Default.Granted;
    public override GrantRefusal Reused(IdempotencyKey reused) => GrantRefusal.KeyReused;

    public override Decision<Granted, GrantRefusal> Decide(AccountState state) => new(new Granted(id, points))
    {
        Entry = new Entry(id, EntryKind.Charge, now, Initiator.Job("grant"),
            [new Lot(LotKind.Basic, term).LegOf(member, points.Points()), Leg.Of(Chart.Operator, AccountType.PointLiability, (-points).Points())]),
    };
}

[JsonSerializable(typeof(Granted))]
sealed partial class GrantJson : JsonSerializerContext;
