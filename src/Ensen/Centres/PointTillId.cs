using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Centres;

/// <summary>A point till of a shopping centre. Outside: <c>ptl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PointTillId>))]
public readonly record struct PointTillId(Guid Value) : ITypedId<PointTillId>
{
    public static string Prefix => "ptl";

    public static PointTillId Of(Guid value) => new(value);

    public static implicit operator Guid(PointTillId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
