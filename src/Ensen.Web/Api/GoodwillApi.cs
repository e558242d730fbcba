using System.Globalization;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>Points for a member; <paramref name="ExpiresOn"/>: the day through which they will live (<c>2027-03-31</c>).</summary>
sealed record GoodwillBody(
    string MemberId, [property: JsonConverter(typeof(WholeAmount))] long Points, string ExpiresOn, string Reason);

/// <summary><paramref name="Status"/>: <c>waiting</c>, <c>posted</c> or <c>withdrawn</c>.</summary>
sealed record GoodwillAnswer(GoodwillId GoodwillId, string Status, MemberId MemberId, long Points, string ExpiresOn, string Reason,
    string ProposedBy, DateTimeOffset ProposedAt);

sealed record GoodwillListAnswer(IReadOnlyList<GoodwillAnswer> Items);

sealed record GoodwillGivenAnswer(GoodwillId GoodwillId, EntryId EntryId, long Points);

/// <summary>Points as goodwill, by two people.</summary>
static class GoodwillApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var goodwill = api.MapGroup("/console/goodwill").RequireAuthorization(Policies.Corrections);
        goodwill.MapGet("", List).Named("listGoodwill", "Points that wait for a second person, the newest first; at most a hundred.")
            .WithPriority(RequestPriority.CanWait).Produces<GoodwillListAnswer>();
        goodwill.MapPost("", Propose)
            .Named("proposeGoodwill",
                "Proposes points for a member, with a reason that the member reads and a last day: today at the earliest, at the latest that "
                + "of points earned today. Nothing is given before another person's approval.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<GoodwillAnswer>(201).Refuses(400, 404, 422);
        goodwill.MapPost("/{id}/approval", Approve)
            .Named("approveGoodwill", "Gives the points, as another person than the one who proposed them (same_person). The member is told.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<GoodwillGivenAnswer>().Refuses(400, 404, 409, 410, 422);
        goodwill.MapPost("/{id}/withdrawal", Withdraw)
            .Named("withdrawGoodwill", "Takes a proposal back that waits. Takes a reason.")
            .Produces<GoodwillAnswer>().Refuses(400, 404, 409);
    }

    static async Task<IResult> List(ApproveGoodwill goodwill, CancellationToken ct) =>
        Results.Ok(new GoodwillListAnswer([.. (await goodwill.Waiting(ct)).Select(Of)]));

    static async Task<IResult> Propose(HttpContext context, Body<GoodwillBody> body, ProposeGoodwill propose, Programme programme,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!DateOnly.TryParseExact(asked.ExpiresOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new Problem("invalid_request");
        if (Keys.Key(context, context.OperatorId(), "goodwill") is not { } key) return new Problem("key_required");
        var answer = await propose.Run(new ProposeGoodwillRequest(Id.TryParse(asked.MemberId, out MemberId member) ? member : default,
            asked.Points, new JapanDay(day), asked.Reason, context.OperatorId(), key.Key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, Of(answer.Value))
            : answer.Refusal == ProposeGoodwillRefusal.InvalidAmount ? Problem.NotBetween(1, programme.Points.GoodwillMost)
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Approve(HttpContext context, string id, ApproveGoodwill approve, CancellationToken ct)
    {
        if (Keys.Key(context, context.OperatorId(), "approve goodwill", id) is not { } key) return new Problem("key_required");
        var answer = await approve.Run(Goodwill(id), context.OperatorId(), key, ct);
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Ok(new GoodwillGivenAnswer(answer.Value.GoodwillId, answer.Value.EntryId, answer.Value.Points.Value))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Withdraw(
        HttpContext context, string id, Body<OperatorReasonBody> body, WithdrawGoodwill withdraw, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await withdraw.Run(new WithdrawGoodwillRequest(Goodwill(id), asked.Reason, context.OperatorId()), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    /// <summary>What is no proposal's number is none's.</summary>
    static GoodwillId Goodwill(string id) => Id.TryParse(id, out GoodwillId goodwill) ? goodwill : default;

    static GoodwillAnswer Of(GoodwillProposal proposal) => new(
        proposal.Id, Problem.Code(proposal.State.ToString()), proposal.Member, proposal.Points.Value, proposal.LastDay.ToString(),
        proposal.Reason, proposal.ProposedBy, JapanDay.InTokyo(proposal.At));
}
