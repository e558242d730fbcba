using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Merchants;

/// <summary>A store's till. Outside: <c>til_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TillId>))]
public readonly record struct TillId(Guid Value) : ITypedId<TillId>
{
    public static string Prefix => "til";

    public static TillId Of(Guid value) => new(value);

    public static implicit operator Guid(TillId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
