using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Storage;

namespace Ensen.Ui;

/// <summary>
/// The outside world to play with, as the product sees it. The project Ensen.Sandbox is the one implementation, and one file of Ensen.Web
/// names it, which a bank's build leaves out (docs/decisions/0013-the-sandbox-is-left-out.md).
/// </summary>
public interface ISandbox
{
    /// <summary>The assembly with the sandbox's pages.</summary>
    Assembly Assembly { get; }

    /// <summary>What the sandbox adds to the product's catalogue: the tables of its outside world.</summary>
    Basics.Module Module { get; }

    /// <summary>
    /// Registers the sandbox's clock, for a program that judges books must know what time they were told. Where the sandbox is
    /// <paramref name="on"/>, that clock is everybody's, its gateways are the outside, and the rest of it is registered too.
    /// </summary>
    void Add(IServiceCollection services, bool on);

    /// <summary>The sandbox's clock, moved as far as the database says.</summary>
    Task<TimeProvider> Clock(IServiceProvider services, Database db, CancellationToken ct);

    /// <summary>Makes the demo town in a new database.</summary>
    Task MakeTown(IServiceProvider services, CancellationToken ct);

    /// <summary>Runs until stopped: what goes on without a request.</summary>
    Task Run(IServiceProvider services, CancellationToken ct);

    /// <summary>How the bodies and answers of its endpoints are read and written, by the rules given.</summary>
    JsonSerializerContext Json(JsonSerializerOptions rules);

    void MapApi(ISandboxEndpoints api);

    /// <summary>Maps what the sandbox's pages and pieces send.</summary>
    void MapForms(IEndpointRouteBuilder app);

    /// <summary>Stands before the pages: sees how far somebody has come on the first walk.</summary>
    Task Notice(HttpContext context, RequestDelegate next);
}
