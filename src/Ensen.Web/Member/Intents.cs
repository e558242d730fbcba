using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Requests;
using Ensen.Rewards;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Ensen.Web.Observability;
using Ensen.Withdrawals;

namespace Ensen.Web.Members;

/// <summary>What a member's form does once, whatever the network does.</summary>
public enum IntentKind
{
    Payment = 0,
    Transfer = 1,
    Charge = 2,
    Reward = 3,
    Link = 4,
    Request = 5,
    Withdrawal = 6,
}

/// <summary>What became of an intent: done, with where it is told, or refused, with the contract's code.</summary>
sealed record IntentOutcome(string? Done, string? Refusal);

/// <summary>
/// Finds out what became of an intent whose answer nobody got: done, refused, or still unknown. All kinds are told in the same way, at the
/// same addresses under <see cref="Root"/>.
/// </summary>
sealed class Intents(Pay pay, Transfer transfer, Charge charge, OrderReward rewards, CreateLink links, PayMoneyRequest requests,
    Withdraw withdraw, TimeProvider clock)
{
    /// <summary>The cookie of a kind: a store is paid at its tag's address too, the other forms have theirs under one.</summary>
    static (string Name, string Path) Cookie(IntentKind kind) =>
        kind switch
        {
            IntentKind.Payment => ("ensen-open-payment", "/"),
            // Its address is under that of transfers, whose cookie comes along.
            IntentKind.Link => ("ensen-open-link", Root(kind)),
            _ => ("ensen-open", Root(kind)),
        };

    /// <summary>By then a request that was under way has arrived and is known, or never will be.</summary>
    static readonly TimeSpan s_lostAfter = GeneralLedger.OutcomeKnownWithin + TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var kind in Enum.GetValues<IntentKind>())
            routes.MapGet(
                    Root(kind) + "/intents/{intent}",
                    (HttpContext http, string intent, Intents intents, Refusals refusals, CancellationToken ct) =>
                        intents.Tell(kind, http, intent, refusals, ct))
                .RequireAuthorization(Policies.Member).ExcludeFromDescription().WithPriority(RequestPriority.Essential);
    }

    /// <summary>The pages of a kind are under this address.</summary>
    public static string Root(IntentKind kind) => kind switch
    {
        IntentKind.Payment => "/pay",
        IntentKind.Transfer => "/send",
        IntentKind.Reward => "/rewards",
        IntentKind.Link => "/send/link",
        IntentKind.Request => "/requests",
        IntentKind.Withdrawal => "/withdraw",
        _ => "/charge",
    };

    /// <summary>What the browser calls the one it keeps: one of each kind can be open.</summary>
    public static string KeptAs(IntentKind kind) =>
        kind == IntentKind.Payment ? "ensen.intent" : "ensen." + kind.ToString().ToLowerInvariant();

    /// <summary>Nobody knows whether it was done. (Busy is another thing: nothing of it was taken.)</summary>
    public static bool IsUnknown(Exception e) =>
        e is not LedgerBusyException && (e is LedgerUnavailableException || TransientFailure.Is(e));

    /// <summary>Where the outcome of what was sent just now is told as soon as it is known.</summary>
    public string Checking(IntentKind kind, string intent) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root(kind)}/checking/{intent}?since={clock.GetUtcNow().ToUnixTimeMilliseconds()}");

    /// <summary>Answers a form of which nobody knows whether it was done.</summary>
    /// <param name="about">What the form is about, where a kind has forms of several things: the store that is paid.</param>
    public IResult Unknown(HttpContext http, IntentKind kind, string intent, Guid about = default)
    {
        Keep(http, kind, intent, about);
        return http.Answer(FormAnswer.Checking, Checking(kind, intent));
    }

    /// <summary>Whoever comes back to the form finds this intent in it, for ten minutes: what is sent then is the same once more.</summary>
    static void Keep(HttpContext http, IntentKind kind, string intent, Guid about) =>
        http.Response.Cookies.Append(Cookie(kind).Name, $"{intent}.{about:N}", new CookieOptions
        {
            Path = Cookie(kind).Path,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            HttpOnly = true,
            MaxAge = TimeSpan.FromMinutes(10),
        });

    /// <summary>The intent for a form that is opened: the one of which nobody knows yet what became of it, else a new one.</summary>
    public async Task<string> Open(HttpContext http, IntentKind kind, CancellationToken ct, Guid about = default) =>
        http.Request.Cookies[Cookie(kind).Name]?.Split('.') is [var kept, var of] && of == about.ToString("N")
            && FormInput.TryIntent(kept, out _) && await FindOutcome(kind, http.MemberId(), kept, ct) is null
            ? kept
            : Id.New(clock).ToString();

    /// <summary>
    /// Back to a form that was sent since leads to what was done, and not to what it was refused for once; null when nothing was done.
    /// </summary>
    public async Task<string?> DoneSince(
        IntentKind kind, HttpContext http, IReadOnlyDictionary<string, string>? sentBack, CancellationToken ct) =>
        sentBack?.GetValueOrDefault("intent") is { Length: > 0 } intent
            ? (await FindOutcome(kind, http.MemberId(), intent, ct))?.Done
            : null;

    /// <summary>
    /// Whether what was sent never arrived: nothing is known of it a minute after it was sent. An address that does not say when tells of
    /// the moment at which the form was made.
    /// </summary>
    public bool IsLost(string intent, string? since) =>
        !Guid.TryParse(intent, out var id) || id.Version != 7
        || clock.GetUtcNow().ToUnixTimeMilliseconds() - SentAt(id, since) > s_lostAfter.TotalMilliseconds;

    static long SentAt(Guid intent, string? since) =>
        long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? sent : Id.TimeOf(intent)
            .ToUnixTimeMilliseconds();

    /// <summary>What became of it; null while nothing is known.</summary>
    public async Task<IntentOutcome?> FindOutcome(IntentKind kind, MemberId member, string intent, CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key))
            return null;
        return kind switch
        {
            IntentKind.Payment => Of(await pay.FindOutcome(member, key, ct), paid => $"/pay/done/{paid.PaymentId}"),
            IntentKind.Transfer =>
                Of(await transfer.FindOutcome(member, key, ct), sent => $"/send/done/{sent.TransferId}"),
            IntentKind.Request => Of(await requests.FindOutcome(member, key, ct), sent => $"/send/done/{sent.TransferId}"),
            IntentKind.Link => Of(await links.FindOutcome(member, key, ct), made => $"/send/links/{made.LinkId}"),
            IntentKind.Withdrawal => Of(await withdraw.FindOutcome(member, key, ct), begun => $"/withdraw/{begun.WithdrawalId}"),
            IntentKind.Reward => Of(await rewards.FindOutcome(member, key, ct), ordered => $"/rewards/orders/{ordered.OrderId}"),
            _ => Of(await charge.FindOutcome(member, key, ct), charged => $"/charge/{charged.ChargeId}"),
        };
    }

    async Task<IResult> Tell(IntentKind kind, HttpContext http, string intent, Refusals refusals, CancellationToken ct) =>
        await FindOutcome(kind, http.MemberId(), intent, ct) is not { } became ? Results.NotFound()
        : became.Refusal is { } code ? Results.Json(FormAnswer.Refused(refusals.Of(code)))
        : Results.Json(FormAnswer.Done(became.Done!));

    static IntentOutcome? Of<TValue, TRefusal>(Answer<TValue, TRefusal>? answer, Func<TValue, string> page)
        where TValue : class
        where TRefusal : struct, Enum =>
        answer is not { } known ? null
        : known.Accepted ? new IntentOutcome(page(known.Value), null)
        : new IntentOutcome(null, Problem.Code(known.Refusal.ToString()));
}
