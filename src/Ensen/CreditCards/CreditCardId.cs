using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.CreditCards;

/// <summary>The link of a credit card to a member. Outside: <c>crc_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<CreditCardId>))]
public readonly record struct CreditCardId(Guid Value) : ITypedId<CreditCardId>
{
    public static string Prefix => "crc";

    public static CreditCardId Of(Guid value) => new(value);

    public static implicit operator Guid(CreditCardId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}

/// <summary>A file of purchases. Outside: <c>puf_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PurchaseFileId>))]
public readonly record struct PurchaseFileId(Guid Value) : ITypedId<PurchaseFileId>
{
    public static string Prefix => "puf";

    public static PurchaseFileId Of(Guid value) => new(value);

    public static implicit operator Guid(PurchaseFileId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
