using System.Text.Json.Serialization;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// A passkey of somebody's. Outside: <c>psk_…</c>. Its device knows it by another id (<see cref="Passkey.CredentialId"/>).
/// </summary>
[JsonConverter(typeof(TypedIdJson<PasskeyId>))]
public readonly record struct PasskeyId(Guid Value) : ITypedId<PasskeyId>
{
    public static string Prefix => "psk";

    public static PasskeyId Of(Guid value) => new(value);

    public static implicit operator Guid(PasskeyId id) => id.Value;

    public override string ToString() => Id.Format(Prefix, Value);
}
