using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Cards;

/// <summary>A point card of a member. Outside: <c>pcd_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PointCardId>))]
public readonly record struct PointCardId(Guid Value) : ITypedId<PointCardId>
{
    public static string Prefix => "pcd";

    public static PointCardId Of(Guid value) => new(value);

    public static implicit operator Guid(PointCardId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
