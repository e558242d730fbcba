using System.Globalization;
using System.Security.Cryptography;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Wallet;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Members;

/// <summary>How the member met the store that is about to be paid.</summary>
enum PayeeSource
{
    Store = 1,
    Tag = 2,
    Code = 3,
}

/// <summary>
/// Whom a member is about to pay, as a page carries it from the touch to the payment. <paramref name="Subject"/> is the store or the tag,
/// <paramref name="Counter"/> the tag's accepted touch (0 for a plain tag), <paramref name="Text"/> the code that was scanned.
/// </summary>
sealed record PayTicket(PayeeSource By, Guid Subject, long Counter, string Text)
{
    public Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Resolve(ResolvePayee resolve, CancellationToken ct) => By switch
    {
        PayeeSource.Store => resolve.ByStore(new StoreId(Subject), ct),
        PayeeSource.Tag => resolve.ByTouch(new TagId(Subject), Counter, ct),
        PayeeSource.Code => resolve.ByQr(Text, ct),
        _ => throw new InvalidOperationException($"A ticket says the store was met by {By}."),
    };
}

/// <summary>
/// Seals tickets. A cryptographic tag's counter is accepted once, when the page opens; the sealed touch is what still proves it when the
/// page is reloaded or sent. What it pays for is paid once all the same: the touch is a single use that the payment uses up.
/// </summary>
sealed class PayTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    readonly IDataProtector _protector = protection.CreateProtector("ensen pay ticket");

    public string Seal(PayTicket ticket) => _protector.Protect(string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)ticket.By}|{ticket.Subject:N}|{ticket.Counter}|{(clock.GetUtcNow() + Life).ToUnixTimeMilliseconds()}|{ticket.Text}"));

    /// <summary>Null when it is not ours, or older than ten minutes.</summary>
    public PayTicket? Open(string? sealedText)
    {
        try
        {
            return sealedText is { Length: > 0 and <= 4_000 } && _protector.Unprotect(sealedText)
                .Split('|', 5) is [var by, var subject, var counter, var until, var text]
                && clock.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(until, CultureInfo.InvariantCulture)
                    ? new PayTicket((PayeeSource)int.Parse(by, CultureInfo.InvariantCulture), Guid.ParseExact(subject, "N"),
                        long.Parse(counter, CultureInfo.InvariantCulture), text)
                    : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
