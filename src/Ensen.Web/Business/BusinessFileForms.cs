using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Companies;

/// <summary>A file of transfers is brought, and made into a transfer by a second press.</summary>
static class BusinessFileForms
{
    const string Page = "/business/files";

    public static void Map(IEndpointRouteBuilder business)
    {
        business.MapForm("/business/files", Bring).WithMetadata(new RequestSizeLimitAttribute(2 * TransferFileText.MostBytes),
            new RequestFormLimitsAttribute { MultipartBodyLengthLimit = 2 * TransferFileText.MostBytes });
        business.MapForm("/business/files/pay", Pay);
    }

    static async Task<IResult> Bring(HttpContext http, TransferFiles files, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own
            || http.Request.Form.Files.GetFile("file") is not { Length: > 0 and <= TransferFileText.MostBytes } file)
            return Results.LocalRedirect($"{Page}?told=none");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        // What has no letters is not kept: it is told at once.
        return await files.Bring(own.By, own.Business.Id, file.FileName, bytes.ToArray(), ct) is { } preview
            ? Results.LocalRedirect(
                preview.Fault == TransferFileFault.NotUtf8 ? $"{Page}?told={preview.Fault}" : $"{Page}/{preview.File.Id}")
            : Results.LocalRedirect($"{Page}?told=none");
    }

    static async Task<IResult> Pay(HttpContext http, [FromForm] string? intent, [FromForm] string? file, [FromForm] string? again,
        TransferFiles files, MakeBusinessTransfer make, CancellationToken ct)
    {
        if (await http.Business(ct) is not { } own || !Id.TryParse(file, out TransferFileId id)
            || await files.Find(own.Business.Id, id, ct) is not { } preview)
            return Results.LocalRedirect(Page);
        if (!preview.IsFine)
            return Results.LocalRedirect($"{Page}/{id}");
        var answer = await make.Run(new MakeBusinessTransferRequest(
            own.By, own.Business, preview.Lines, [BusinessForms.Key(own, intent, "transfer file", id, again)], File: preview,
            Again: Id.TryParse(again, out BusinessTransferId before) ? before : null), ct);
        return Results.LocalRedirect(answer.Accepted ? $"/business/transfers/{answer.Value.TransferId}"
            : BusinessForms.Told($"{Page}/{id}", answer.Refusal.ToString()));
    }
}
