using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Ui;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Rooms;

/// <summary>Saying what points of campaigns can be spent on.</summary>
static class PointUseForms
{
    const string Page = "/console/campaigns/uses";

    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapForm("/console/campaigns/uses/find", Find);
        campaigns.MapForm("/console/campaigns/uses/make", Make);
    }

    /// <summary>The same page again, with the stores that were asked for.</summary>
    static IResult Find(HttpContext http, SentBack sentBack) => Results.LocalRedirect(sentBack.Address(http, Page) + "#stores");

    static async Task<IResult> Make(HttpContext http, MakePointUse make, Stores stores, SentBack sentBack, CancellationToken ct)
    {
        var (form, isWrong) = (http.Request.Form, false);
        var chosen = await StoreChoice.Chosen(form, stores, () => isWrong = true, ct);
        if (isWrong || PointUseWords.Kinds(form["whole"].OfType<string>()) is not { } whole)
            return Again(nameof(MakePointUseRefusal.NotFound));
        // The form was drawn with a number of its own: sent twice it is one use.
        var key = form["once"].ToString() is { Length: > 0 and <= 40 } once ? $"form {once}" : null;
        var asked = new MakePointUseRequest(form["nameJa"].ToString(), form["nameEn"].ToString(),
            PointUseWords.Stores(chosen), PointUseWords.Rewards(form["reward"].OfType<string>()), whole, http.OperatorId(), key);
        if (MakePointUse.Faults(asked).ToList() is { Count: > 0 } wrong)
            return Results.LocalRedirect(sentBack.Address(http, Page, ("told", nameof(MakePointUseRefusal.InvalidRequest)),
                ("wrong", string.Join(',', wrong))));
        var answer = await make.Run(asked, ct);
        return answer.Accepted ? Results.LocalRedirect($"{Page}?told=Made") : Again(answer.Refusal.ToString());

        IResult Again(string told) => Results.LocalRedirect(sentBack.Address(http, Page, ("told", told)));
    }
}
