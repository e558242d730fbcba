using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Links;

/// <summary>Money sent by link, and the entry that set it aside. Outside: <c>lnk_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<LinkId>))]
public readonly record struct LinkId(Guid Value) : ITypedId<LinkId>
{
    public static string Prefix => "lnk";

    public static LinkId Of(Guid value) => new(value);

    public static implicit operator Guid(LinkId id) => id.Value;

    public static implicit operator EntryId(LinkId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
