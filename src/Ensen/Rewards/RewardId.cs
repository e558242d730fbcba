using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Rewards;

/// <summary>Something that points are exchanged for. Outside: <c>rwd_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RewardId>))]
public readonly record struct RewardId(Guid Value) : ITypedId<RewardId>
{
    public static string Prefix => "rwd";

    public static RewardId Of(Guid value) => new(value);

    public static implicit operator Guid(RewardId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
