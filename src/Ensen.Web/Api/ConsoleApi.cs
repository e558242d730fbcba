using System.Globalization;
using System.Text.Json;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>A member as a search shows them: name, address and telephone are masked.</summary>
sealed record FoundMemberAnswer(MemberId MemberId, string Name, string? Email, string? Telephone, bool Verified, bool Frozen);

/// <summary>What a search found; <paramref name="More"/>: there are others, and the search has to say more.</summary>
sealed record FoundMembersAnswer(IReadOnlyList<FoundMemberAnswer> Items, bool More);

sealed record MemberDeviceAnswer(string DeviceId, string Name, DateTimeOffset SignedInAt, DateTimeOffset SeenAt);

sealed record MemberPasskeyAnswer(string PasskeyId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>How the last verification of a member stands.</summary>
sealed record MemberVerificationAnswer(string VerificationId, string Method, string Status, string? Reason, DateTimeOffset BegunAt);

/// <summary>That the member was told something by mail; what for is a stable word.</summary>
sealed record MemberNoticeAnswer(string What, DateTimeOffset At);

/// <summary>What a member may not do. <paramref name="By"/>: a person of the staff (<c>per_…</c>), or the member.</summary>
sealed record RestrictionAnswer(
    RestrictionId RestrictionId, string Kind, string Reason, string By, DateTimeOffset From, DateTimeOffset? Until);

sealed record MemberLimitsAnswer(long PerPayment, long PerDay, long PerMonth);

/// <summary>
/// A member as an operator with a reason sees them. Of one who has left (<paramref name="LeftAt"/>) nothing else is known; until
/// <paramref name="RecordKeptUntil"/> a sealed record is kept.
/// </summary>
sealed record MemberProfileAnswer(MemberId MemberId, string Name, string? Email, string? Telephone, bool Verified, string Language,
    DateTimeOffset RegisteredAt, bool Frozen, MemberLimitsAnswer Limits, IReadOnlyList<RestrictionAnswer> Restrictions,
    IReadOnlyList<MemberDeviceAnswer> Devices, IReadOnlyList<MemberPasskeyAnswer> Passkeys, bool HasAuthenticator,
    MemberVerificationAnswer? Verification, IReadOnlyList<MemberNoticeAnswer> Notices, DateTimeOffset? LeftAt,
    DateTimeOffset? RecordKeptUntil);

sealed record OperatorReasonBody(string Reason);

sealed record MemberFreezeAnswer(MemberId MemberId, bool Frozen);

/// <summary>A row of the log. Operator and person are null where a command acted for nobody.</summary>
sealed record LogAnswer(long Number, DateTimeOffset At, string Act, OperatorId? OperatorId, PersonId? PersonId, string Through,
    string? Subject, string? Reason, string? Detail);

sealed record LogPage(IReadOnlyList<LogAnswer> Items, string? Next);

/// <summary>The console for programs: members with a reason, freeze and thaw, the log. Pages ask the same verbs.</summary>
static class ConsoleApi
{
    const int UsualRows = 50;
    const int MostRows = 100;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/console/members", Search)
            .Named("searchMembers",
                "Members by mail address, telephone, number or part of a name, masked; at most 20. Takes a reason, and is recorded.")
            .RequireAuthorization(Policies.Support).WithPriority(RequestPriority.CanWait)
            .Produces<FoundMembersAnswer>().Refuses(400);
        api.MapGet("/console/members/{id}", View)
            .Named("viewMember", "A member's profile with devices, caps and restrictions. Takes a reason, and is recorded.")
            .RequireAuthorization(Policies.Support).Produces<MemberProfileAnswer>().Refuses(400, 404);
        api.MapPost("/console/members/{id}/freeze", Freeze)
            .Named("freezeMember", "Freezes a member, at once. Takes a reason.")
            .RequireAuthorization(Policies.Security).WithPriority(RequestPriority.Essential).WithMetadata(new ApiSetup.NeedsKey())
            .Produces<MemberFreezeAnswer>().Refuses(400, 404, 422);
        api.MapPost("/console/members/{id}/thaw", Unfreeze)
            .Named("thawMember",
                "Lifts all that a member is frozen by. Takes a reason, and another person than whoever froze the member (forbidden).")
            .RequireAuthorization(Policies.Security).WithMetadata(new ApiSetup.NeedsKey())
            .Produces<MemberFreezeAnswer>().Refuses(400, 404, 422);
        api.MapDelete("/console/members/{id}/devices/{deviceId}", ThrowDevice)
            .Named("throwOutDevice", "Signs out one of a member's devices, at once. Takes a reason; the member is told by mail.")
            .RequireAuthorization(Policies.Security).Produces(204).Refuses(400, 404);
        api.MapDelete("/console/members/{id}/passkeys/{passkeyId}", ThrowPasskey)
            .Named("throwOutPasskey", "Takes one of a member's passkeys away, at once. Takes a reason; the member is told by mail.")
            .RequireAuthorization(Policies.Security).Produces(204).Refuses(400, 404);
        api.MapGet("/console/log", Log)
            .Named("readLog", "Who looked at or changed what, why and when, the newest first.")
            .RequireAuthorization(Policies.Audit).WithPriority(RequestPriority.CanWait).Produces<LogPage>().Refuses(400);
    }

    static async Task<IResult> Search(HttpContext context, string? query, string? reason, LookUpMembers lookUp, CancellationToken ct)
    {
        var answer = await lookUp.Search(query ?? "", reason ?? "", context.OperatorId(), ct);
        return answer.Accepted
            ? Results.Ok(new FoundMembersAnswer([.. answer.Value.Members.Select(m =>
                new FoundMemberAnswer(m.Id, m.Name, m.Email, m.Telephone, m.Verified, m.Frozen))], answer.Value.More))
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> View(HttpContext context, string id, string? reason, LookUpMembers lookUp, CancellationToken ct)
    {
        // The reason comes first: whoever gives none learns nothing, also not whether there is such a member.
        var answer = await lookUp.View(Member(id), reason ?? "", context.OperatorId(), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static Task<IResult> Freeze(HttpContext context, string id, Body<OperatorReasonBody> body, OperatorFreeze freeze,
        CancellationToken ct) => Change(context, id, body, "freeze", request => freeze.Freeze(request, ct));

    static Task<IResult> Unfreeze(HttpContext context, string id, Body<OperatorReasonBody> body, OperatorFreeze freeze,
        CancellationToken ct) => Change(context, id, body, "thaw", request => freeze.Thaw(request, ct));

    static async Task<IResult> Change(HttpContext context, string id, Body<OperatorReasonBody> body, string what,
        Func<OperatorFreezeRequest, Task<Answer<MemberFreeze, OperatorFreezeRefusal>>> change)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var by = context.OperatorId();
        if (Keys.Key(context, by, what, id, asked.Reason) is not { } key) return new Problem("key_required");
        var answer = await change(new OperatorFreezeRequest(Member(id), asked.Reason, by, key));
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Ok(new MemberFreezeAnswer(answer.Value.Member, answer.Value.Frozen)) : Problem.Of(answer.Refusal);
    }

    static Task<IResult> ThrowDevice(HttpContext context, string id, string deviceId, string? reason, ThrowOut throwOut,
        CancellationToken ct) =>
        Throw(throwOut, new ThrowOutRequest(Member(id), Id.TryParse(deviceId, out SessionId device) ? device : default(SessionId), null,
            reason ?? "", context.OperatorId()), ct);

    static Task<IResult> ThrowPasskey(HttpContext context, string id, string passkeyId, string? reason, ThrowOut throwOut,
        CancellationToken ct) =>
        Throw(throwOut, new ThrowOutRequest(Member(id), null, Id.TryParse(passkeyId, out PasskeyId passkey) ? passkey : default(PasskeyId),
            reason ?? "", context.OperatorId()), ct);

    static async Task<IResult> Throw(ThrowOut throwOut, ThrowOutRequest request, CancellationToken ct) =>
        await throwOut.Run(request, ct) is { Accepted: false } answer ? Problem.Of(answer.Refusal) : Results.NoContent();

    static async Task<IResult> Log(string? limit, string? before, OperatorLog log, CancellationToken ct)
    {
        var (count, from) = (UsualRows, (long?)null);
        if (limit is not null && !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            || count is < 1 or > MostRows || before is not null && !TryRead(before, out from))
            return new Problem("invalid_request");
        var rows = await log.List(count, from, ct);
        return Results.Ok(new LogPage(
            [.. rows.Select(Of)],
            rows.Count == count && rows[^1].Number > 1 ? rows[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    static bool TryRead(string text, out long? number)
    {
        var read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return read;
    }

    /// <summary>What is no member's number is nobody's.</summary>
    static MemberId Member(string id) => Id.TryParse(id, out MemberId member) ? member : default;

    static MemberProfileAnswer Of(MemberProfile profile) => new(
        profile.Member.Id, profile.Member.Name, profile.Member.Email, profile.Member.Telephone, profile.Member.Verified,
        profile.Member.Language, At(profile.Member.CreatedMs), profile.Frozen,
        new MemberLimitsAnswer(profile.Caps.Caps.PerPayment, profile.Caps.Caps.PerDay, profile.Caps.Caps.PerMonth),
        [.. profile.Restrictions.Select(r => new RestrictionAnswer(
            r.Id, Name(r.Kind.Name), r.Reason, r.By.Name, JapanDay.InTokyo(r.From),
            r.Until is { } until ? JapanDay.InTokyo(until) : null))],
        [.. profile.Devices.Select(d => new MemberDeviceAnswer(d.Session.ToString(), d.Name, At(d.CreatedMs), At(d.SeenMs)))],
        [.. profile.Passkeys.Select(p => new MemberPasskeyAnswer(
            p.Id.ToString(), p.Name, At(p.CreatedMs), p.UsedMs is { } used ? At(used) : null))],
        profile.Factors.HasAuthenticator,
        profile.Verification is { } v ? new MemberVerificationAnswer(
            v.Id.ToString(), Name(v.Method.ToString()), Name(v.State.ToString()), v.Reason, At(v.BegunMs)) : null,
        [.. profile.Notices.Select(n => new MemberNoticeAnswer(Name(n.What), At(n.AtMs)))],
        profile.Former is { } former ? At(former.LeftMs) : null,
        profile.Former?.RecordUntilMs is { } until ? At(until) : null);

    static LogAnswer Of(LogEntry row) => new(
        row.Number, At(row.AtMs), Name(row.Act.ToString()), row.Operator, row.Person, Name(row.Through.ToString()), row.Subject,
        row.Reason, row.Detail);

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms));

    static string Name(string word) => JsonNamingPolicy.CamelCase.ConvertName(word);
}
