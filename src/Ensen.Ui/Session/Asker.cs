using System.Security.Claims;

namespace Ensen.Ui.Session;

/// <summary>Who is asking, as what is drawn or sealed for somebody names them: "member 0197…", "till 0197…".</summary>
public static class Asker
{
    /// <summary>Null for nobody.</summary>
    public static string? Of(HttpContext http) =>
        http.User.FindFirstValue(Policies.KindClaim) is { } kind
        && Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var owner)
            ? $"{kind} {owner:N}"
            : null;
}
