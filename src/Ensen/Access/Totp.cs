using System.Security.Cryptography;
using Ensen.Basics;
using OtpNet;

namespace Ensen.Access;

/// <summary>
/// One-time passwords by time (RFC 6238): six digits of an authenticator, another every 30 seconds, of a secret that it and we share. Pure:
/// whoever verifies one keeps the step it was of, so that it is good once.
/// </summary>
public static class Totp
{
    /// <summary>RFC 4226, section 4, R6: 160 bits are recommended.</summary>
    public const int SecretBytes = 20;

    public const int Digits = 6;

    const int StepSeconds = 30;

    /// <summary>
    /// RFC 6238, section 5.2: the step before for what took long on its way, and the next for a telephone whose clock is ahead.
    /// </summary>
    static readonly VerificationWindow s_window = new(previous: 1, future: 1);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The secret as people type it into an authenticator: Base32, 32 letters and digits.</summary>
    public static string Text(byte[] secret) => Base32Encoding.ToString(secret);

    /// <summary>The secret of such a text; null when it is none of the length that we give.</summary>
    public static byte[]? ReadText(string? text)
    {
        try
        {
            return text is { Length: > 0 and <= 100 } && Base32Encoding.ToBytes(text) is { Length: SecretBytes } secret ? secret : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What an authenticator reads as a QR code (<c>otpauth://totp/…</c>).</summary>
    /// <param name="issuer">The programme's name.</param>
    /// <param name="account">By which the person tells their accounts apart.</param>
    public static string Address(byte[] secret, string issuer, string account) =>
        new OtpUri(OtpType.Totp, secret, account, issuer, OtpHashMode.Sha1, Digits, StepSeconds).ToString();

    /// <summary>The code of an instant, as an authenticator shows it.</summary>
    public static string CodeAt(byte[] secret, DateTimeOffset at) => Of(secret).ComputeTotp(at.UtcDateTime);

    /// <summary>
    /// The step of time that a typed code is of; null when it is wrong, or not newer than <paramref name="lastUsed"/>, the step of the last
    /// one that was taken (0: none was). Spaces, full-width digits and the like are read as everywhere.
    /// </summary>
    public static long? StepOf(byte[] secret, string? typed, DateTimeOffset now, long lastUsed) =>
        TypedDigits.Number(typed) is { Length: Digits } code
        && Of(secret).VerifyTotp(now.UtcDateTime, code, out var step, s_window) && step > lastUsed
            ? step
            : null;

    static OtpNet.Totp Of(byte[] secret) => new(secret, StepSeconds, OtpHashMode.Sha1, Digits);
}
