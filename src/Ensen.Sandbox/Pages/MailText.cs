using System.Text.RegularExpressions;

namespace Ensen.Sandbox.Pages;

/// <summary>A mail's text with its links found. Those that lead to us are followed on this node, wherever it listens.</summary>
static partial class MailText
{
    public static IEnumerable<(string Text, string? Link)> Parts(string body, string origin)
    {
        var from = 0;
        foreach (Match match in Link().Matches(body))
        {
            if (match.Index > from)
                yield return (body[from..match.Index], null);
            var address = match.Value;
            var ours = address.StartsWith(origin, StringComparison.Ordinal) && address.Length > origin.Length
                && address[origin.Length] is '/' or '?';
            yield return (address, ours ? address[origin.Length..] : address);
            from = match.Index + match.Length;
        }
        if (from < body.Length)
            yield return (body[from..], null);
    }

    [GeneratedRegex(@"https?://[^\s<>""」）]+")]
    private static partial Regex Link();
}
