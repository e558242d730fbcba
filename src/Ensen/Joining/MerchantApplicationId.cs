using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Joining;

/// <summary>A shop's application to be a merchant. Outside: <c>app_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<MerchantApplicationId>))]
public readonly record struct MerchantApplicationId(Guid Value) : ITypedId<MerchantApplicationId>
{
    public static string Prefix => "app";

    public static MerchantApplicationId Of(Guid value) => new(value);

    public static implicit operator Guid(MerchantApplicationId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
