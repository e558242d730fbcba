using System.Text.Json.Nodes;
using Ensen.Access;
using Ensen.Centres;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

sealed record SandboxCentreBody(string Name);

sealed record SandboxCentreAnswer(string CentreId, string PointTillToken);

/// <summary>Shopping centres for programs that try the point till.</summary>
sealed class SandboxCentresApi(OpenCentre open, Sessions sessions)
{
    public static void Map(ISandboxEndpoints api) =>
        api.Post<SandboxCentreBody, SandboxCentreAnswer>(
            "/centres",
            new("makeCentre", "A ready shopping centre with a point till.", Makes: true, new JsonObject { ["name"] = "なんばモール" }),
            (context, asked, ct) => context.RequestServices.GetRequiredService<SandboxCentresApi>().Add(asked, ct));

    async Task<SandboxAnswer<SandboxCentreAnswer>> Add(SandboxCentreBody asked, CancellationToken ct)
    {
        if ((await open.Run(new OpenCentreRequest(asked.Name), ct)).Value is not { } opened) return new(null, "invalid_request");
        var till = await sessions.Open(Subject.PointTill(opened.TillId), "Sandbox", opened.Centre.Id, lasting: true, ct: ct);
        return new(new SandboxCentreAnswer(opened.Centre.Id.ToString(), till.Token));
    }
}
