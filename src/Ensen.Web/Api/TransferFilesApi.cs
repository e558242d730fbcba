using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Api;

/// <param name="Code">What is wrong with the row; null where nothing is.</param>
/// <param name="SameAs">A row above that pays the same company as much with the same text; null where there is none.</param>
sealed record TransferFileRowAnswer(int Row, string To, string? Name, long? Amount, string Text, string? Code, int? SameAs);

/// <summary>
/// A file with every row. <paramref name="Code"/>: what is wrong with the whole of it, in <paramref name="CodeRow"/>; null: nothing.
/// <paramref name="MadeBefore"/>: the last transfer that was made of the same rows, under whatever name and in whatever order; who means
/// them once more says so by <c>again</c>.
/// </summary>
/// <param name="Fine">It can be made into a transfer.</param>
sealed record TransferFileAnswer(TransferFileId FileId, bool Fine, string? Code, int? CodeRow, long Total,
    BusinessTransferId? MadeBefore, IReadOnlyList<TransferFileRowAnswer> Rows);

/// <summary>Files of transfers: looked at first, then made into one transfer.</summary>
static class TransferFilesApi
{
    public static void Map(RouteGroupBuilder business)
    {
        business.MapPost("/transfer-files", Bring)
            .Named("bringTransferFile",
                "A file of transfers, text/csv in UTF-8: a header `to,amount,text`, a row for each transfer, and last `total,SUM,COUNT`. "
                + "Nothing moves: the answer is every row, and what is wrong with it.")
            .WithMetadata(new RequestSizeLimitAttribute(TransferFileText.MostBytes),
                new AcceptsMetadata(["text/csv", "*/*"], typeof(string)))
            .Produces<TransferFileAnswer>(201).Refuses(400, 404);
        business.MapGet("/transfer-files/{id}", Read)
            .Named("readTransferFile", "The file once more, its payees looked up anew.").Produces<TransferFileAnswer>().Refuses(404);
        business.MapPost("/transfer-files/{id}/transfer", Make)
            .Named("makeTransferOfFile",
                "Makes one transfer of all rows, or of none: it is paid or waits as any other. The same rows once, and once more only for "
                + "whoever names the transfer that was made of them before (`again`).")
            .MovesValue<BusinessTransferAnswer>();
    }

    static async Task<IResult> Bring(HttpContext context, TransferFiles files, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        using var bytes = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(bytes, ct);
        }
        catch (BadHttpRequestException)
        {
            context.Response.Headers.Connection = "close";
            return new Problem("invalid_request");
        }
        return await files.Bring(own.By, own.Business.Id, null, bytes.ToArray(), ct) is { } preview
            ? Results.Created((string?)null, Told(preview)) : new Problem("forbidden");
    }

    static async Task<IResult> Read(HttpContext context, string id, TransferFiles files, CancellationToken ct) =>
        Id.TryParse(id, out TransferFileId file) && await context.Business(ct) is { } own
        && await files.Find(own.Business.Id, file, ct) is { } preview
            ? Results.Ok(Told(preview)) : new Problem("not_found");

    static async Task<IResult> Make(
        HttpContext context, string id, string? again, TransferFiles files, MakeBusinessTransfer make, CancellationToken ct)
    {
        if (await context.Business(ct) is not { } own) return new Problem("not_found");
        if (!Id.TryParse(again, out BusinessTransferId before) && again is not null) return Problem.Invalid("again");
        if (Keys.Key(context, own.Person, "transfer file", id, again) is not { } key) return new Problem("key_required");
        if (await make.Earlier([key], ct) is { } earlier) return BusinessApi.Told(context, earlier);
        if (!Id.TryParse(id, out TransferFileId file) || await files.Find(own.Business.Id, file, ct) is not { } preview)
            return new Problem("not_found");
        if (!preview.IsFine) return new Problem("invalid_request");
        return BusinessApi.Told(context, await make.Run(new MakeBusinessTransferRequest(
            own.By, own.Business, preview.Lines, [key], File: preview, Again: again is null ? null : before), ct));
    }

    static TransferFileAnswer Told(TransferFilePreview preview) => new(preview.File.Id, preview.IsFine && preview.MadeBefore is null,
        Code(preview.Fault), preview.Fault == TransferFileFault.None ? null : preview.FaultRow, preview.Total.Value, preview.MadeBefore,
        [.. preview.Rows.Select(r => new TransferFileRowAnswer(
            r.Row, r.To, r.Payee?.Name, r.Amount?.Value, r.Text, Code(r.Fault), r.SameAs))]);

    static string? Code(TransferFileFault fault) => fault == TransferFileFault.None ? null : Problem.Code(fault.ToString());
}
