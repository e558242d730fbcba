using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>An entry of any kind, where nothing depends on which. Outside: <c>ent_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<EntryId>))]
public readonly record struct EntryId(Guid Value) : ITypedId<EntryId>
{
    public static string Prefix => "ent";

    public static EntryId Of(Guid value) => new(value);

    public static implicit operator Guid(EntryId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
