using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Web.Edge;

/// <summary>
/// From where a stream of events goes on: after the last one that was heard, which a browser says when it comes back; else from the moment
/// at which the page was made that listens (<c>data-since</c>), so that nothing falls between a page and its stream; else from now.
/// </summary>
static class Since
{
    /// <summary>What a page writes down: it listens for all that was asked for from this moment on.</summary>
    public static string At(DateTimeOffset moment) => Id.First<EntryId>(moment).ToString();

    /// <summary>The entry after which the listener who asks wants to hear.</summary>
    public static EntryId Of(HttpRequest request, TimeProvider clock) =>
        Id.TryParse(request.Headers["Last-Event-ID"].ToString(), out EntryId heard) ? heard
        : Id.TryParse(request.Query["since"].ToString(), out EntryId made) ? made
        : Id.First<EntryId>(clock.GetUtcNow());
}
