using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ensen.Tests.Support;

/// <summary>What a device of the tests says otherwise than an honest one would; null is as it should be.</summary>
sealed record DeviceLie(
    string? Origin = null, string? Domain = null, string? Challenge = null, bool Unverified = false, uint? Counter = null, string? Handle = null,
    byte[]? CredentialId = null, bool BadSignature = false, string? Type = null, bool CrossOrigin = false);

/// <summary>
/// A device with passkeys (an authenticator and the browser around it), of this program's own: P-256 with ES256, attestation none. It makes
/// passkeys and signs as WebAuthn says, and lies where it is told to.
/// </summary>
sealed class PasskeyDevice(string origin)
{
    const byte Present = 0x01, Verified = 0x04, HasKey = 0x40;

    readonly List<Key> _keys = [];

    sealed record Key(byte[] Id, string Handle, ECDsa Pair)
    {
        public uint Counter { get; set; }
    }

    public byte[] LastId => _keys[^1].Id;

    public string LastHandle => _keys[^1].Handle;

    /// <summary>The accounts that it has passkeys for, as it was told of them.</summary>
    public IReadOnlyList<string> Handles => [.. _keys.Select(k => k.Handle)];

    /// <summary>Makes a passkey: what <c>navigator.credentials.create</c> answers to these options.</summary>
    public JsonElement Create(JsonElement options, DeviceLie? lie = null)
    {
        lie ??= new DeviceLie();
        options.GetProperty("attestation").GetString().ShouldBe("none");
        options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString().ShouldBe("required");
        options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString().ShouldBe("required");
        options.GetProperty("pubKeyCredParams").EnumerateArray().Select(p => p.GetProperty("alg").GetInt32()).ShouldContain(-7);
        var key = new Key(lie.CredentialId ?? RandomNumberGenerator.GetBytes(32), Text(options.GetProperty("user").GetProperty("id")),
            ECDsa.Create(ECCurve.NamedCurves.nistP256));
        _keys.Add(key);
        var client = Client("webauthn.create", options, lie);
        byte[] data =
        [
            .. DataHead(lie.Domain ?? options.GetProperty("rp").GetProperty("id").GetString()!, HasKey, lie, key),
            .. new byte[16], .. Big((ushort)key.Id.Length), .. key.Id, .. Cose(key.Pair),
        ];
        byte[] attestation = [0xA3, .. CborText("fmt"), .. CborText("none"), .. CborText("attStmt"), 0xA0, .. CborText("authData"), .. CborBytes(data)];
        return Credential(key, new { clientDataJSON = Base64Url.EncodeToString(client), attestationObject = Base64Url.EncodeToString(attestation), transports = new[] { "internal" } });
    }

    /// <summary>Signs: what <c>navigator.credentials.get</c> answers to these options, with the newest of the passkeys that are allowed.</summary>
    public JsonElement Sign(JsonElement options, DeviceLie? lie = null)
    {
        lie ??= new DeviceLie();
        options.GetProperty("userVerification").GetString().ShouldBe("required");
        var allowed = options.TryGetProperty("allowCredentials", out var list)
            ? list.EnumerateArray().Select(c => c.GetProperty("id").GetString()).ToList() : [];
        var key = _keys.Last(k => allowed.Count == 0 || allowed.Contains(Base64Url.EncodeToString(k.Id)));
        key.Counter++;
        var client = Client("webauthn.get", options, lie);
        var data = DataHead(lie.Domain ?? options.GetProperty("rpId").GetString()!, 0, lie, key);
        var signature = key.Pair.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (lie.BadSignature)
            signature = Another();
        return Credential(lie.CredentialId is { } id ? key with { Id = id } : key, new
        {
            clientDataJSON = Base64Url.EncodeToString(client),
            authenticatorData = Base64Url.EncodeToString(data),
            signature = Base64Url.EncodeToString(signature),
            userHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(lie.Handle ?? key.Handle)),
        });
    }

    byte[] Client(string type, JsonElement options, DeviceLie lie) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = lie.Type ?? type,
        challenge = lie.Challenge ?? options.GetProperty("challenge").GetString(),
        origin = lie.Origin ?? origin,
        crossOrigin = lie.CrossOrigin,
    });

    static byte[] DataHead(string domain, byte more, DeviceLie lie, Key key) =>
    [
        .. SHA256.HashData(Encoding.UTF8.GetBytes(domain)),
        (byte)(Present | (lie.Unverified ? 0 : Verified) | more),
        .. Big(lie.Counter ?? key.Counter),
    ];

    static JsonElement Credential(Key key, object response) => JsonSerializer.SerializeToElement(new
    {
        id = Base64Url.EncodeToString(key.Id),
        rawId = Base64Url.EncodeToString(key.Id),
        type = "public-key",
        response,
        clientExtensionResults = new { },
        authenticatorAttachment = "platform",
    });

    /// <summary>A signature of the same form over nothing that anybody asked for.</summary>
    static byte[] Another()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return other.SignData([1, 2, 3], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    // CBOR (RFC 8949), as much of it as an attestation has.
    static byte[] Cose(ECDsa pair)
    {
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. CborBytes(point.X!), 0x22, .. CborBytes(point.Y!)];
    }

    static byte[] CborText(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    static byte[] CborBytes(byte[] bytes) => bytes.Length < 256 ? [0x58, (byte)bytes.Length, .. bytes] : [0x59, .. Big((ushort)bytes.Length), .. bytes];

    static byte[] Big(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }

    static byte[] Big(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    static string Text(JsonElement bytes) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bytes.GetString()!));
}
