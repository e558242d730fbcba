using Ensen.Basics;
using Ensen.Joining;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>A store that applies; its photo is added by the link of the mail.</summary>
sealed record ApplyingStoreBody(string Name, string PostalCode, string Address, string? Station = null, string? LatinName = null);

/// <param name="Kind">company or person.</param>
/// <param name="CorporateNumber">The 13 digits of a company.</param>
/// <param name="Kana">The name in kana, by which the account's holder is compared.</param>
/// <param name="AccountKind">ordinary, current or savings.</param>
sealed record MerchantApplicationBody(
    string Kind, string Name, string Kana, string Representative, string Email, string Telephone, string Category, string BankCode,
    string BranchCode, string AccountKind, string AccountNumber, string Holder, IReadOnlyList<ApplyingStoreBody> Stores, string Language,
    string? CorporateNumber = null);

/// <summary>The mailbox hears how it goes on; <paramref name="Status"/> is always <c>mailed</c>.</summary>
sealed record AppliedAnswer(MerchantApplicationId ApplicationId, string Status);

/// <param name="First">What the first person said: accept or refuse.</param>
/// <param name="Second">What the second one said; while it waits that was something else, and a third person decides.</param>
sealed record QueuedApplicationAnswer(
    MerchantApplicationId ApplicationId, string Status, int Version, string Category, int Stores, DateTimeOffset ChangedAt, string? First,
    string? Second);

sealed record ApplicationQueueAnswer(IReadOnlyList<QueuedApplicationAnswer> Items);

/// <param name="Result">passed, look (a person has to) or failed.</param>
sealed record ApplicationCheckAnswer(string Check, string Result);

sealed record ViewedApplicationAnswer(
    MerchantApplicationId ApplicationId, string Status, int Version, string? First, string? Second,
    IReadOnlyList<ApplicationCheckAnswer> Checks, string Kind, string Name, string Kana, string CorporateNumber, string Representative,
    string Email, string Telephone, string Category, string BankCode, string BranchCode, string AccountKind, string LastFour, string Holder,
    IReadOnlyList<ApplyingStoreBody> Stores, string? Reason, string? Terms, DateTimeOffset? SignedAt, string? MerchantId);

/// <param name="Decision">accept, refuse or ask.</param>
/// <param name="Version">Of what was read: what the applicant has sent anew since is decided about anew.</param>
sealed record ApplicationDecisionBody(string Decision, string Reason, int Version);

/// <summary>Shops that apply to be merchants, and what two people decide about them.</summary>
static class MerchantApplicationsApi
{
    const int MostRows = 100;

