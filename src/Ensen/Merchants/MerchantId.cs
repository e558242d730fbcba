using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Merchants;

/// <summary>A merchant: the company that stores belong to. Outside: <c>mer_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<MerchantId>))]
public readonly record struct MerchantId(Guid Value) : ITypedId<MerchantId>
{
    public static string Prefix => "mer";

    public static MerchantId Of(Guid value) => new(value);

    public static implicit operator Guid(MerchantId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
