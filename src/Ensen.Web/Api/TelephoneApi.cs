using System.Text.Json;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>Somebody called one of our numbers; <paramref name="From"/> is null where the caller's number was withheld.</summary>
sealed record CallReportBody(string? From, string To);

/// <summary>The report was believed, and need not be sent again.</summary>
sealed record CallReportAnswer(bool Received);

/// <summary>
/// Where the telephone gateway reports calls. Nobody is signed in: what is believed is signed (Standard Webhooks). A report that is sent
/// again is answered as before and does nothing, so that its sender stops.
/// </summary>
static class TelephoneApi
{
    const int MostBytes = 4_096;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/gateways/telephone/calls", Hear)
            .Named("reportCall",
                "The telephone gateway reports an incoming call, which is never answered. Signed as Standard Webhooks 1.0 has it, by the headers "
                + "webhook-id, webhook-timestamp and webhook-signature. It answers the same whether or not anybody waited for the call.")
            .AllowAnonymous().Accepts<CallReportBody>("application/json").Produces<CallReportAnswer>().Refuses(400, 401, 403);

    static async Task<IResult> Hear(HttpContext context, ReportSignature signature, HearCall hear, CancellationToken ct)
    {
        if (await Read(context.Request, ct) is not { } body)
            return new Problem("invalid_request");
        var id = context.Request.Headers[ReportSignature.IdHeader].ToString();
        if (!signature.IsGenuine(id, context.Request.Headers[ReportSignature.TimestampHeader],
            context.Request.Headers[ReportSignature.SignatureHeader], body))
            return new Problem("unauthenticated");
        if (Parse(body) is not { } call)
            return new Problem("invalid_request");
        await hear.Run(new IncomingCall(id, call.From, call.To), ct);
        return Results.Ok(new CallReportAnswer(Received: true));
    }

    /// <summary>What was signed is the body byte by byte, so it is read before it is understood. Null: longer than any report.</summary>
    static async Task<byte[]?> Read(HttpRequest request, CancellationToken ct)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length <= MostBytes ? buffer[..length] : null;
    }

    static CallReportBody? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiTypes.Of<CallReportBody>());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
