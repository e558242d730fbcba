using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Links;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record LinkBody([property: JsonConverter(typeof(WholeAmount))] long Amount, string? Note = null);

/// <summary>
/// A link as its sender sees it. <paramref name="Status"/>: <c>open</c>, <c>claimed</c>, <c>lapsed</c> or <c>withdrawn</c>. The token is
/// the secret of it; whoever has it may claim. <paramref name="Balance"/>: the sender's when it was made, null in lists.
/// </summary>
sealed record LinkAnswer(string LinkId, string Status, long Amount, string? Note, string? Token, string? Url, DateTimeOffset At,
    DateTimeOffset ExpiresAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Balance = null);

sealed record LinksAnswer(IReadOnlyList<LinkAnswer> Items, string? Next);

/// <summary>A link as whoever has its token sees it; the sender's name is masked until it was claimed.</summary>
/// <param name="Own">It is the caller's own: that can be taken back, and not claimed.</param>
sealed record OpenedLinkAnswer(string Status, long Amount, string From, string? Note, DateTimeOffset ExpiresAt, bool Own);

sealed record LinkClaimedAnswer(string ClaimId, string Status, long Amount, long Balance);

/// <summary>Money sent by link.</summary>
static class LinksApi
{
    const int Usual = 20;
    const int Most = 100;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/links", Create)
            .Named("createLink", "Sends money to whoever opens the link first; unclaimed it comes back after some days.")
            .RequireAuthorization(Policies.Member).MovesValue<LinkAnswer>().NeedsProgram(Spending.Links);
        api.MapGet("/links", List).WithPriority(RequestPriority.CanWait)
            .Named("listLinks", "Links that the member sent, the newest first.")
            .RequireAuthorization(Policies.Member).Produces<LinksAnswer>().Refuses(400);
        api.MapGet("/links/{token}", Read)
            .Named("readLink", "What whoever has a link's token would claim.")
            .RequireAuthorization(Policies.Member).Produces<OpenedLinkAnswer>().Refuses(404);
        api.MapPost("/links/{token}/claim", Claim)
            .Named("claimLink", "Takes a link's money: once, whoever is first.")
            .RequireAuthorization(Policies.Member).MovesValue<LinkClaimedAnswer>();
        api.MapPost("/links/{token}/cancellation", Cancel)
            .Named("cancelLink", "The sender takes a link back before anybody has claimed it.")
            .RequireAuthorization(Policies.Member).MovesValue<LinkAnswer>();
    }

    static async Task<IResult> Create(HttpContext context, Body<LinkBody> body, CreateLink create, MoneyLinks links,
        MemberDirectory directory, Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "link", asked.Amount, asked.Note) is not { } key) return new Problem("key_required");
        var sender = await context.Payer(directory, ct);
        var answer = await create.Run(new CreateLinkRequest(sender, asked.Amount.Yen(), asked.Note, [key]), ct);
        Keys.Mark(context, answer);
        if (!answer.Accepted)
            return answer.Refusal == CreateLinkRefusal.OverLimit ? await Problem.OverLimit(context, ct) : Problem.Of(answer.Refusal);
        // Whoever asks again is told the same, whatever became of the link since: its list says that.
        var made = (await links.Of(sender.MemberId, answer.Value.LinkId, ct))! with { State = LinkState.Open };
        return Results.Created((string?)null, Told(made, links, programme, made.Row.At) with { Balance = answer.Value.Balance.Value });
    }

    static async Task<IResult> List(HttpContext context, string? limit, string? before, MoneyLinks links, Programme programme,
        TimeProvider clock, CancellationToken ct)
    {
        if (!Paging.TryRead(limit, before, Usual, Most, out var page)) return Problem.Invalid();
        var found = await links.SentBy(context.MemberId(), page.Before is { } id ? new LinkId(id.Value) : null, page.Limit, ct);
        return Results.Ok(new LinksAnswer(
            [.. found.Select(link => Told(link, links, programme, clock.GetUtcNow()))],
            found.Count == page.Limit ? found[^1].Row.EntryId.ToString() : null));
    }

    static async Task<IResult> Read(
        HttpContext context, string token, MoneyLinks links, MemberDirectory directory, TimeProvider clock, CancellationToken ct) =>
        await links.ByToken(token, ct) is { } link
            ? Results.Ok(new OpenedLinkAnswer(
                Status(link, clock.GetUtcNow()), link.Row.AmountYen.Value,
                await directory.Find(link.Row.Sender, ct) is { HasLeft: false } sender ? Receivers.Masked(sender.Name) : "",
                link.Row.Note, JapanDay.InTokyo(link.Row.Until), link.Row.Sender == context.MemberId()))
            : new Problem("not_found");

    static async Task<IResult> Claim(
        HttpContext context, string token, ClaimLink claim, MemberDirectory directory, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "claim link", token) is not { } key) return new Problem("key_required");
        var answer = await claim.Run(new ClaimLinkRequest(await context.Payer(directory, ct), token, [key]), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new LinkClaimedAnswer(
                answer.Value.ClaimId.ToString(), "claimed", answer.Value.Amount.Value, answer.Value.Balance.Value))
            : LinkRefusals.Of(answer.Refusal);
    }

    static async Task<IResult> Cancel(HttpContext context, string token, ReturnLink back, MoneyLinks links, Programme programme,
        TimeProvider clock, CancellationToken ct)
    {
        if (Keys.Key(context, context.MemberId(), "cancel link", token) is not { } key) return new Problem("key_required");
        if (await links.ByToken(token, ct) is not { } link || link.Row.Sender != context.MemberId()) return new Problem("not_found");
        var answer = await back.Withdraw(context.MemberId(), link.Row.EntryId, [key], ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, Told(
                (await links.Of(context.MemberId(), link.Row.EntryId, ct))!, links, programme, clock.GetUtcNow()))
            : LinkRefusals.Of(answer.Refusal);
    }

    static LinkAnswer Told(MoneyLink link, MoneyLinks links, Programme programme, DateTimeOffset now)
    {
        var token = link.State == LinkState.Open ? links.TokenOf(link) : null;
        return new LinkAnswer(
            link.Row.EntryId.ToString(), Status(link, now), link.Row.AmountYen.Value, link.Row.Note, token,
            token is null ? null : MoneyLinks.AddressOf(programme.Origin, token), JapanDay.InTokyo(link.Row.At),
            JapanDay.InTokyo(link.Row.Until));
    }

    static string Status(MoneyLink link, DateTimeOffset now) => link.StateAt(now).ToString().ToLowerInvariant();
}
