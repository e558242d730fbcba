using Ensen.Basics;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Transit;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary><paramref name="Numbers"/>: numbers of cards that leaked, of any issuer.</summary>
[MostBytes(4 * 1024 * 1024)]
sealed record CardRevocationBody(IReadOnlyList<string> Numbers, string Reason);

/// <summary>
/// <paramref name="Status"/>: <c>proposed</c>, <c>approved</c> or <c>withdrawn</c>. <paramref name="Unread"/>: what was no number of a
/// card. <paramref name="Cards"/>: registered cards that it takes out of use; <paramref name="Told"/>: whose members were told.
/// </summary>
sealed record CardRevocationAnswer(
    string RevocationId, string Status, string Reason, int Numbers, int Unread, long Cards, long Told, string ProposedBy,
    DateTimeOffset ProposedAt);

sealed record CardRevocationsAnswer(IReadOnlyList<CardRevocationAnswer> Items);

/// <summary><paramref name="Pin"/>: signs its point till in, together with the centre's number; at least six digits.</summary>
sealed record CentreBody(string Name, string Pin);

sealed record CentreAnswer(string CentreId, string Name, string Number);

sealed record CentresAnswer(IReadOnlyList<CentreAnswer> Items);

/// <summary><paramref name="Status"/>: <c>accepted</c>, <c>refused</c> or <c>booked</c>.</summary>
sealed record KeptPointFileAnswer(
    string FileId, string CentreId, string CentreName, string Status, int Lines, long Amount, DateTimeOffset At,
    IReadOnlyList<PointFileLineAnswer> Refused);

sealed record KeptPointFilesAnswer(IReadOnlyList<KeptPointFileAnswer> Items);

/// <summary><paramref name="Ended"/>: false of one that is under way or broke off.</summary>
sealed record RideFileAnswer(
    string FileId, string Name, DateTimeOffset At, long Lines, long Accepted, long Duplicates, long Refused, bool Ended);

sealed record RideFilesAnswer(IReadOnlyList<RideFileAnswer> Items);

/// <summary>Card numbers, centres and files for operators' programs.</summary>
static class ConsoleCardsApi
{
    public static IEnumerable<string> RevocationStatuses => Enum.GetNames<CardRevocationState>().Select(Problem.Code);

    public static IEnumerable<string> FileStatuses => Enum.GetNames<PointFileState>().Select(Problem.Code);

