using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Identity;

/// <summary>A verification of a member's identity. Outside: <c>ver_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<VerificationId>))]
public readonly record struct VerificationId(Guid Value) : ITypedId<VerificationId>
{
    public static string Prefix => "ver";

    public static VerificationId Of(Guid value) => new(value);

    public static implicit operator Guid(VerificationId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
