using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>A company that another one may pay. Outside: <c>pye_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PayeeId>))]
public readonly record struct PayeeId(Guid Value) : ITypedId<PayeeId>
{
    public static string Prefix => "pye";

    public static PayeeId Of(Guid value) => new(value);

    public static implicit operator Guid(PayeeId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
