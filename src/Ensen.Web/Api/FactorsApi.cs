using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>What the member can prove who they are by, beside password and telephone.</summary>
sealed record FactorsAnswer(bool Authenticator, int RecoveryCodesLeft);

/// <summary>A secret for an authenticator app: as Base32, and as the address that apps read from a QR code.</summary>
sealed record AuthenticatorSecret(string Secret, string Address);

/// <summary>The secret that the app was given, and the code that it shows now.</summary>
sealed record AuthenticatorBody(string Secret, string Code);

/// <summary>Ten codes; they are told once.</summary>
sealed record RecoveryCodesAnswer(IReadOnlyList<string> Codes);

/// <summary>The member's authenticator app and recovery codes.</summary>
static class FactorsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/me").RequireAuthorization(Policies.Member);
        mine.MapGet("/factors", Read)
            .Named("readFactors", "Whether the member has an authenticator app, and how many recovery codes are left.").Produces<FactorsAnswer>();
        mine.MapGet("/authenticator/secret", NewSecret)
            .Named("drawAuthenticatorSecret", "A new secret for an authenticator app; nothing is kept of it until the app has shown a right code.")
            .Produces<AuthenticatorSecret>();
        mine.MapPut("/authenticator", SetUp)
            .Named("setUpAuthenticator", "Sets up the authenticator app that was given the secret and shows this code, in place of another; takes a Step-Up.")
            .MayTakeStepUp().RequireRateLimiting(RateLimits.Challenges).Produces<FactorsAnswer>().Refuses(400, 429);
        mine.MapDelete("/authenticator", Remove)
            .Named("removeAuthenticator", "Removes the authenticator app; takes a Step-Up.").MayTakeStepUp().Produces<FactorsAnswer>();
        mine.MapPost("/recovery-codes", MakeCodes)
            .Named("makeRecoveryCodes", "Makes ten recovery codes and tells them, once; those before are worth nothing any more. Takes a Step-Up.")
            .MayTakeStepUp().Produces<RecoveryCodesAnswer>(201);
    }

    static async Task<IResult> Read(HttpContext context, ChangeFactors factors, CancellationToken ct) =>
        Results.Ok(Of(await factors.Read(context.Caller().Subject, ct)));

    static async Task<IResult> NewSecret(HttpContext context, MemberDirectory directory, Programme programme, CancellationToken ct)
    {
        var secret = Totp.NewSecret();
        var member = await directory.Find(context.MemberId(), ct);
        return Results.Ok(new AuthenticatorSecret(
            Totp.Text(secret), Totp.Address(secret, programme.Name, member?.Email ?? member?.Name ?? "")));
    }

    static async Task<IResult> SetUp(HttpContext context, Body<AuthenticatorBody> body, ChangeFactors factors, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Totp.ReadText(asked.Secret) is not { } secret) return Problem.Invalid("secret");
        return Answer(await factors.SetUp(
            context.Caller().Subject, context.Proof(), secret, asked.Code, RequestDevice.DeviceOf(context), ct));
    }

    static async Task<IResult> Remove(HttpContext context, ChangeFactors factors, CancellationToken ct) =>
        Answer(await factors.Remove(context.Caller().Subject, context.Proof(), RequestDevice.DeviceOf(context), ct));

    static async Task<IResult> MakeCodes(HttpContext context, ChangeFactors factors, CancellationToken ct)
    {
        var made = await factors.MakeCodes(context.Caller().Subject, context.Proof(), RequestDevice.DeviceOf(context), ct);
        return made.Accepted ? Results.Json(new RecoveryCodesAnswer(made.Value.Codes), statusCode: 201) : Problem.StepUpRequired;
    }

    static IResult Answer(Answer<Factors, ChangeFactorsRefusal> answer) => answer.Accepted ? Results.Ok(Of(answer.Value))
        : answer.Refusal == ChangeFactorsRefusal.StepUpRequired ? Problem.StepUpRequired
        : Problem.Of(answer.Refusal);

    static FactorsAnswer Of(Factors factors) => new(factors.HasAuthenticator, factors.RecoveryCodesLeft);
}
