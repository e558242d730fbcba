using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Merchants;

/// <summary>A store, which is what is paid. Outside: <c>str_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<StoreId>))]
public readonly record struct StoreId(Guid Value) : ITypedId<StoreId>
{
    public static string Prefix => "str";

    public static StoreId Of(Guid value) => new(value);

    public static implicit operator Guid(StoreId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
