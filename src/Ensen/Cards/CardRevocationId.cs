using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Cards;

/// <summary>Numbers of cards that two operators take out of use. Outside: <c>crv_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<CardRevocationId>))]
public readonly record struct CardRevocationId(Guid Value) : ITypedId<CardRevocationId>
{
    public static string Prefix => "crv";

    public static CardRevocationId Of(Guid value) => new(value);

    public static implicit operator Guid(CardRevocationId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
