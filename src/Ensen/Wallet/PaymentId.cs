using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>A payment, and its entry. Outside: <c>pay_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PaymentId>))]
public readonly record struct PaymentId(Guid Value) : ITypedId<PaymentId>
{
    public static string Prefix => "pay";

    public static PaymentId Of(Guid value) => new(value);

    public static implicit operator Guid(PaymentId id) => id.Value;

    public static implicit operator EntryId(PaymentId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
