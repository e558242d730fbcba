using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>An account of somebody who works for a merchant. Outside: <c>sac_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<ShopAccountId>))]
public readonly record struct ShopAccountId(Guid Value) : ITypedId<ShopAccountId>
{
    public static string Prefix => "sac";

    public static ShopAccountId Of(Guid value) => new(value);

    public static implicit operator Guid(ShopAccountId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
