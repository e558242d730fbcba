using System.Globalization;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// What the last 30 days would have got. <paramref name="PerMinute"/>: points a minute in the busiest hour of them;
/// <paramref name="BreakerAt"/>: giving more than this in 60 seconds stops the campaign by itself.
/// </summary>
sealed record DryRunAnswer(
    DateTimeOffset At, int Days, long Payments, long Members, long Points, IReadOnlyList<long> ByHour, decimal PerMinute, long BreakerAt,
    long? LastsDays);

/// <summary><paramref name="Status"/>: <c>proposed</c>, <c>approved</c>, <c>ended</c> or <c>stopped</c>.</summary>
sealed record CampaignAnswer(
    CampaignId CampaignId, string Status, CampaignBody Terms, string ProposedBy, DateTimeOffset ProposedAt, DryRunAnswer? DryRun,
    string? ApprovedBy, DateTimeOffset? ApprovedAt, long Given, long GivenBack, string? EndedBy, DateTimeOffset? EndedAt, string? Why);

sealed record CampaignsAnswer(IReadOnlyList<CampaignAnswer> Items, string? Next);

sealed record CampaignStopAnswer(CampaignId CampaignId, string Status, long GivenBack);

/// <summary>
/// A campaign as members see it. Its points live until <paramref name="LastDay"/>, or for <paramref name="LastsDays"/> from the payment, or
/// from the day on which they can be spent where that is <paramref name="PendingDays"/> later. <paramref name="Uses"/>: what they can be
/// spent on, null where nothing narrows it. <paramref name="BudgetUsed"/>: nothing is left, and it gives nothing any more. A payment has
/// to fit each of the lists from <paramref name="Stores"/> on; one that is empty excludes nobody.
/// </summary>
sealed record OpenCampaignAnswer(
    CampaignId CampaignId, string Name, string Text, DateTimeOffset From, DateTimeOffset Until, GiftBody Gift, long? LeastYen,
    long? CapPerDay, long? CapInAll, bool EntryNeeded, bool Entered, string? LastDay, int? LastsDays, int? PendingDays, string? Uses,
    bool BudgetUsed, IReadOnlyList<string> Stores, IReadOnlyList<string> Areas, IReadOnlyList<string> Categories,
    IReadOnlyList<string> DayKinds, IReadOnlyList<string> Days, int FromHour, int UntilHour, IReadOnlyList<string> Channels);

sealed record OpenCampaignsAnswer(IReadOnlyList<OpenCampaignAnswer> Items);

sealed record CampaignEntryAnswer(CampaignId CampaignId, DateTimeOffset EnteredAt);

/// <summary>Campaigns for operators' programs, and for members.</summary>
static class CampaignsApi
{
    const int UsualRows = 20;
    const int MostRows = 100;

    public static IEnumerable<string> Statuses => Enum.GetNames<CampaignState>().Select(Problem.Code);

    public static IEnumerable<string> GiftKinds => Enum.GetNames<GiftKind>().Select(Problem.Code);

