using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>A bank account to which a merchant is paid. Outside: <c>poa_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PayOutAccountId>))]
public readonly record struct PayOutAccountId(Guid Value) : ITypedId<PayOutAccountId>
{
    public static string Prefix => "poa";

    public static PayOutAccountId Of(Guid value) => new(value);

    public static implicit operator Guid(PayOutAccountId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
