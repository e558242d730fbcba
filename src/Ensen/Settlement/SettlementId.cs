using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>A merchant's business day as it was closed. Outside: <c>stl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<SettlementId>))]
public readonly record struct SettlementId(Guid Value) : ITypedId<SettlementId>
{
    public static string Prefix => "stl";

    public static SettlementId Of(Guid value) => new(value);

    public static implicit operator Guid(SettlementId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
