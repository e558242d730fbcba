using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>A transfer, and its entry. Outside: <c>trf_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TransferId>))]
public readonly record struct TransferId(Guid Value) : ITypedId<TransferId>
{
    public static string Prefix => "trf";

    public static TransferId Of(Guid value) => new(value);

    public static implicit operator Guid(TransferId id) => id.Value;

    public static implicit operator EntryId(TransferId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
