using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Businesses;

/// <summary>A file of transfers that was looked at. Outside: <c>tfl_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<TransferFileId>))]
public readonly record struct TransferFileId(Guid Value) : ITypedId<TransferFileId>
{
    public static string Prefix => "tfl";

    public static TransferFileId Of(Guid value) => new(value);

    public static implicit operator Guid(TransferFileId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
