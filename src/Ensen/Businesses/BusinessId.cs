using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>A company's account, by which it owns what it holds in the ledger. Outside: <c>biz_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<BusinessId>))]
public readonly record struct BusinessId(Guid Value) : ITypedId<BusinessId>
{
    public static string Prefix => "biz";

    public static BusinessId Of(Guid value) => new(value);

    public static implicit operator Guid(BusinessId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