    public static void Map(RouteGroupBuilder api)
    {
        var console = api.MapGroup("/console").RequireAuthorization(Policies.Security);
        console.MapGet("/card-revocations", async (CardRevocations revocations, CancellationToken ct) =>
                Results.Ok(new CardRevocationsAnswer([.. (await revocations.Latest(ct)).Select(Of)])))
            .Named("listCardRevocations", "The latest revocations of leaked card numbers, the newest first.")
            .WithPriority(RequestPriority.CanWait).Produces<CardRevocationsAnswer>();
        console.MapPost("/card-revocations", Propose)
            .Named("proposeCardRevocation", "Names numbers of cards that leaked. Nothing comes of it before another person's approval.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<CardRevocationAnswer>(201).Refuses(400, 422);
        console.MapPost("/card-revocations/{id}/approval",
                (HttpContext http, string id, DecideCardRevocation decide) => Decide(http, id, approve: true, decide))
            .Named("approveCardRevocation",
                "Takes the numbers out of use, as another person than the one who proposed it (same_person): they earn nothing, nobody registers them, "
                + "and their members are told.")
            .Produces<CardRevocationAnswer>().Refuses(404, 409);
        console.MapPost("/card-revocations/{id}/withdrawal",
                (HttpContext http, string id, DecideCardRevocation decide) => Decide(http, id, approve: false, decide))
            .Named("withdrawCardRevocation", "Takes back what was proposed.").Produces<CardRevocationAnswer>().Refuses(404, 409);
        console.MapGet("/centres", async (FindCentre centres, CancellationToken ct) =>
                Results.Ok(new CentresAnswer([.. (await centres.All(ct)).Select(Of)])))
            .Named("listCentres", "Shopping centres by name.").WithPriority(RequestPriority.CanWait).Produces<CentresAnswer>();
        console.MapPost("/centres", OpenOne)
            .Named("openCentre", "Opens a shopping centre with one point till, which is signed in by its number and this PIN.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<CentreAnswer>(201).Refuses(400, 422);
        console.MapGet("/point-files", async (PointFiles files, CancellationToken ct) =>
                Results.Ok(new KeptPointFilesAnswer([.. (await files.Latest(ct)).Select(Of)])))
            .Named("listPointFiles", "The latest files of point tills with their wrong lines.")
            .WithPriority(RequestPriority.CanWait).Produces<KeptPointFilesAnswer>();
        console.MapGet("/ride-files", async (RideFeeds feeds, CancellationToken ct) =>
                Results.Ok(new RideFilesAnswer([.. (await feeds.Latest(ct)).Select(Of)])))
            .Named("listRideFiles", "The latest deliveries of rides, and how many of their lines were wrong.")
            .WithPriority(RequestPriority.CanWait).Produces<RideFilesAnswer>();
    }

    static async Task<IResult> Propose(
        HttpContext http, Body<CardRevocationBody> body, ProposeCardRevocation propose, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var text = string.Join('\n', asked.Numbers);
        if (Keys.Key(http, http.OperatorId(), "card revocation", text, asked.Reason) is not { } key)
            return new Problem("key_required");
        var answer = await propose.Run(new ProposeCardRevocationRequest(text, asked.Reason, http.OperatorId(), key), ct);
        Keys.Mark(http, answer);
        return answer.Value is { } made ? Results.Created((string?)null, Of(made)) : Problem.Of(answer.Refusal);
    }

    // What was begun is finished, also where the program that asked goes away.
    static async Task<IResult> Decide(HttpContext http, string id, bool approve, DecideCardRevocation decide)
    {
        var answer = await decide.Run(
            Id.TryParse(id, out CardRevocationId read) ? read : default, approve, http.OperatorId(), CancellationToken.None);
        return answer.Value is { } decided ? Results.Ok(Of(decided)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> OpenOne(HttpContext http, Body<CentreBody> body, OpenCentre open, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(http, http.OperatorId(), "centre", asked.Name, asked.Pin) is not { } key)
            return new Problem("key_required");
        var answer = await open.Run(new OpenCentreRequest(asked.Name, asked.Pin, key), http.OperatorId(), ct);
        Keys.Mark(http, answer);
        if (answer.Value is { } opened)
            return Results.Created((string?)null, Of(opened.Centre));
        return answer.Refusal == OpenCentreRefusal.InvalidRequest ? Problem.Invalid("pin") : Problem.Of(answer.Refusal);
    }

    static CardRevocationAnswer Of(CardRevocation it) => new(
        it.Id.ToString(), Problem.Code(it.State.ToString()), it.Reason, it.Numbers, it.Unread, it.Cards, it.Told, it.ProposedBy,
        JapanDay.InTokyo(it.ProposedAt));

    static CentreAnswer Of(Centre centre) => new(centre.Id.ToString(), centre.Name, centre.Number);

    static KeptPointFileAnswer Of(KeptPointFile file) => new(
        file.Id.ToString(), file.CentreId.ToString(), file.CentreName, Problem.Code(file.State.ToString()), file.Lines,
        file.AmountYen.Value, JapanDay.InTokyo(file.At),
        [.. file.Refused.Select(r => new PointFileLineAnswer(r.Line, Problem.Code(r.Fault.ToString())))]);

    static RideFileAnswer Of(RideFeed feed) => new(
        feed.Id.ToString(), feed.Name, JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(feed.AtMs)), feed.Lines, feed.Accepted,
        feed.Duplicates, feed.Refused, feed.EndedMs is not null);
}
