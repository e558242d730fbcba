using System.Globalization;
using Ensen.Basics;
using Ensen.Joining;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Welcome;

/// <summary>
/// What a shop that applies sends: the form, and by the link of its mail the form again with photos, and its word to the contract.
/// </summary>
static class ApplyForms
{
    const string Page = "/join-as-shop";
    const string Own = "/join-as-shop/application";

    /// <summary>A photo of each store, and what a form has around them.</summary>
    const long MostFormBytes = (long)ApplicationForm.MostStores * SendApplication.MostPhotoBytes + 64 * 1024;

    public static void Map(IEndpointRouteBuilder open)
    {
        open.MapForm("/join-as-shop", Apply);
        open.MapForm("/join-as-shop/application", Send).WithMetadata(new RequestSizeLimitAttribute(MostFormBytes));
        open.MapForm("/join-as-shop/contract", Sign);
    }

    static async Task<IResult> Apply(
        HttpContext http, [FromForm] string? more, ApplyAsMerchant apply, SentBack sentBack, CancellationToken ct)
    {
        if (more is not null)
            return Results.LocalRedirect(OneMore(http, Page, sentBack));
        var form = ApplyInput.Read(Of(http));
        var answer = await apply.Run(new ApplyAsMerchantRequest(form, Languages.Here.Tag, RequestDevice.AddressOf(http)), ct);
        return answer.Accepted
            ? Results.LocalRedirect(sentBack.Address(http, "/join-as-shop/sent", [KeyValuePair.Create("email", form.Email)]))
            : Results.LocalRedirect(Faulty(http, Page, sentBack, answer.Refusal.ToString(), form));
    }

    static async Task<IResult> Send(
        HttpContext http, [FromForm] string? token, [FromForm] string? more, SendApplication send, SentBack sentBack, CancellationToken ct)
    {
        if (more is not null)
            return Results.LocalRedirect(OneMore(http, Own, sentBack));
        var form = ApplyInput.Read(Of(http));
        var photos = new Dictionary<int, byte[]>();
        for (var store = 0; store < form.Stores.Count; store++)
        {
            if (http.Request.Form.Files.GetFile(ApplyInput.OfStore(store, "photo")) is not { Length: > 0 } file)
                continue;
            using var image = new MemoryStream();
            if (file.Length <= SendApplication.MostPhotoBytes)
                await file.CopyToAsync(image, ct);
            photos[store] = image.ToArray();
        }
        var answer = await send.Run(new SendApplicationRequest(token ?? "", form, photos), ct);
        return answer.Accepted ? Results.LocalRedirect(sentBack.Address(http, Own,
                new Dictionary<string, string> { ["token"] = token ?? "", ["told"] = "Sent" }))
            : Results.LocalRedirect(Faulty(http, Own, sentBack, answer.Refusal.ToString(), form));
    }

    static async Task<IResult> Sign(
        HttpContext http, [FromForm] string? token, [FromForm] string? terms, [FromForm] string? agreed, SignContract sign,
        SentBack sentBack, CancellationToken ct)
    {
        var answer = agreed == "1" ? await sign.Run(new SignContractRequest(token ?? "", terms ?? ""), ct)
            : SignContractRefusal.InvalidRequest;
        return answer.Accepted ? Results.LocalRedirect($"/shop/join/{answer.Value.Owner.Token}")
            : Results.LocalRedirect(sentBack.Address(http, Own, ("fault", answer.Refusal.ToString())));
    }

    static Func<string, string> Of(HttpContext http) => field => http.Request.Form[field].ToString();

    static string OneMore(HttpContext http, string page, SentBack sentBack) => sentBack.Address(http, page,
        (ApplyInput.Stores, (ApplyInput.Count(Of(http)) + 1).ToString(CultureInfo.InvariantCulture)));

    static string Faulty(HttpContext http, string page, SentBack sentBack, string fault, ApplicationForm form) => sentBack.Address(
        http, page, ("fault", fault), ("faults", string.Join(' ', form.Faults().Select(ApplyInput.FieldOf))));
}
