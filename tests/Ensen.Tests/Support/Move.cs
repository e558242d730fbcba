using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Tests.Support;

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
    public IReadOnlyList<OnceKey> Keys { get; init; } = [];
    public IReadOnlyList<Fact> Spends { get; init; } = [];
    public AllowanceUse? Use { get; init; }
    public Caps Caps { get; init; } = new(long.MaxValue, long.MaxValue, long.MaxValue);
    public bool Careless { get; init; }
    public Action<Standing>? Meanwhile { get; init; }
    public IReadOnlyList<Guid>? Names { get; init; }
    public IReadOnlyList<Rider> Riders { get; init; } = [];
    public EntryKind Kind { get; init; } = EntryKind.Charge;

    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners => Names ?? [.. legs.Where(l => l.Book.IsGuarded()).Select(l => l.Owner).Distinct()];
    public override IReadOnlyList<OnceKey> Once => Keys;
    public override IReadOnlyList<Fact> Facts => Spends;
    public override JsonTypeInfo<Moved> Json => MoveJson.Default.Moved;
    public override MoveRefusal Reused(OnceKey key) => MoveRefusal.KeyReused;

    public override Decision<Moved, MoveRefusal> Decide(Standing standing)
    {
        Meanwhile?.Invoke(standing);
        if (Spends.Any(standing.Happened)) return MoveRefusal.HappenedBefore;
        if (Use is { } use && !standing.Of(use.Owner).Allowance(use.Kind).Left(Caps, use.Day).Allows(use.Amount)) return MoveRefusal.OverLimit;
        if (!Careless && legs.Any(l => l.Book.IsGuarded() && standing.Of(l.Owner).Balance(l.Book, l.Term) + l.Amount < 0)) return MoveRefusal.Insufficient;

        return new Decision<Moved, MoveRefusal>(new Moved(id, legs.Max(l => l.Amount)))
        {
            Entry = new Entry(id, Kind, at, Chart.Operator, legs),
            Uses = Use is { } used ? [used] : [],
            Facts = Spends,
            Riders = Riders,
        };
    }
}

[JsonSerializable(typeof(Moved))]
sealed partial class MoveJson : JsonSerializerContext;
