using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Own;

/// <summary>
/// What whoever works for the programme or for a merchant sends of their own passkeys and authenticator, on the page of their account. One
/// proof of the person lets one thing be changed.
/// </summary>
/// <param name="page">The page that <see cref="OwnFactors"/> stands on.</param>
/// <param name="nameOf">By what the account signs in; guesses at a proof are counted by it.</param>
sealed class OwnFactorForms(string page, Func<HttpContext, CancellationToken, Task<string>> nameOf)
{
    public void Map(IEndpointRouteBuilder own)
    {
        own.MapForm($"{page}/prove", Prove);
        own.MapForm($"{page}/prove/passkey", AskProof);
        own.MapForm($"{page}/passkeys/options", Ask);
        own.MapForm($"{page}/passkeys/add", Add);
        own.MapForm($"{page}/passkeys/rename", Rename);
        own.MapForm($"{page}/passkeys/remove", Remove);
        own.MapForm($"{page}/authenticator/set", SetUp);
        own.MapForm($"{page}/authenticator/remove", RemoveAuthenticator);
    }

    /// <summary>What may be changed here, by the word in the page's address.</summary>
    public static StepUpPurpose? PurposeOf(string? word) =>
        word == Passkeys.Purpose.Name ? Passkeys.Purpose : word == ChangeFactors.Purpose.Name ? ChangeFactors.Purpose : null;

    /// <summary>
    /// The ways in which the caller proves who they are here: with what they have. The password alone counts only for who has neither a
    /// passkey nor an authenticator.
    /// </summary>
    public static async Task<IReadOnlyList<ProofMethod>> WaysOf(HttpContext http, StepUpPurpose purpose, CancellationToken ct)
    {
        var (caller, services) = (http.Caller(), http.RequestServices);
        var hasMore = (await services.GetRequiredService<Passkeys>().Of(caller.Subject, ct)).Count > 0
            || (await services.GetRequiredService<ChangeFactors>().Read(caller.Subject, ct)).HasAuthenticator;
        return [.. (await services.GetRequiredService<StepUp>().MethodsOf(caller, purpose, ct)).Where(
            way => hasMore ? way is ProofMethod.Passkey or ProofMethod.Totp : way == ProofMethod.Password)];
    }

    async Task<IResult> Prove(HttpContext http, [FromForm] string? purpose, [FromForm] string? by, [FromForm] string? password,
        [FromForm] string? code, [FromForm] string? ticket, [FromForm] string? credential, StepUp stepUp, KnownDevices known,
        CancellationToken ct)
    {
        if (PurposeOf(purpose) is not { } shown || !Enum.TryParse(by, out ProofMethod way)
            || !(await WaysOf(http, shown, ct)).Contains(way))
            return Results.LocalRedirect(page);
        var caller = http.Caller();
        var device = await known.Of(http, ct) is { } here && here.Knows(caller.Subject.Id) ? here.Id : (Guid?)null;
        var typed = new TypedProof(
            way switch { ProofMethod.Passkey => credential, ProofMethod.Totp => code, _ => password } ?? "",
            $"{Policies.Name(caller.Kind)} {await nameOf(http, ct)}", RequestDevice.AddressOf(http), device);
        var answer = way != ProofMethod.Passkey ? await stepUp.Prove(caller, shown, way, typed, ct)
            : Id.TryParse(ticket, out ChallengeId asked) ? await stepUp.Answer(caller, asked, typed, ct)
            : StepUpRefusal.NotFound;
        return answer.Value?.State == ChallengeState.Passed ? To(shown)
            : To(shown, answer.Refusal == StepUpRefusal.TooManyRequests ? "many" : "wrong");
    }

    async Task<IResult> AskProof(HttpContext http, [FromForm] string? purpose, StepUp stepUp, CancellationToken ct)
    {
        if (!http.IsScript() || PurposeOf(purpose) is not { } shown)
            return Results.LocalRedirect(page);
        var begun = await stepUp.Begin(http.Caller(), shown, ProofMethod.Passkey, onPage: true, ct);
        return Results.Json(begun.Value is { } challenge
            ? new PasskeyTold(ProofByPasskey.OptionsOf(challenge), challenge.Id.ToString())
            : new PasskeyTold(Url: page));
    }

