using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Wallet;

/// <summary>A refund, and its entry. Outside: <c>ref_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RefundId>))]
public readonly record struct RefundId(Guid Value) : ITypedId<RefundId>
{
    public static string Prefix => "ref";

    public static RefundId Of(Guid value) => new(value);

    public static implicit operator Guid(RefundId id) => id.Value;

    public static implicit operator EntryId(RefundId id) => new(id.Value);

    public override string ToString() => Id.Format(Prefix, Value);
}
