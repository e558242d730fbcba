using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Transit;

/// <summary>The link of a transit card to a member. Outside: <c>trc_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TransitCardId>))]
public readonly record struct TransitCardId(Guid Value) : ITypedId<TransitCardId>
{
    public static string Prefix => "trc";

    public static TransitCardId Of(Guid value) => new(value);

    public static implicit operator Guid(TransitCardId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}

/// <summary>A delivery of rides. Outside: <c>rdf_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RideFeedId>))]
public readonly record struct RideFeedId(Guid Value) : ITypedId<RideFeedId>
{
    public static string Prefix => "rdf";

    public static RideFeedId Of(Guid value) => new(value);

    public static implicit operator Guid(RideFeedId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
