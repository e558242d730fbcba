using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Ensen.Access;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Web.Session;
using Ensen.Web.Observability;

namespace Ensen.Web.Edge;

/// <summary>
/// Who has a stream open on this node. A stream lives as long as its session: when that ends, here or on another node, it ends at once. A
/// session has a few of them (a browser's tabs share one), an owner some hundred, the node as many as it is told; who opens one more closes
/// the oldest of its own, which does not come back soon.
/// </summary>
sealed class Streams
{
    public const int MostOfSession = 6;
    public const int MostOfOwner = 200;
    static readonly TimeSpan s_stillHere = TimeSpan.FromSeconds(10);

    /// <summary>When somebody comes again whose place was taken: not soon, or two would chase each other away for ever.</summary>
    static readonly TimeSpan s_later = TimeSpan.FromSeconds(30);

    readonly LiveFeeds _feeds;
    readonly Sessions _sessions;
    readonly Lock _lock = new();
    readonly Dictionary<Guid, List<OpenStream>> _ofSession = [];
    readonly Dictionary<Guid, List<OpenStream>> _ofOwner = [];
    readonly int _most;
    int _open;

    public Streams(LiveFeeds feeds, Sessions sessions, Database db, Settings settings)
    {
        (_feeds, _sessions, _most) = (feeds, sessions, settings.MostStreams);
        db.Notifications.Follow(Sessions.Over, ended =>
        {
            // News that may have been missed are found by the next look of each stream, which asks before it tells anything.
            if (Guid.TryParse(ended, out var id))
                End(new SessionId(id));
        });
    }

    /// <summary>How many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _open;
        }
    }

    /// <summary>Answers a request with the news of a topic as they commit, for as long as the caller listens and is signed in.</summary>
    public IResult Answer(HttpContext context, LiveTopic topic, TimeProvider clock, IHostApplicationLifetime life)
    {
        var caller = context.Caller();
        if (Open(caller, context.RequestAborted, life.ApplicationStopping) is not { } stream)
        {
            return new Problem("try_again", s_later);
        }
        context.Response.RegisterForDispose(stream);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(Follow(stream, caller, topic, Since.Of(context.Request, clock)));
    }

    /// <summary>Null when the node has no place for one more.</summary>
    internal OpenStream? Open(Caller caller, CancellationToken hungUp = default, CancellationToken stopping = default)
    {
        List<OpenStream> tooMany = [];
        OpenStream stream;
        lock (_lock)
        {
            if (_open >= _most)
                return null;
            stream = new OpenStream(this, caller.Session, caller.Owner, CancellationTokenSource.CreateLinkedTokenSource(hungUp, stopping));
            _open++;
            Add(_ofSession, caller.Session, MostOfSession);
            Add(_ofOwner, caller.Owner, MostOfOwner);
        }
        foreach (var old in tooMany)
            old.GiveWay();
        return stream;

        void Add(Dictionary<Guid, List<OpenStream>> all, Guid whose, int most)
        {
            if (!all.TryGetValue(whose, out var his))
                all.Add(whose, his = []);
            his.Add(stream);
            if (his.Count(s => !s.GaveWay) > most && his.Find(s => !s.GaveWay) is { } oldest)
            {
                oldest.GaveWay = true;
                tooMany.Add(oldest);
            }
        }
    }

    internal void Close(OpenStream stream)
    {
        lock (_lock)
        {
            _open--;
            Remove(_ofSession, stream.Session);
            Remove(_ofOwner, stream.Owner);
        }

        void Remove(Dictionary<Guid, List<OpenStream>> all, Guid whose)
        {
            if (all.TryGetValue(whose, out var his) && his.Remove(stream) && his.Count == 0)
                all.Remove(whose);
        }
    }

    void End(SessionId session)
    {
        List<OpenStream> ended;
        lock (_lock)
            ended = _ofSession.TryGetValue(session, out var his) ? [.. his] : [];
        foreach (var stream in ended)
            stream.End();
    }

    async IAsyncEnumerable<SseItem<string>> Follow(OpenStream stream, Caller caller, LiveTopic topic, EntryId from,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stream.Token, ct);
        using var counted = WebMeter.Listens();
        using var listener = await Begin(topic, from, all.Token);
        yield return Hello();
        while (listener is not null && await listener.Next(s_stillHere, all.Token) is { } news)
        {
            // Whoever was signed out meanwhile hears nothing more, also when nobody told this node.
            if (!await IsSignedIn(caller, all.Token))
                yield break;
            if (news.Count == 0)
                yield return new SseItem<string>("", "still-here");
            foreach (var item in news)
                yield return item.Item;
        }
        if (stream.GaveWay)
            yield return new SseItem<string>("", "gave-way") { ReconnectionInterval = s_later };
    }

    async Task<LiveListener?> Begin(LiveTopic topic, EntryId from, CancellationToken ct)
    {
        try
        {
            return await _feeds.Listen(topic, from, ct);
        }
        catch (Exception e) when (e is OperationCanceledException || TransientFailure.IsInBackground(e))
        {
            return null;
        }
    }

    async Task<bool> IsSignedIn(Caller caller, CancellationToken ct)
    {
        try
        {
            return await _sessions.IsOpen(caller.Subject, caller.Session, ct);
        }
        catch (Exception e) when (e is OperationCanceledException || TransientFailure.IsInBackground(e))
        {
            return false;
        }
    }

    /// <summary>
    /// The first event also says when to come again after the stream has ended (the node stops, the line breaks): not everybody in the same
    /// instant.
    /// </summary>
    static SseItem<string> Hello() => new("", "hello") { ReconnectionInterval = TimeSpan.FromMilliseconds(Random.Shared.Next(500, 3_000)) };
}

/// <summary>A stream that is open; disposed with its request.</summary>
sealed class OpenStream(Streams all, SessionId session, Guid owner, CancellationTokenSource stop) : IDisposable
{
    public SessionId Session => session;
    public Guid Owner => owner;

    /// <summary>Cancelled when the stream is to end, for whatever reason.</summary>
    public CancellationToken Token { get; } = stop.Token;

    /// <summary>It was the oldest of too many.</summary>
    public bool GaveWay { get; internal set; }

    internal void GiveWay() => End();

    internal void End()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose()
    {
        all.Close(this);
        stop.Dispose();
    }
}
