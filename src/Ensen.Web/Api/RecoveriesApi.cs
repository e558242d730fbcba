using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// A recovery that is under way. <paramref name="Status"/>: <c>proposed</c>, <c>approved</c> (the member was told) or <c>mailed</c> (the
/// link was). <paramref name="OpensAt"/>: not before then the link is mailed.
/// </summary>
sealed record RecoveryAnswer(RecoveryId RecoveryId, MemberId MemberId, string Status, string Reason, bool NewTelephone, string ProposedBy,
    DateTimeOffset ProposedAt, string? ApprovedBy, DateTimeOffset? OpensAt, DateTimeOffset? LinkUntil);

/// <summary>All that are under way; one list, for it is short.</summary>
sealed record RecoveriesAnswer(IReadOnlyList<RecoveryAnswer> Items);

/// <summary>
/// <paramref name="BornOn"/>: the day of birth on the papers, of a verified member. <paramref name="Telephone"/>: another number, where the
/// registered one is lost, too.
/// </summary>
sealed record RecoveryBody(string Reason, string? BornOn = null, string? Telephone = null);

/// <summary><paramref name="BornOn"/>: the day of birth on the papers as the second person has seen them, of a verified member.</summary>
sealed record RecoveryApprovalBody(string? BornOn = null);

/// <summary>
/// Whether a recovery of the member's is under way: <c>none</c>, <c>approved</c> or <c>mailed</c>. <paramref name="OpensAt"/>: not before
/// then the link is mailed.
/// </summary>
sealed record OwnRecoveryAnswer(string Status, DateTimeOffset? OpensAt);

/// <summary>
/// The way back of a member who has lost everything: two operators open it, the member stops it. It is used as a password that was
/// forgotten is replaced: <c>POST /password-resets/link</c> with the token of its mail.
/// </summary>
static class RecoveriesApi
{
    const string None = "none";
    const string Proposed = "proposed";
    const string Approved = "approved";
    const string Mailed = "mailed";

    public static IEnumerable<string> Statuses => [Proposed, Approved, Mailed];

    public static IEnumerable<string> OwnStatuses => [None, Approved, Mailed];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/console/recoveries", List)
            .Named("listRecoveries", "Recoveries that are under way, the oldest first.")
            .RequireAuthorization(Policies.Security).WithPriority(RequestPriority.CanWait).Produces<RecoveriesAnswer>();
        api.MapPost("/console/members/{id}/recoveries", Propose)
            .Named("proposeRecovery",
                "Proposes the way back of a member who has lost every way to sign in, with how they showed who they are. One at a time (in_progress); "
                + "not while address or telephone were changed lately (held).")
            .RequireAuthorization(Policies.Security).Produces<RecoveryAnswer>(201).Refuses(400, 404, 409, 422, 429);
        var one = api.MapGroup("/console/recoveries/{id}").RequireAuthorization(Policies.Security);
        one.MapPost("/approvals", Approve)
            .Named("approveRecovery",
                "Approves it, as another person than the one who proposed it (same_person). The member is told at once and can stop it; the link is "
                + "mailed after the programme's time of waiting.")
            .Produces<RecoveryAnswer>().Refuses(400, 404, 409, 410, 422, 429);
        one.MapDelete("", Withdraw).Named("withdrawRecovery", "Takes it back, until it is used. Takes a reason.")
            .Produces(204).Refuses(400, 404, 410);
        var mine = api.MapGroup("/me/recovery").RequireAuthorization(Policies.Member);
        mine.MapGet("", Read).Named("readRecovery", "Whether somebody asked for a way back in the member's name.").Produces<OwnRecoveryAnswer>();
        mine.MapDelete("", Stop).Named("stopRecovery", "Stops it; where none is under way nothing happens.").Produces(204);
        api.MapPost("/password-resets/recoveries/stops", StopByLink)
            .Named("stopRecoveryByLink", "Stops one, with the token of the mail that told of it.").AllowAnonymous()
            .Produces(204).Refuses(400, 410);
    }

    static async Task<IResult> List(ApproveRecovery recoveries, CancellationToken ct) =>
        Results.Ok(new RecoveriesAnswer([.. (await recoveries.Open(ct)).Select(Of)]));

    static async Task<IResult> Propose(HttpContext context, string id, Body<RecoveryBody> body, ProposeRecovery propose,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await propose.Run(new ProposeRecoveryRequest(
            Id.TryParse(id, out MemberId member) ? member : default, asked.Reason, context.OperatorId(), asked.BornOn,
            asked.Telephone), ct);
        return answer.Accepted ? Results.Json(Of(answer.Value), statusCode: 201) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Approve(
        HttpContext context, string id, Body<RecoveryApprovalBody> body, ApproveRecovery approve, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await approve.Run(new ApproveRecoveryRequest(Recovery(id), context.OperatorId(), asked.BornOn), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Withdraw(HttpContext context, string id, string? reason, WithdrawRecovery withdraw, CancellationToken ct) =>
        await withdraw.Run(new WithdrawRecoveryRequest(Recovery(id), reason ?? "", context.OperatorId()), ct) is { Accepted: false } answer
            ? Problem.Of(answer.Refusal) : Results.NoContent();

    static async Task<IResult> Read(HttpContext context, StopRecovery recoveries, CancellationToken ct) =>
        Results.Ok(await recoveries.Find(context.MemberId(), ct) is { } open
            ? new OwnRecoveryAnswer(StatusOf(open), At(open.OpensMs)) : new OwnRecoveryAnswer(None, null));

    static async Task<IResult> Stop(HttpContext context, StopRecovery stop, CancellationToken ct)
    {
        await stop.ByMember(context.MemberId(), ct);
        return Results.NoContent();
    }

    static async Task<IResult> StopByLink(Body<MailTokenBody> body, StopRecovery stop, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await stop.ByLink(asked.Token, ct);
        return answer.Accepted ? Results.NoContent() : Problem.Of(answer.Refusal);
    }

    static RecoveryAnswer Of(Recovery found) => new(found.Id, found.Member, StatusOf(found), found.Reason, found.Telephone is not null,
        found.ProposedBy, At(found.ProposedMs)!.Value, found.ApprovedBy, At(found.OpensMs), At(found.LinkUntilMs));

    static string StatusOf(Recovery found) => !found.IsApproved ? Proposed : found.MailedMs is null ? Approved : Mailed;

    static RecoveryId Recovery(string id) => Id.TryParse(id, out RecoveryId recovery) ? recovery : default;

    static DateTimeOffset? At(long? ms) => ms is { } at ? JapanDay.InTokyo(Instant.OfMilliseconds(at)) : null;
}
