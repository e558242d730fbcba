using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Tests.Support;

[StoredAs("moved")]
sealed record Moved(Guid EntryId, long Amount);

enum MoveRefusal
{
    None = 0,
    KeyReused = 1,
    HappenedBefore = 2,
    OverLimit = 3,
    Insufficient = 4,
}

/// <summary>
/// What a test asks of the ledger itself: any legs, keys, facts, caps. It refuses as a feature would, unless it is
/// <see cref="Careless"/>; <see cref="Meanwhile"/> runs while it decides, so a test can hold a writer at that moment.
/// </summary>
sealed class Move(Guid id, DateTimeOffset at, params IReadOnlyList<Leg> legs) : Draft<Moved, MoveRefusal>
{
    public IReadOnlyList<IdempotencyKey> Keys { get; init; } = [];
    public IReadOnlyList<SingleUse> Spends { get; init; } = [];
    public LimitUse? Use { get; init; }
    public Caps Caps { get; init; } = new(long.MaxValue, long.MaxValue, long.MaxValue);
    public bool Careless { get; init; }
    public Action<AccountState>? Meanwhile { get; init; }
    public IReadOnlyList<Guid>? Names { get; init; }
    public IReadOnlyList<EntryDetail> Details { get; init; } = [];
    public EntryKind Kind { get; init; } = EntryKind.Charge;

    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners => Names ?? [.. legs.Where(l => l.AccountType.IsGuarded).Select(l => l.Owner).Distinct()];
    public override IReadOnlyList<IdempotencyKey> IdempotencyKeys => Keys;
    public override IReadOnlyList<SingleUse> SingleUses => Spends;
    public override JsonTypeInfo<Moved> Json => MoveJson.Default.Moved;
    public override MoveRefusal Reused(IdempotencyKey key) => MoveRefusal.KeyReused;

    public override Decision<Moved, MoveRefusal> Decide(AccountState state)
    {
        Meanwhile?.Invoke(state);
        if (Spends.Any(state.Happened)) return MoveRefusal.HappenedBefore;
        if (Use is { } use && !state.Of(use.Owner).SpendingLimit(use.Kind).Left(Caps, use.Day).Allows(use.Amount))
            return MoveRefusal.OverLimit;
        if (!Careless && legs.Any(l => l.AccountType.IsGuarded && state.Of(l.Owner).Balance(l.AccountType, l.Term) + l.Amount < 0))
            return MoveRefusal.Insufficient;

        return new Decision<Moved, MoveRefusal>(new Moved(id, legs.Max(l => l.Amount)))
        {
            Entry = new Entry(id, Kind, at, Initiator.Job("move"), legs),
            Uses = Use is { } used ? [used] : [],
            SingleUses = Spends,
            Details = Details,
        };
    }
}

[JsonSerializable(typeof(Moved))]
sealed partial class MoveJson : JsonSerializerContext;
