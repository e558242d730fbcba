using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>The way back of a member who has lost every way in. Outside: <c>rcv_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<RecoveryId>))]
public readonly record struct RecoveryId(Guid Value) : ITypedId<RecoveryId>
{
    public static string Prefix => "rcv";

    public static RecoveryId Of(Guid value) => new(value);

    public static implicit operator Guid(RecoveryId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
