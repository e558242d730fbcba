using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Tests.Formats;

namespace Ensen.Tests.Support;

/// <summary>A passkey as a device made it when it was asked with these options.</summary>
public sealed record MadePasskey(
    [property: JsonPropertyName("options")] JsonElement Options, [property: JsonPropertyName("credential")] JsonElement Credential);

/// <summary>
/// A signature as a device made it, the last counter that was seen before, and whose passkey the account has that is signed in to.
/// </summary>
public sealed record MadeSignature(
    [property: JsonPropertyName("options")] JsonElement Options, [property: JsonPropertyName("credential")] JsonElement Credential,
    [property: JsonPropertyName("counter")] long Counter = 0, [property: JsonPropertyName("of")] int Of = 0);

/// <summary>What <c>passkeys.mjs</c> answers: why each passkey and each signature is refused; null where it is taken.</summary>
public sealed record JudgedPasskeys(
    [property: JsonPropertyName("made")] IReadOnlyList<string?> Made, [property: JsonPropertyName("signed")] IReadOnlyList<string?> Signed)
{
    public static JudgedPasskeys Of(string origin, IReadOnlyList<MadePasskey> made, IReadOnlyList<MadeSignature> signed, string? rpId = null) =>
        Judges.Ask<JudgedPasskeys>("passkeys.mjs", new { origin, rpId = rpId ?? new Uri(origin).Host, made, signed });
}
