using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ensen.Ui.Session;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Ensen.Ui;

/// <summary>
/// A form is answered by a redirect, always: also one that has a second step, that is refused, or whose sender has been signed out. What
/// was typed and what came of it then travel sealed in the address of the page that shows it, for ten minutes and for nobody else, so that
/// neither Back nor a reload asks to send a form again. Passwords, PINs and codes to pay with do not travel.
/// </summary>
public sealed class SentBack(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>What it is called in an address.</summary>
    public const string Name = "again";

    const string Until = "until";
    const string For = "for";
    const int Longest = 4_000; // Letters of one field (an address to go to holds a sealed form); what is longer was not typed in ours.
    const int LongestAddress = 5_000;
    static readonly TimeSpan s_life = TimeSpan.FromMinutes(10);

    /// <summary>The fields of the form that this page shows again; null on a fresh page.</summary>
    public IReadOnlyDictionary<string, string>? Fields(HttpContext http) => Fields(http, http.Request.Path, http.Request.Query[Name]);

    /// <summary>The same as they stood in the address of <paramref name="page"/>, for a form of that page that carries them on.</summary>
    public IReadOnlyDictionary<string, string>? Fields(HttpContext http, PathString page, string? sealedText) =>
        Open(page, sealedText) is { } fields && (!fields.TryGetValue(For, out var whose) || whose == Asker.Of(http)) ? fields : null;

    /// <summary>Whether an address of ours holds a form that was sealed.</summary>
    public static bool IsIn(string address) =>
        address.Contains($"?{Name}=", StringComparison.Ordinal) || address.Contains($"&{Name}=", StringComparison.Ordinal);

    /// <summary>The address of a page with the form as it was sent just now, and what came of it.</summary>
    public string Address(HttpContext http, string page, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var fields = Typed(http);
        foreach (var (name, value) in more)
            fields[name] = value;
        // A form that anybody may send is of whoever sends it: who is signed in beside it does not matter.
        var isForEverybody = http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return Address(page, fields, isForEverybody ? null : Asker.Of(http));
    }

    /// <summary>The address of a page with its form filled in as given.</summary>
    public string Address(HttpContext http, string page, IEnumerable<KeyValuePair<string, string>> filled) =>
        Address(page, filled.ToDictionary(StringComparer.Ordinal), Asker.Of(http));

    /// <summary>
    /// The address of the page that the form just sent stood on, with what was typed: for whoever has to sign in first. Only for
    /// <paramref name="whose"/> it is opened.
    /// </summary>
    public string Return(HttpContext http, string page, string whose)
    {
        var (path, query) = page.Split('?', 2) is [var before, var after] ? (before, QueryHelpers.ParseQuery(after)) : (page, []);
        query.Remove(Name);
        var address = Address(path, Typed(http), whose);
        address = QueryHelpers.AddQueryString(address, query);
        return address.Length <= LongestAddress ? address : page;
    }

    /// <summary>The fields of the form that was just sent, but for those that do not travel.</summary>
    public static Dictionary<string, string> Typed(HttpContext http) => http.Request.Form
        .Where(field => field.Key is [not '_', ..] and not ("password" or "pin" or "code") && field.Value.ToString().Length <= Longest)
        .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);

    string Address(string page, Dictionary<string, string> fields, string? whose)
    {
        fields[Until] = (clock.GetUtcNow() + s_life).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        fields.Remove(For);
        if (whose is not null)
            fields[For] = whose;
        return QueryHelpers.AddQueryString(page, Name, Protector(page).Protect(JsonSerializer.Serialize(fields, s_plain)));
    }

    /// <summary>Sealed and never in a page: Japanese need not be written as numbers.</summary>
    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