    async Task<IResult> Ask(HttpContext http, StepUp stepUp, PasskeyCeremonies ceremonies, CancellationToken ct)
    {
        if (!http.IsScript())
            return Results.LocalRedirect(page);
        if (!ceremonies.Available(http) || !await stepUp.IsProven(http.Caller(), Passkeys.Purpose, ct))
            return Results.Json(new PasskeyTold(Url: $"{page}?for={Passkeys.Purpose}"));
        var asked = await ceremonies.AskNew(http, http.Caller(), await nameOf(http, ct));
        return Results.Json(new PasskeyTold(asked.Options, asked.Ticket));
    }

    async Task<IResult> Add(HttpContext http, [FromForm] string? ticket, [FromForm] string? credential, AddPasskey add,
        PasskeyCeremonies ceremonies, CancellationToken ct)
    {
        if (await ceremonies.Made(http, http.Caller(), ticket, credential) is not { } made)
            return To(Passkeys.Purpose, "not-kept");
        var answer = await add.Run(
            new AddPasskeyRequest(http.Caller().Subject, made, http.Proof(), null, RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal switch
        {
            AddPasskeyRefusal.None => To(null, "added"),
            AddPasskeyRefusal.StepUpRequired => To(Passkeys.Purpose),
            AddPasskeyRefusal.OverLimit => To(null, "full"),
            _ => To(Passkeys.Purpose, "not-kept"),
        };
    }

    async Task<IResult> Rename(HttpContext http, [FromForm] string? passkey, [FromForm] string? name, Passkeys passkeys,
        CancellationToken ct) =>
        OneLineName.TryParse(name, out var kept) && Id.TryParse(passkey, out PasskeyId id)
            && await passkeys.Rename(http.Caller().Subject, id, kept, ct)
                ? To(null, "renamed") : To(null, "no-name");

    async Task<IResult> Remove(HttpContext http, [FromForm] string? passkey, RemovePasskey remove, CancellationToken ct)
    {
        if (!Id.TryParse(passkey, out PasskeyId id))
            return To(null);
        var answer = await remove.Run(
            new RemovePasskeyRequest(http.Caller().Subject, id, http.Proof(), RequestDevice.DeviceOf(http)), ct);
        return answer.Refusal switch
        {
            RemovePasskeyRefusal.None => To(null, "removed"),
            RemovePasskeyRefusal.StepUpRequired => To(Passkeys.Purpose),
            RemovePasskeyRefusal.NotDetachable => To(null, "last"),
            _ => To(null),
        };
    }

    async Task<IResult> SetUp(HttpContext http, [FromForm] string? secret, [FromForm] string? code, ChangeFactors factors,
        OfferedSecret offered, SentBack sentBack, CancellationToken ct)
    {
        if (offered.Open(secret, http.Caller().Session.ToString()) is not { } open)
            return To(ChangeFactors.Purpose);
        var answer = await factors.SetUp(http.Caller().Subject, http.Proof(), open, code, RequestDevice.DeviceOf(http), ct);
        return answer.Refusal switch
        {
            ChangeFactorsRefusal.None => To(null, "set"),
            ChangeFactorsRefusal.StepUpRequired => To(ChangeFactors.Purpose),
            // The authenticator that was registered on the first try is the one of the next.
            _ => Results.LocalRedirect(sentBack.Address(
                http, page, ("for", ChangeFactors.Purpose.Name), ("told", "wrong-first"), ("secret", secret!))),
        };
    }

    async Task<IResult> RemoveAuthenticator(HttpContext http, ChangeFactors factors, CancellationToken ct)
    {
        var answer = await factors.Remove(http.Caller().Subject, http.Proof(), RequestDevice.DeviceOf(http), ct);
        return answer.Refusal switch
        {
            ChangeFactorsRefusal.None => To(null, "unset"),
            ChangeFactorsRefusal.NotDetachable => To(null, "last"),
            _ => To(ChangeFactors.Purpose),
        };
    }

    IResult To(StepUpPurpose? purpose, string? told = null) => Results.LocalRedirect((purpose, told) switch
    {
        (null, null) => page,
        (null, _) => $"{page}?told={told}",
        (_, null) => $"{page}?for={purpose}",
        _ => $"{page}?for={purpose}&told={told}",
    });
}
