using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Merchants;

/// <summary>A store's tag, as the address on the chip has it. Outside: <c>tag_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TagId>))]
public readonly record struct TagId(Guid Value) : ITypedId<TagId>
{
    public static string Prefix => "tag";

    public static TagId Of(Guid value) => new(value);

    public static implicit operator Guid(TagId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
