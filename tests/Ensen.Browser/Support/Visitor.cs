using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Ensen.Browser.Support;

/// <summary>
/// One person at one browser, and everything their browser complained about: script errors, refused resources, policy violations.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _complaints = new();

    public Visitor(IBrowserContext context, IPage page)
    {
        Context = context;
        Page = page;
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue($"{message.Text} ({message.Location})");
        };
        context.WebError += (_, error) => _complaints.Enqueue(error.Error);
        context.RequestFailed += (_, request) =>
        {
            // Leaving a page ends its live stream and what it was still loading; that is no failure.
            if (request.Failure != "net::ERR_ABORTED")
                _complaints.Enqueue($"{request.Url}: {request.Failure}");
        };
    }

    public IBrowserContext Context { get; }
    public IPage Page { get; }
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
