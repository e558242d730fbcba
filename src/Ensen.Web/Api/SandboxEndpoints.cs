using System.Text.Json.Nodes;
using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>Opens the sandbox's endpoints under <c>/api/v1/sandbox</c>.</summary>
sealed class SandboxEndpoints(IEndpointRouteBuilder group) : ISandboxEndpoints
{
    /// <summary>Where the sandbox is on; to everybody, for whoever tries the product has no token yet.</summary>
    public static void Map(RouteGroupBuilder api, ISandbox sandbox) =>
        sandbox.MapApi(new SandboxEndpoints(api.MapGroup("/sandbox").AllowAnonymous().WithTags("SandboxApi")));

    public void Get<TAnswer>(string path, SandboxOperation operation, Func<HttpContext, TAnswer> answer)
        where TAnswer : class =>
        group.MapGet(path, (HttpContext context) => Results.Ok(answer(context)))
            .Named(operation.Name, operation.Summary)
            .Produces<TAnswer>();

    public void Get<TAnswer>(string path, SandboxOperation operation, Func<HttpContext, CancellationToken, Task<TAnswer>> answer)
        where TAnswer : class =>
        group.MapGet(path, async (HttpContext context, CancellationToken ct) => Results.Ok(await answer(context, ct)))
            .Named(operation.Name, operation.Summary)
            .Produces<TAnswer>();

    public void Post<TBody, TAnswer>(
        string path, SandboxOperation operation, Func<HttpContext, TBody, CancellationToken, Task<SandboxAnswer<TAnswer>>> run)
        where TBody : class
        where TAnswer : class
    {
        var endpoint = group.MapPost(path, async Task<IResult> (HttpContext context, Body<TBody> body, CancellationToken ct) =>
        {
            if (body.Value is not { } asked) return body.Problem!;
            var answer = await run(context, asked, ct);
            if (answer.Value is not { } value) return new Problem(answer.Problem!);
            return operation.Makes ? Results.Created((string?)null, value) : Results.Ok(value);
        });
        endpoint.Named(operation.Name, operation.Summary).Produces<TAnswer>(operation.Makes ? 201 : 200).Refuses(400);
        if (operation.Makes)
            endpoint.WithPriority(RequestPriority.CanWait);
        if (operation.Example is { } example)
            endpoint.WithMetadata(new ApiExample(example));
    }
}

/// <summary>A request body to begin with, said where the endpoint is mapped.</summary>
sealed record ApiExample(JsonNode Body);
