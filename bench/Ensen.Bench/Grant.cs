using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Bench;

sealed record Granted(long Yen);

enum GrantRefusal
{
    None = 0,
}

/// <summary>Money for a member of the bench, against bank clearing.</summary>
sealed class Grant(Guid member, Guid id) : Draft<Granted, GrantRefusal>
{
    const long Yen = 1_000_000_000;

    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners { get; } = [member];
    public override JsonTypeInfo<Granted> Json => GrantJson.Default.Granted;
    public override GrantRefusal Reused(OnceKey key) => GrantRefusal.None;

    public override Decision<Granted, GrantRefusal> Decide(Standing standing) => new(new Granted(Yen))
    {
        Entry = new Entry(id, EntryKind.Charge, DateTimeOffset.UnixEpoch.AddYears(50), Chart.Operator,
            [Leg.Of(member, Book.Money, new Yen(Yen)), Leg.Of(Chart.Operator, Book.BankClearing, new Yen(-Yen))]),
    };
}

[JsonSerializable(typeof(Granted))]
sealed partial class GrantJson : JsonSerializerContext;
