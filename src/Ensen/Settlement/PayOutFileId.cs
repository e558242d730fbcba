using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>A file of pay-outs for the bank. Outside: <c>pof_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<PayOutFileId>))]
public readonly record struct PayOutFileId(Guid Value) : ITypedId<PayOutFileId>
{
    public static string Prefix => "pof";

    public static PayOutFileId Of(Guid value) => new(value);

    public static implicit operator Guid(PayOutFileId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
