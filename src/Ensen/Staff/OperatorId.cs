using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Staff;

/// <summary>An operator's account. Outside: <c>opr_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<OperatorId>))]
public readonly record struct OperatorId(Guid Value) : ITypedId<OperatorId>
{
    public static string Prefix => "opr";

    public static OperatorId Of(Guid value) => new(value);

    public static implicit operator Guid(OperatorId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
