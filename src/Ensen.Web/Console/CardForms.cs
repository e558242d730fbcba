using System.Text;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Storage;
using Ensen.Web.Members;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>Taking leaked card numbers out of use, by two people, and opening a shopping centre.</summary>
static class CardForms
{
    const string Page = "/console/cards";
    const string Centres = "/console/cards/centres";
    const long MostFileBytes = 4 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder cards)
    {
        cards.MapForm("/console/cards/revoke", Propose).WithMetadata(new RequestSizeLimitAttribute(2 * MostFileBytes));
        cards.MapForm("/console/cards/decide", Decide);
        cards.MapForm("/console/cards/open-centre", OpenOne);
    }

    static async Task<IResult> Propose(
        HttpContext http, [FromForm] string? numbers, [FromForm] string? reason, [FromForm] string? once, ProposeCardRevocation propose,
        CancellationToken ct)
    {
        var text = new StringBuilder(numbers).Append('\n');
        if (http.Request.Form.Files.GetFile("file") is { Length: > 0 and <= MostFileBytes } file)
        {
            using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
            text.Append(await reader.ReadToEndAsync(ct));
        }
        // The form was drawn with a number of its own: pressed twice it is one proposal.
        if (!FormInput.TryIntent(once, out var key))
            return Told("revocation_InvalidRequest");
        var answer = await propose.Run(new ProposeCardRevocationRequest(text.ToString(), reason ?? "", http.OperatorId(),
            IdempotencyKey.Of(http.OperatorId(), key, "page card revocation", text.ToString(), reason)), ct);
        return Told(answer.Accepted ? "revocation_proposed" : "revocation_" + answer.Refusal);
    }

    // What was begun is finished: an operator who closes the browser does not leave half of the cards in use.
    static async Task<IResult> Decide(
        HttpContext http, [FromForm] string? revocation, [FromForm] string? approve, DecideCardRevocation decide)
    {
        var id = Id.TryParse(revocation, out CardRevocationId read) ? read : default;
        var answer = await decide.Run(id, approve == "yes", http.OperatorId(), CancellationToken.None);
        return Told(!answer.Accepted ? "revocation_" + answer.Refusal
            : approve == "yes" ? "revocation_approved" : "revocation_withdrawn");
    }

    static IResult Told(string what) => Results.LocalRedirect($"{Page}?told={what}");

    /// <summary>The PIN was drawn with the form and is shown once more: it is kept only as a hash.</summary>
    static async Task<IResult> OpenOne(HttpContext http, [FromForm] string? name, [FromForm] string? pin, [FromForm] string? once,
        OpenCentre open, SentBack sentBack, CancellationToken ct)
    {
        if (!FormInput.TryIntent(once, out var key))
            return Results.LocalRedirect(Centres);
        var answer = await open.Run(new OpenCentreRequest(
            name ?? "", pin, IdempotencyKey.Of(http.OperatorId(), key, "page centre", name, pin)), http.OperatorId(), ct);
        return Results.LocalRedirect(answer.Value is { } opened
            ? sentBack.Address(http, Centres, [
                KeyValuePair.Create("name", opened.Centre.Name), KeyValuePair.Create("number", opened.Centre.Number),
                KeyValuePair.Create("drawn", pin!)])
            : sentBack.Address(http, Centres, [
                KeyValuePair.Create("name", name ?? ""), KeyValuePair.Create("pin", pin ?? ""),
                KeyValuePair.Create("refused", answer.Refusal.ToString())]));
    }
}
