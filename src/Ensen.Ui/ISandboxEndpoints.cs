using System.Text.Json.Nodes;

namespace Ensen.Ui;

/// <summary>
/// What the API's document says of an endpoint of the sandbox. <paramref name="Makes"/>: it answers 201 and can wait when the node is busy.
/// </summary>
public sealed record SandboxOperation(string Name, string Summary, bool Makes = false, JsonNode? Example = null);

/// <summary>An endpoint's answer, or the code of the problem that stands in its place.</summary>
public readonly record struct SandboxAnswer<T>(T? Value, string? Problem = null)
    where T : class;

/// <summary>
/// Opens endpoints of the sandbox in the API: bodies are read, problems answered and operations described as all the others are.
/// </summary>
public interface ISandboxEndpoints
{
    void Get<TAnswer>(string path, SandboxOperation operation, Func<HttpContext, TAnswer> answer)
        where TAnswer : class;

    void Get<TAnswer>(string path, SandboxOperation operation, Func<HttpContext, CancellationToken, Task<TAnswer>> answer)
        where TAnswer : class;

    void Post<TBody, TAnswer>(
        string path, SandboxOperation operation, Func<HttpContext, TBody, CancellationToken, Task<SandboxAnswer<TAnswer>>> run)
        where TBody : class
        where TAnswer : class;
}
