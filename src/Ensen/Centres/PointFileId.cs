using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Centres;

/// <summary>A file of awards that a point till gave while it was offline. Outside: <c>pfl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PointFileId>))]
public readonly record struct PointFileId(Guid Value) : ITypedId<PointFileId>
{
    public static string Prefix => "pfl";

    public static PointFileId Of(Guid value) => new(value);

    public static implicit operator Guid(PointFileId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
