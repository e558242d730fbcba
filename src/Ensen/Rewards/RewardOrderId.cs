using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Rewards;

/// <summary>An order of a reward, and its entry. Outside: <c>rwo_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RewardOrderId>))]
public readonly record struct RewardOrderId(Guid Value) : ITypedId<RewardOrderId>
{
    public static string Prefix => "rwo";

    public static RewardOrderId Of(Guid value) => new(value);

    public static implicit operator Guid(RewardOrderId id) => id.Value;

    public static implicit operator EntryId(RewardOrderId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
