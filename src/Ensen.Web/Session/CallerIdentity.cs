using System.Security.Claims;
using Ensen.Access;
using Ensen.Centres;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Staff;

namespace Ensen.Web.Session;

/// <summary>The caller as ASP.NET sees it. <paramref name="byCookie"/>: a person at a browser, not a program with a token.</summary>
public sealed class CallerIdentity(Caller caller, bool byCookie) : ClaimsIdentity(
    [
        // For whom a form was drawn: two who work for one merchant are two.
        new Claim(ClaimTypes.NameIdentifier, (caller.Kind == SubjectKind.ShopAccount ? caller.Subject.Id : caller.Owner).ToString()),
        new Claim(Policies.KindClaim, Policies.Name(caller.Kind)),
    ], Policies.Name(caller.Kind))
{
    public Caller Caller { get; } = caller;
    public bool ByCookie { get; } = byCookie;
}

/// <summary>Who is asking, for pages and endpoints behind a policy.</summary>
public static class Asking
{
    /// <summary>
    /// The caller that the policy let in. Throws where no policy stands before: that is a page or endpoint left open by mistake.
    /// </summary>
    public static Caller Caller(this HttpContext context) => Identity(context).Caller;

    /// <summary>
    /// A person asks, by a cookie or with the token of a session that a person opened, not a program with its own: what a person must prove
    /// beside being signed in is asked for.
    /// </summary>
    public static bool IsPerson(this HttpContext context) => Identity(context) is { ByCookie: true } or { Caller.ByPerson: true };

    static CallerIdentity Identity(HttpContext context) => Found(context.User)
        ?? throw new InvalidOperationException($"{context.Request.Path} asks for its caller, but no policy is set for it.");

    /// <summary>The member's id, behind <see cref="Policies.Member"/>.</summary>
    public static MemberId MemberId(this HttpContext context) => new(Only(context, SubjectKind.Member).Owner);

    /// <summary>The store's id, behind <see cref="Policies.Till"/>.</summary>
    public static StoreId TillStoreId(this HttpContext context) => new(Only(context, SubjectKind.Till).Owner);

    /// <summary>The centre's id, behind <see cref="Policies.PointTill"/>.</summary>
    public static CentreId PointTillCentreId(this HttpContext context) => new(Only(context, SubjectKind.PointTill).Owner);

    /// <summary>
    /// What whoever asks sees and may do at a merchant's desk, behind <see cref="Policies.Merchant"/>: nothing where no merchant asks.
    /// </summary>
    public static Task<ShopAccess> ShopAccess(this HttpContext context, CancellationToken ct) =>
        context.RequestServices.GetRequiredService<ShopAccesses>().Of(context.Caller(), ct);

    /// <summary>The operator's account, behind <see cref="Policies.Operator"/>.</summary>
    public static OperatorId OperatorId(this HttpContext context) => new(Only(context, SubjectKind.Operator).Owner);

    /// <summary>The member who is signed in on this device, for pages that are open to everybody; null when nobody is.</summary>
    public static async Task<Caller?> SignedIn(this HttpContext context, SubjectKind kind) =>
        context.Request.Headers.Authorization.Count == 0
        && context.Request.Cookies[SessionCookies.Name(kind)] is { } token
        && await context.RequestServices.GetRequiredService<Sessions>().Who(token, context.RequestAborted) is { } caller
        && caller.Kind == kind
            ? caller
            : null;

    /// <summary>The caller among a request's identities, of which there is one as a rule; null when nobody has signed in.</summary>
    internal static CallerIdentity? Found(ClaimsPrincipal user) =>
        user.Identity as CallerIdentity ?? user.Identities.OfType<CallerIdentity>().FirstOrDefault();

    static Caller Only(HttpContext context, SubjectKind kind) =>
        (Found(context.User) is { } first && first.Caller.Kind == kind
            ? first.Caller
            : context.User.Identities.OfType<CallerIdentity>().FirstOrDefault(i => i.Caller.Kind == kind)?.Caller)
        ?? throw new InvalidOperationException(
            $"{context.Request.Path} asks for its {Policies.Name(kind)}, but its policy lets others in.");
}