    public static void Map(RouteGroupBuilder api)
    {
        var campaigns = api.MapGroup("/console/campaigns").RequireAuthorization(Policies.Campaigns);
        campaigns.MapGet("", List).Named("listCampaigns", "All campaigns, the newest first.")
            .WithPriority(RequestPriority.CanWait).Produces<CampaignsAnswer>().Refuses(400);
        campaigns.MapPost("", Propose)
            .Named("proposeCampaign", "Proposes a campaign. It gives nothing before a dry run and another person's approval.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<CampaignAnswer>(201).Refuses(400, 422);
        campaigns.MapGet("/{id}", Read).Named("readCampaign", "One campaign.").Produces<CampaignAnswer>().Refuses(404);
        campaigns.MapPost("/{id}/dry-run", Try)
            .Named("dryRunCampaign", "What the campaign would have given for the payments of the last 30 days. Nothing is given.")
            .Produces<DryRunAnswer>().Refuses(404, 409);
        campaigns.MapPost("/{id}/approval", Approve)
            .Named("approveCampaign",
                "Approves it, as another person than the one who proposed it (same_person), after a dry run (dry_run_needed). Its budget is opened; "
                + "it gives from its first instant on.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<CampaignAnswer>().Refuses(400, 404, 409, 410, 422);
        campaigns.MapPost("/{id}/stop", Stop)
            .Named("stopCampaign", "Stops it at once, or takes it back while it is proposed. Takes a reason. What was given stays given.")
            .Produces<CampaignStopAnswer>().Refuses(400, 404, 409);
        api.MapGet("/campaigns", Open)
            .Named("listOpenCampaigns", "Campaigns that run or will soon, and which of them the member has entered.")
            .RequireAuthorization(Policies.Member).WithPriority(RequestPriority.CanWait).Produces<OpenCampaignsAnswer>();
        api.MapPost("/campaigns/{id}/entries", Enter)
            .Named("enterCampaign", "Enters a campaign that asks for it: what is paid from now on gets points. Entering again is the same entry.")
            .RequireAuthorization(Policies.Member).Produces<CampaignEntryAnswer>(201).Refuses(404, 410, 422);
    }

    static async Task<IResult> List(
        string? limit, string? before, LookUpCampaigns campaigns, EndCampaigns breaker, CancellationToken ct)
    {
        var (count, from) = (UsualRows, default(CampaignId));
        if (limit is not null && !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            || count is < 1 or > MostRows || before is not null && !Id.TryParse(before, out from))
            return new Problem("invalid_request");
        var found = await campaigns.List(before is null ? null : from, count, ct);
        return Results.Ok(new CampaignsAnswer(
            [.. found.Select(c => Of(c, breaker))], found.Count == count ? found[^1].Campaign.Id.ToString() : null));
    }

    static async Task<IResult> Read(string id, LookUpCampaigns campaigns, EndCampaigns breaker, CancellationToken ct) =>
        await campaigns.One(Campaign(id), ct) is { } found ? Results.Ok(Of(found, breaker)) : new Problem("not_found");

    static async Task<IResult> Propose(
        HttpContext context, Body<CampaignBody> body, ProposeCampaign propose, EndCampaigns breaker, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (CampaignWords.TermsOf(asked, out var wrong) is not { } terms) return Invalid(wrong);
        if (Keys.Key(context, context.OperatorId(), "campaign") is not { } key) return new Problem("key_required");
        var answer = await propose.Run(new ProposeCampaignRequest(terms, context.OperatorId(), key.Key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created(
                $"/api/v1/console/campaigns/{answer.Value.Id}", Of(new FoundCampaign(answer.Value, PointAmount.Zero), breaker))
            : answer.Refusal == ProposeCampaignRefusal.InvalidRequest ? Invalid(await propose.Faults(terms, ct))
            : Problem.Of(answer.Refusal);

        Problem Invalid(IReadOnlyList<CampaignField> fields) => Problem.Invalid([.. fields.Select(f => CampaignWords.NameOf(f, asked))]);
    }

    static async Task<IResult> Try(
        HttpContext context, string id, DryRunCampaign dryRun, EndCampaigns breaker, CancellationToken ct)
    {
        var answer = await dryRun.Run(Campaign(id), context.OperatorId(), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value, breaker)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Approve(
        HttpContext context, string id, ApproveCampaign approve, LookUpCampaigns campaigns, EndCampaigns breaker, CancellationToken ct)
    {
        if (Keys.Key(context, context.OperatorId(), "approve campaign", id) is not { } key) return new Problem("key_required");
        var answer = await approve.Run(Campaign(id), context.OperatorId(), key, ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Ok(Of((await campaigns.One(Campaign(id), ct))!, breaker)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Stop(
        HttpContext context, string id, Body<OperatorReasonBody> body, StopCampaign stop, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await stop.Run(new StopCampaignRequest(Campaign(id), asked.Reason, context.OperatorId()), ct);
        return answer.Accepted
            ? Results.Ok(new CampaignStopAnswer(
                answer.Value.CampaignId, Problem.Code(nameof(CampaignState.Stopped)), answer.Value.GivenBack.Value))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Open(HttpContext context, LookUpCampaigns campaigns, PointUses uses, CancellationToken ct)
    {
        var open = await campaigns.OpenTo(context.MemberId(), ct);
        var named = open.Any(c => c.Campaign.Terms.Uses > 0) ? await uses.All(ct) : [];
        return Results.Ok(new OpenCampaignsAnswer([.. open.Select(c => Of(c, c.Campaign.Terms))]));

        OpenCampaignAnswer Of(OpenCampaign found, CampaignTerms terms)
        {
            var body = CampaignWords.Of(terms);
            return new OpenCampaignAnswer(
                found.Campaign.Id, CampaignWords.NameOf(terms), CampaignWords.TextOf(terms), JapanDay.InTokyo(terms.From),
                JapanDay.InTokyo(terms.Until), CampaignWords.Of(terms.Gift), CampaignWords.OrNull(terms.LeastYen), terms.CapPerDay,
                terms.CapInAll, terms.EntryNeeded, found.Entered, terms.LastDay?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                terms.LastsDays, terms.PendingDays == 0 ? null : terms.PendingDays, CampaignWords.UseOf(terms, named),
                found.IsUsedUp, body.Stores!, body.Areas!, body.Categories!, body.DayKinds!, body.Days!, terms.FromHour, terms.UntilHour,
                body.Channels!);
        }
    }

    static async Task<IResult> Enter(
        HttpContext context, string id, EnterCampaign enter, MemberDirectory directory, CancellationToken ct)
    {
        var payer = await context.Payer(directory, ct);
        var answer = await enter.Run(Campaign(id), payer.MemberId, payer.Verified, ct);
        return answer.Accepted
            ? Results.Created((string?)null, new CampaignEntryAnswer(answer.Value.CampaignId, JapanDay.InTokyo(answer.Value.At)))
            : answer.Refusal == EnterCampaignRefusal.NotEligible ? Problem.NotForYou : Problem.Of(answer.Refusal);
    }

    /// <summary>What is no campaign's id is nobody's.</summary>
    static CampaignId Campaign(string id) => Id.TryParse(id, out CampaignId campaign) ? campaign : default;

    static CampaignAnswer Of(FoundCampaign found, EndCampaigns breaker)
    {
        var campaign = found.Campaign;
        return new CampaignAnswer(
            campaign.Id, Problem.Code(campaign.State.ToString()), CampaignWords.Of(campaign.Terms), campaign.ProposedBy,
            JapanDay.InTokyo(campaign.ProposedAt), campaign.DryRun is { } dry ? Of(dry, breaker) : null, campaign.ApprovedBy,
            Tokyo(campaign.ApprovedAt), found.Given.Value, campaign.GivenBack.Value, campaign.EndedBy, Tokyo(campaign.EndedAt),
            campaign.Why);
    }

    static DryRunAnswer Of(DryRun dry, EndCampaigns breaker) => new(
        JapanDay.InTokyo(dry.At), dry.Days, dry.Payments, dry.Members, dry.Points.Value, dry.ByHour, dry.PerMinute,
        breaker.MostInAMinute(dry), dry.LastsDays);

    static DateTimeOffset? Tokyo(DateTimeOffset? at) => at is { } instant ? JapanDay.InTokyo(instant) : null;
}
