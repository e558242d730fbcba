using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>What one company asks another to pay. Outside: <c>brq_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<BusinessRequestId>))]
public readonly record struct BusinessRequestId(Guid Value) : ITypedId<BusinessRequestId>
{
    public static string Prefix => "brq";

    public static BusinessRequestId Of(Guid value) => new(value);

    public static implicit operator Guid(BusinessRequestId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
