using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Ui;

/// <summary>
/// A form is answered by a redirect, always: also one that has a second step, or that is refused. What was typed and what came of it then
/// travel sealed in the address of the page that shows it, for ten minutes, so that neither Back nor a reload asks to send a form again.
/// Passwords and PINs do not travel.
/// </summary>
public sealed class SentBack(IDataProtectionProvider protection, TimeProvider clock)
{
    const string Name = "again";
    const string Until = "until";
    const int Longest = 1_000; // Letters of one field: what is longer was not typed in ours.
    static readonly TimeSpan s_life = TimeSpan.FromMinutes(10);

    /// <summary>The fields of the form that this page shows again; null on a fresh page.</summary>
    public IReadOnlyDictionary<string, string>? Fields(HttpContext http) => Open(http.Request.Path, http.Request.Query[Name]);

    /// <summary>The address of a page with the form as it was sent just now, and what came of it.</summary>
    public string Address(HttpContext http, string page, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var fields = http.Request.Form
            .Where(field => field.Key is [not '_', ..] and not ("password" or "pin") && field.Value.ToString().Length <= Longest)
            .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        foreach (var (name, value) in more)
            fields[name] = value;
        return Address(page, fields);
    }

    /// <summary>The address of a page with its form filled in as given.</summary>
    public string Address(string page, IEnumerable<KeyValuePair<string, string>> filled)
    {
        var fields = filled.ToDictionary(StringComparer.Ordinal);
        fields[Until] = (clock.GetUtcNow() + s_life).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return QueryHelpers.AddQueryString(page, Name, Protector(page).Protect(JsonSerializer.Serialize(fields)));
    }

    Dictionary<string, string>? Open(PathString page, string? sealedText)
    {
        if (sealedText is not { Length: > 0 and <= 8_000 })
            return null;
        try
        {
            var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(Protector(page).Unprotect(sealedText))!;
            return clock.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(fields[Until], CultureInfo.InvariantCulture) ? fields : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    IDataProtector Protector(PathString page) => protection.CreateProtector("ensen sent back", page);
}
