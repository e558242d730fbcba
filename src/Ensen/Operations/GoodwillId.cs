using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Operations;

/// <summary>Points that an operator proposed to give as goodwill; the entry that gives them has an id of its own.</summary>
[JsonConverter(typeof(TypedIdJson<GoodwillId>))]
public readonly record struct GoodwillId(Guid Value) : ITypedId<GoodwillId>
{
    public static string Prefix => "gdw";

    public static GoodwillId Of(Guid value) => new(value);

    public static implicit operator Guid(GoodwillId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
