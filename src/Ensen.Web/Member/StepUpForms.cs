using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The form on which a member proves who they are, in the way that they choose. What they wanted is done at once. A password or a code
/// is in no address; a challenge that is open (a call) is.
/// </summary>
static class StepUpForms
{
    public static void Map(IEndpointRouteBuilder member) => member.MapForm("/step-up", Prove);

    static async Task<IResult> Prove(
        HttpContext http, [FromForm] string? by, [FromForm] string? password, [FromForm] string? code, [FromForm] string? again,
        [FromForm] string? purpose, [FromForm] string? ticket, [FromForm] string? credential, StepUp stepUp, MemberDirectory directory,
        KnownDevices known, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        var state = StepUpState.Of(sentBack.Fields(http, StepUpAct.ProofPage, again), purpose);
        if (state.Act is not { } act || !Enum.TryParse(by, out ProofMethod method) || !Enum.IsDefined(method))
            return Results.LocalRedirect("/account");
        var answer = method switch
        {
            ProofMethod.Call => state.Challenge is { } open && await stepUp.Find(http.Caller(), open, ct) is { } found
                && found.State is ChallengeState.Pending or ChallengeState.Passed ? found
                : await stepUp.Begin(http.Caller(), act.Purpose, method, onPage: true, ct),
            ProofMethod.Passkey => Id.TryParse(ticket, out ChallengeId asked)
                ? await stepUp.Answer(http.Caller(), asked, await http.Typed(credential ?? "", directory, known, ct), ct)
                : StepUpRefusal.NotFound,
            _ => await stepUp.Prove(http.Caller(), act.Purpose, method,
                await http.Typed(method == ProofMethod.Password ? password ?? "" : code ?? "", directory, known, ct), ct),
        };
        if (answer.Value?.State == ChallengeState.Passed)
            return state.IsWanted || act.IsProofAlone ? await act.Do(http, state.Typed, ct) : Results.LocalRedirect(act.Page);
        return Results.LocalRedirect(sentBack.Address(http, StepUpAct.ProofPage, state.After(method, answer, clock.GetUtcNow())));
    }
}

/// <summary>
/// How far a proof on a page is, as it travels sealed in the page's address: for what, what the member had typed before, how the last try
/// ended.
/// </summary>
/// <param name="Fault">Why the last try did not pass: a code of the contract, or <c>wrong</c>, <c>not_called</c>, <c>lapsed</c>.</param>
/// <param name="ComeAgain">Before that nothing is looked at.</param>
sealed record StepUpState(
    StepUpAct? Act, bool IsWanted, IReadOnlyDictionary<string, string> Typed, ProofMethod? By, ChallengeId? Challenge, string? Fault,
    DateTimeOffset? ComeAgain)
{
    const string ByField = ".by";
    const string ChallengeField = ".challenge";
    const string FaultField = ".fault";
    const string ComeAgainField = ".again";

    /// <param name="fields">What was sealed; null on a page that somebody opened by themselves.</param>
    public static StepUpState Of(IReadOnlyDictionary<string, string>? fields, string? purpose) => new(
        StepUpAct.Of(fields?.GetValueOrDefault(StepUpAct.PurposeField) ?? purpose),
        fields?.ContainsKey(StepUpAct.WantedField) is true,
        fields?.Where(field => field.Key is not ['.', ..]).ToDictionary() ?? [],
        Enum.TryParse(fields?.GetValueOrDefault(ByField), out ProofMethod by) ? by : null,
        Id.TryParse(fields?.GetValueOrDefault(ChallengeField), out ChallengeId challenge) ? challenge : null,
        fields?.GetValueOrDefault(FaultField),
        long.TryParse(fields?.GetValueOrDefault(ComeAgainField), CultureInfo.InvariantCulture, out var ms)
            ? Instant.OfMilliseconds(ms) : null);

    /// <summary>The fields of the page after a try that did not pass.</summary>
    public IReadOnlyDictionary<string, string> After(ProofMethod method, StepUpAnswer answer, DateTimeOffset now)
    {
        var fields = new Dictionary<string, string>(Typed) { [StepUpAct.PurposeField] = Act!.Purpose.Name, [ByField] = method.ToString() };
        if (IsWanted)
            fields[StepUpAct.WantedField] = "1";
        var isNew = method == ProofMethod.Call && answer.Value?.Id != Challenge;
        if (method == ProofMethod.Call && answer.Value is { } called)
            fields[ChallengeField] = called.Id.ToString();
        if (FaultOf(answer, isNew) is { } fault)
            fields[FaultField] = fault;
        if (answer.Wait is { } wait)
            fields[ComeAgainField] = (now + wait).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return fields;
    }

    static string? FaultOf(StepUpAnswer answer, bool isNew) => answer.Value?.State switch
    {
        null => Problem.Code(answer.Refusal.ToString()),
        ChallengeState.Pending => isNew ? null : "not_called",
        ChallengeState.Failed => "wrong",
        _ => "lapsed",
    };
}