    public static IEnumerable<string> Decisions => Enum.GetNames<ApplicationWord>().Select(Problem.Code);
    public static IEnumerable<string> Kinds => Enum.GetNames<ApplicantKind>().Select(Problem.Code);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/merchant-applications", Apply).AllowAnonymous()
            .Named("applyAsMerchant",
                "A shop applies. A mail goes to it, with a link by which it confirms the mailbox, adds photos and sends the application on; "
                + "nobody decides before that.")
            .Produces<AppliedAnswer>(202).Refuses(400, 422, 429);
        var console = api.MapGroup("/console/merchant-applications").RequireAuthorization(Policies.Corrections);
        console.MapGet("", List).WithPriority(RequestPriority.CanWait)
            .Named("listMerchantApplications", "Applications in a state (in_review where none is named), the longest waiting first.")
            .Produces<ApplicationQueueAnswer>().Refuses(400);
        console.MapGet("/{id}", View)
            .Named("viewMerchantApplication", "An application with its checks. Takes a reason, and is recorded.")
            .Produces<ViewedApplicationAnswer>().Refuses(400, 404);
        console.MapPost("/{id}/decisions", Decide)
            .Named("decideMerchantApplication",
                "What one person says: `accept`, `refuse` (two persons of one mind decide, of two who disagree a third one; same_person) or "
                + "`ask` (one is enough). "
                + "The applicant reads the reason of a refusal and a question.")
            .Produces<QueuedApplicationAnswer>().Refuses(400, 404, 409, 422);
    }

    static async Task<IResult> Apply(
        HttpContext context, Body<MerchantApplicationBody> body, ApplyAsMerchant apply, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Languages.Find(asked.Language) is null) return Problem.Invalid("language");
        var form = new ApplicationForm(
            Word<ApplicantKind>(asked.Kind) ?? default, asked.Name, asked.Kana, asked.CorporateNumber ?? "", asked.Representative,
            asked.Email, asked.Telephone, asked.Category, asked.BankCode, asked.BranchCode, asked.AccountKind, asked.AccountNumber,
            asked.Holder,
            [.. asked.Stores.Select(s => new ApplyingStore(s.Name, s.PostalCode, s.Address, s.Station ?? "", s.LatinName ?? ""))]);
        var answer = await apply.Run(new ApplyAsMerchantRequest(form, asked.Language, RequestDevice.AddressOf(context)), ct);
        return answer.Refusal switch
        {
            ApplyAsMerchantRefusal.None => Results.Json(new AppliedAnswer(answer.Value!.Id, "mailed"), statusCode: 202),
            ApplyAsMerchantRefusal.TooManyRequests => new Problem("too_many_requests", ApplyAsMerchant.ComeAgain),
            ApplyAsMerchantRefusal.InvalidRequest => Problem.Invalid(form.Faults()),
            _ => Problem.Of(answer.Refusal),
        };
    }

    static async Task<IResult> List(string? status, MerchantApplications applications, CancellationToken ct) =>
        Word<ApplicationState>(status ?? "in_review") is { } state
            ? Results.Ok(new ApplicationQueueAnswer([.. (await applications.In(state, MostRows, ct)).Select(Queued)]))
            : Problem.Invalid("status");

    static async Task<IResult> View(HttpContext context, string id, string? reason, ApplicationQueue queue, CancellationToken ct)
    {
        var answer = await queue.View(Of(id), reason ?? "", context.OperatorId(), ct);
        if (!answer.Accepted) return Problem.Of(answer.Refusal);
        var (found, form) = (answer.Value.Application, answer.Value.Application.Form);
        return Results.Ok(new ViewedApplicationAnswer(
            found.Id, Problem.Code(found.State.ToString()), found.Version, Said(found, 0), Said(found, 1),
            [.. answer.Value.Checks.Select(c => new ApplicationCheckAnswer(
                Problem.Code(c.Check.ToString()), Problem.Code(c.Result.ToString())))],
            Problem.Code(form.Kind.ToString()), form.Name, form.Kana, form.CorporateNumber, form.Representative, form.Email, form.Telephone,
            form.Category, form.BankCode, form.BranchCode, form.AccountKind, form.Account?.LastFour ?? "", form.Holder,
            [.. form.Stores.Select(s => new ApplyingStoreBody(s.Name, s.PostalCode, s.Address, s.Station, s.LatinName))],
            found.Reason, found.Terms, found.SignedMs is { } at ? At(at) : null, found.Merchant?.ToString()));
    }

    static async Task<IResult> Decide(
        HttpContext context, string id, Body<ApplicationDecisionBody> body, DecideApplication decide, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Word<ApplicationWord>(asked.Decision) is not { } word) return Problem.Invalid("decision");
        var answer = await decide.Run(
            new DecideApplicationRequest(Of(id), word, asked.Reason, asked.Version, context.OperatorId()), ct);
        return answer.Accepted ? Results.Ok(Queued(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static QueuedApplicationAnswer Queued(MerchantApplication found) => new(
        found.Id, Problem.Code(found.State.ToString()), found.Version, found.Form.Category, found.Form.Stores.Count, At(found.ChangedMs),
        Said(found, 0), Said(found, 1));

    static string? Said(MerchantApplication found, int place) =>
        found.Opinions.ElementAtOrDefault(place) is { } said ? said.Accepts ? "accept" : "refuse" : null;

    static T? Word<T>(string text)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Problem.Code(value.ToString()!) == text);

    static MerchantApplicationId Of(string id) => Id.TryParse(id, out MerchantApplicationId application) ? application : default;

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(Instant.OfMilliseconds(ms));
}
