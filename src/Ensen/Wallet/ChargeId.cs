using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Wallet;

/// <summary>A charge as asked for; the entry that books it has an id of its own. Outside: <c>chg_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<ChargeId>))]
public readonly record struct ChargeId(Guid Value) : ITypedId<ChargeId>
{
    public static string Prefix => "chg";

    public static ChargeId Of(Guid value) => new(value);

    public static implicit operator Guid(ChargeId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
