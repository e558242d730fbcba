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

    static async Task<IResult> Apply(HttpContext http, ApplyAsMerchant apply, SentBack sentBack, CancellationToken ct)
    {
        var typed = ApplyInput.Typed(http);
        if (IsOfStores(http))
            return OtherStores(http, Page, sentBack, typed);
        var form = typed.Form;
        var answer = await apply.Run(new ApplyAsMerchantRequest(form, Languages.Here.Tag, RequestDevice.AddressOf(http)), ct);
        return answer.Accepted
            ? Results.LocalRedirect(sentBack.Address(http, "/join-as-shop/sent", [KeyValuePair.Create("email", form.Email)]))
            : Faulty(http, Page, sentBack, typed, answer.Refusal.ToString(), form.Faults());
    }

    static async Task<IResult> Send(
        HttpContext http, [FromForm] string? token, SendApplication send, SentBack sentBack, CancellationToken ct)
    {
        var typed = ApplyInput.Typed(http);
        if (IsOfStores(http))
            return OtherStores(http, Own, sentBack, typed);
        var photos = new Dictionary<int, byte[]>();
        foreach (var (was, store) in typed.Stores.Select((was, store) => (was, store)))
        {
            if (http.Request.Form.Files.GetFile(ApplyInput.OfStore(was, "photo")) is not { Length: > 0 } file)
                continue;
            using var image = new MemoryStream();
            if (file.Length <= SendApplication.MostPhotoBytes)
                await file.CopyToAsync(image, ct);
            photos[store] = image.ToArray();
        }
        var request = new SendApplicationRequest(token ?? "", typed.Form, photos);
        var answer = await send.Run(request, ct);
        return answer.Accepted
            ? Results.LocalRedirect(sentBack.Address(http, Own, new Dictionary<string, string> { ["token"] = token ?? "" }))
            : Faulty(http, Own, sentBack, typed, answer.Refusal.ToString(), await send.Faults(request, ct), photos.Keys);
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

    static bool IsOfStores(HttpContext http) =>
        http.Request.Form.ContainsKey(ApplyInput.More) || http.Request.Form.ContainsKey(ApplyInput.Less);

    static IResult OtherStores(HttpContext http, string page, SentBack sentBack, TypedApplication typed) => Results.LocalRedirect(
        sentBack.Address(http, page, new Dictionary<string, string>(typed.Fields)
        {
            [ApplyInput.Stores] = (typed.Stores.Count + (http.Request.Form.ContainsKey(ApplyInput.More) ? 1 : 0))
                .ToString(CultureInfo.InvariantCulture),
        }));

    /// <param name="chosen">Of which stores a photo was sent: no page keeps a file, and it has to be chosen again.</param>
    static IResult Faulty(HttpContext http, string page, SentBack sentBack, TypedApplication typed, string fault,
        IReadOnlyList<string> faults, IEnumerable<int>? chosen = null) => Results.LocalRedirect(
        sentBack.Address(http, page, new Dictionary<string, string>(typed.Fields)
        {
            ["fault"] = fault,
            ["faults"] = string.Join(' ', faults.Select(ApplyInput.FieldOf)),
            ["chosen"] = string.Join(' ', (chosen ?? []).Select(store => ApplyInput.OfStore(store, "photo"))),
        }));
}
