using System.Data.Common;
using System.Text.Json;
using Ensen.Access;

namespace Ensen.Web.Session;

/// <summary>
/// One of the session's person's own passkeys signs. It stands here and not in the business, since what it signs is told apart by the
/// request's origin, which the web alone knows.
/// </summary>
sealed class ProofByPasskey(IHttpContextAccessor requests, Passkeys passkeys, UsePasskey use) : IProofMethod
{
    public ProofMethod Method => ProofMethod.Passkey;

    public async Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose) =>
        requests.HttpContext is { } http && Ceremonies(http).Available(http) && (await passkeys.Of(caller.Subject)).Count > 0;

    public async Task<ProofAsked> Ask(
        Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct)
    {
        var http = requests.HttpContext!;
        return new ProofAsked(JsonSerializer.Serialize(await Ceremonies(http).AskOwn(http, caller)));
    }

    public async Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct)
    {
        var http = requests.HttpContext!;
        if (asked is null || await Ceremonies(http).SignedBy(http, caller, Asked(asked).Ticket, typed.Text) is not { } signed)
            return ProofJudged.Wrong;
        var counts = signed.Subject == caller.Subject && await use.Prove(signed, RequestDevice.DeviceOf(http), ct);
        return counts ? ProofJudged.Right : ProofJudged.Wrong;
    }

    /// <summary>What the challenge of this method asks a device.</summary>
    public static JsonElement OptionsOf(Challenge challenge) => Asked(challenge.Asks!).Options;

    static PasskeyAsked Asked(string text) => JsonSerializer.Deserialize<PasskeyAsked>(text)!;

    static PasskeyCeremonies Ceremonies(HttpContext http) => http.RequestServices.GetRequiredService<PasskeyCeremonies>();
}
