using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Centres;

/// <summary>A shopping centre. Outside: <c>cen_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<CentreId>))]
public readonly record struct CentreId(Guid Value) : ITypedId<CentreId>
{
    public static string Prefix => "cen";

    public static CentreId Of(Guid value) => new(value);

    public static implicit operator Guid(CentreId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
