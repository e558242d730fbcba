using System.Text.Json;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>
/// What to call <c>navigator.credentials.create</c> with, and the ticket to send back with what the device made, until then and once.
/// </summary>
sealed record PasskeyOptionsAnswer(string Ticket, JsonElement Options, DateTimeOffset ExpiresAt);

/// <summary><paramref name="Credential"/>: what the device made, as WebAuthn writes it in JSON.</summary>
sealed record PasskeyBody(string Ticket, JsonElement Credential, string? Name = null);

sealed record PasskeyNameBody(string Name);

/// <summary><paramref name="Synced"/>: it works on other devices of its owner's, too.</summary>
sealed record PasskeyAnswer(string PasskeyId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool Synced);

sealed record PasskeysAnswer(IReadOnlyList<PasskeyAnswer> Items);

/// <summary>
/// The member's passkeys. A program that shows pages of this programme's domain adds one; any may list, rename and remove them.
/// </summary>
static class PasskeysApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me/passkeys").RequireAuthorization(Policies.Member);
        mine.MapGet("", List).Named("listPasskeys", "The member's passkeys, the newest first; 20 at most.").Produces<PasskeysAnswer>();
        mine.MapPost("/options", Ask)
            .Named("askForPasskey",
                "What to ask a device for a new passkey, for this session. Where the programme is reached in a way that browsers have no "
                + "passkeys for, not_available.")
            .RequireRateLimiting(RateLimits.Challenges).Produces<PasskeyOptionsAnswer>().Refuses(422, 429);
        mine.MapPost("", Add)
            .Named("addPasskey", "Keeps the passkey that a device made; takes a Step-Up for `passkeys`. The member is told by mail.")
            .MayTakeStepUp().Produces<PasskeyAnswer>(201).Refuses(400, 409, 422);
        mine.MapPatch("/{id}", Rename).Named("renamePasskey", "Calls a passkey otherwise.")
            .Produces<PasskeyAnswer>().Refuses(400, 404);
        mine.MapDelete("/{id}", Remove)
            .Named("removePasskey",
                "Removes a passkey; takes a Step-Up for `passkeys`. The member is told by mail, and signs in with the password as before.")
            .MayTakeStepUp().Produces(204).Refuses(404);
    }

    static async Task<IResult> List(HttpContext context, Passkeys passkeys, CancellationToken ct) =>
        Results.Ok(new PasskeysAnswer([.. (await passkeys.Of(context.Caller().Subject, ct)).Select(Of)]));

    static async Task<IResult> Ask(HttpContext context, MemberDirectory directory, PasskeyCeremonies ceremonies, CancellationToken ct)
    {
        if (!ceremonies.Available(context)) return new Problem("not_available");
        var member = await directory.Find(context.MemberId(), ct);
        var asked = await ceremonies.AskNew(context, context.Caller(), member?.Email ?? member?.Name ?? "");
        return Results.Ok(new PasskeyOptionsAnswer(asked.Ticket, asked.Options, JapanDay.InTokyo(asked.ExpiresAt)));
    }

    static async Task<IResult> Add(HttpContext context, Body<PasskeyBody> body, AddPasskey add, PasskeyCeremonies ceremonies,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        string? name = null;
        if (asked.Name is not null && !OneLineName.TryParse(asked.Name, out name)) return Problem.Invalid("name");
        if (await ceremonies.Made(context, context.Caller(), asked.Ticket, asked.Credential.GetRawText()) is not { } made)
            return new Problem("invalid_request");
        var answer = await add.Run(new AddPasskeyRequest(
            context.Caller().Subject, made, context.Proof(), name, RequestDevice.DeviceOf(context)), ct);
        return answer.Accepted ? Results.Created($"/api/v1/me/passkeys/{answer.Value.Id}", Of(answer.Value))
            : answer.Refusal == AddPasskeyRefusal.StepUpRequired ? Problem.StepUpRequired
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Rename(HttpContext context, string id, Body<PasskeyNameBody> body, Passkeys passkeys, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (!OneLineName.TryParse(asked.Name, out var name)) return Problem.Invalid("name");
        return Id.TryParse(id, out PasskeyId passkey) && await passkeys.Rename(context.Caller().Subject, passkey, name, ct)
            && (await passkeys.Of(context.Caller().Subject, ct)).FirstOrDefault(p => p.Id == passkey) is { } renamed
                ? Results.Ok(Of(renamed))
                : new Problem("not_found");
    }

    static async Task<IResult> Remove(HttpContext context, string id, RemovePasskey remove, CancellationToken ct)
    {
        if (!Id.TryParse(id, out PasskeyId passkey)) return new Problem("not_found");
        var answer = await remove.Run(new RemovePasskeyRequest(
            context.Caller().Subject, passkey, context.Proof(), RequestDevice.DeviceOf(context)), ct);
        return answer.Accepted ? Results.NoContent()
            : answer.Refusal == RemovePasskeyRefusal.StepUpRequired ? Problem.StepUpRequired
            : Problem.Of(answer.Refusal);
    }

    static PasskeyAnswer Of(Passkey passkey) => new(
        passkey.Id.ToString(), passkey.Name, JapanDay.InTokyo(Instant.OfMilliseconds(passkey.CreatedMs)),
        passkey.UsedMs is { } used ? JapanDay.InTokyo(Instant.OfMilliseconds(used)) : null, passkey.BackedUp);
}
