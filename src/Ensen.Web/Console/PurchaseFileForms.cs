using Ensen.CreditCards;
using Ensen.Web.Members;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Rooms;

/// <summary>The form by which an operator brings a file of the company of the credit cards.</summary>
static class PurchaseFileForms
{
    const string Page = "/console/cards/purchases";

    public static void Map(IEndpointRouteBuilder cards) => cards.MapForm("/console/cards/purchases", Send)
        .WithMetadata(new RequestSizeLimitAttribute(TakePurchaseFile.MostBytes),
            new RequestFormLimitsAttribute { MultipartBodyLengthLimit = TakePurchaseFile.MostBytes });

    // What was begun is finished, also where the operator closes the browser.
    static async Task<IResult> Send(HttpContext http, TakePurchaseFile take)
    {
        if (http.Request.Form.Files.GetFile("file") is not { Length: > 0 and <= TakePurchaseFile.MostBytes } file)
            return Results.LocalRedirect($"{Page}?told=none");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, CancellationToken.None);
        var taken = await take.Run(
            file.FileName, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), http.OperatorId(), CancellationToken.None);
        return Results.LocalRedirect(taken.Value is { } kept ? $"{Page}?file={kept.Id}" : $"{Page}?told=none");
    }
}
