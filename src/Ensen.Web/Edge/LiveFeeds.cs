using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web.Edge;

/// <summary>What is told to whoever listens: an entry's news, or (without an entry) only that there is some.</summary>
readonly record struct LiveItem(EntryId? Entry, SseItem<string> Item);

/// <summary>Something that people listen to: a store's day, a member's wallet. Two are the same when their name is.</summary>
abstract record LiveTopic(string Name)
{
    /// <summary>The next entries after one, the oldest first, and where to go on when there are more.</summary>
    public abstract Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(Database db, EntryId after, CancellationToken ct);

    /// <summary>What is told at each ring, whatever is found then; null when only entries are news.</summary>
    public virtual SseItem<string>? AtRing => null;

    /// <summary>What rings for it.</summary>
    public virtual IReadOnlyCollection<string> Bells => [Name];
}

/// <summary>
/// The topics that somebody listens to on this node. Each is read once for all of its listeners, however many there are, and remembered for
/// a minute after the last of them has left: who comes back goes on exactly where the line broke, also when what was missed committed out
/// of the order of ids.
/// </summary>
sealed class LiveFeeds(Database db, TimeProvider clock, Loops loops, ILogger<LiveFeeds> log)
{
    readonly Dictionary<string, LiveFeed> _feeds = [];
    readonly Lock _lock = new();

    /// <summary>How many topics are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _feeds.Count;
        }
    }

    /// <summary>Begins to listen after this entry, or this moment (<see cref="Id.First"/>). Dispose it to stop.</summary>
    public async Task<LiveListener> Listen(LiveTopic topic, EntryId from, CancellationToken ct)
    {
        while (true)
        {
            LiveFeed? feed;
            lock (_lock)
            {
                if (!_feeds.TryGetValue(topic.Name, out feed))
                    _feeds.Add(topic.Name, feed = new LiveFeed(topic, db, clock, loops, log, Forget));
            }
            await feed.Begun.WaitAsync(ct);
            if (feed.Join(from) is { } listener)
                return listener;
        }
    }

    bool Forget(LiveFeed feed, Func<bool> nobodyListens)
    {
        lock (_lock)
        {
            if (!nobodyListens())
                return false;
            _feeds.Remove(feed.Topic.Name);
            return true;
        }
    }
}

/// <summary>One topic: what happened lately in the order in which it was seen to commit, and who is told.</summary>
sealed class LiveFeed
{
    /// <summary>Two writers may commit out of the order of their ids by about this much.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A writer that had to try several times, or to wait for its database, commits out of order by more, and never by more than this.
    /// </summary>
    static readonly TimeSpan s_longest = GeneralLedger.OutcomeKnownWithin + TimeSpan.FromSeconds(20);

    /// <summary>Nearly all commits are within this of the order of their ids; further back is looked at less often.</summary>
    static readonly TimeSpan s_usual = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_lookBackEvery = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_lookFarEvery = TimeSpan.FromSeconds(10);

    /// <summary>A store with many customers at once looks ten times a second, not once for each of them.</summary>
    static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_linger = TimeSpan.FromSeconds(60);
    const int MostRemembered = 5_000;
    const int MostFailures = 5;

    readonly Database _db;
    readonly TimeProvider _clock;
    readonly Loops _loops;
    readonly ILogger _log;
    readonly Func<LiveFeed, Func<bool>, bool> _forget;
    readonly Lock _lock = new();
    readonly List<LiveListener> _listeners = [];
    readonly List<LiveItem> _lately = [];
    readonly HashSet<EntryId> _seen = [];
    readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TaskCompletionSource? _somebody;
    EntryId _newest;
    bool _over;
    long _lookedBack;
    long _lookedFar;

    public LiveFeed(LiveTopic topic, Database db, TimeProvider clock, Loops loops, ILogger log, Func<LiveFeed, Func<bool>, bool> forget)
    {
        (Topic, _db, _clock, _loops, _log, _forget) = (topic, db, clock, loops, log, forget);
        _newest = Id.First<EntryId>(clock.GetUtcNow());
        _ = Task.Run(Go);
    }

    public LiveTopic Topic { get; }

    /// <summary>What happened before is known: from here on nothing is missed.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Null when the feed has ended meanwhile.</summary>
    public LiveListener? Join(EntryId from)
    {
        lock (_lock)
        {
            if (_over)
                return null;
            var at = _lately.FindLastIndex(i => i.Entry == from);
            var listener = at >= 0
                ? new LiveListener(this, default, [.. _lately.Skip(at + 1).Where(i => i.Entry is not null)])
                : new LiveListener(this, Floor(from), null) { Except = from };
            _listeners.Add(listener);
            _somebody?.TrySetResult();
            return listener;
        }
    }

    /// <summary>
    /// Who heard an entry may have missed one with a smaller id that committed later; who begins at a moment knows what was before.
    /// </summary>
    static EntryId Floor(EntryId from) => from == Id.First<EntryId>(Id.TimeOf(from)) ? from : Id.First<EntryId>(Id.TimeOf(from) - Overlap);

    public void Leave(LiveListener listener)
    {
        lock (_lock)
            _listeners.Remove(listener);
    }

    public Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(EntryId after, CancellationToken ct) => Topic.Read(_db, after, ct);

    bool TryEnd()
    {
        lock (_lock)
            return _over = _listeners.Count == 0;
    }

    async Task<bool> SomebodyComes()
    {
        Task comes;
        lock (_lock)
        {
            if (_listeners.Count > 0)
                return true;
            comes = (_somebody = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        // Nobody looked meanwhile: who comes next begins with a look far back.
        _lookedFar = 0;
        return await Task.WhenAny(comes, Task.Delay(s_linger)) == comes;
    }

    /// <summary>
    /// Whatever happens, nobody who listens is left on a line on which nothing comes any more: it ends, and they come again.
    /// </summary>
    async Task Go()
    {
        try
        {
            using var bell = _db.Notifications.Listen(Topic.Bells);
            await Look(_newest, s_longest, tell: false);
            _lookedBack = _lookedFar = _clock.GetTimestamp();
            _begun.TrySetResult();
            do
                while (await Turn(bell))
                {
                }
            while (await SomebodyComes() || !_forget(this, TryEnd));
        }
        catch (Exception e)
        {
            _loops.Count("streams", e);
            if (TransientFailure.IsInBackground(e))
                _log.LogWarning("Live streams of a topic end, their listeners come again: {Error}", e.GetType().Name);
            else
                _log.LogError(e, "Live streams of a topic end, their listeners come again");
            _forget(this, () =>
            {
                lock (_lock)
                    return _over = true;
            });
            _begun.TrySetException(e);
            lock (_lock)
                _listeners.ForEach(l => l.End());
        }
    }

    /// <summary>Looks, and waits for the next ring. False when nobody listens any more.</summary>
    async Task<bool> Turn(Notifications.Subscription bell)
    {
        lock (_lock)
            if (_listeners.Count == 0)
                return false;
        var looked = _clock.GetTimestamp();
        var far = IsTime(ref _lookedFar, s_lookFarEvery, looked);
        var back = IsTime(ref _lookedBack, s_lookBackEvery, looked) || far;
        for (var failures = 0; ;)
        {
            try
            {
                await Look(_newest, far ? s_longest : back ? Overlap : s_usual, tell: true);
                break;
            }
            catch (Exception e) when (TransientFailure.IsInBackground(e) && ++failures < MostFailures)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * failures));
            }
        }
        var rung = await bell.Wait(back ? s_lookFarEvery : s_lookBackEvery, CancellationToken.None);
        if (rung && Topic.AtRing is { } ring)
            Tell(new LiveItem(null, ring));
        if (_clock.GetElapsedTime(looked) is var since && since < s_betweenLooks)
            await Task.Delay(s_betweenLooks - since);
        return true;
    }

    bool IsTime(ref long last, TimeSpan every, long now)
    {
        if (last != 0 && _clock.GetElapsedTime(last, now) < every)
            return false;
        last = now;
        return true;
    }

    async Task Look(EntryId newest, TimeSpan back, bool tell)
    {
        for (EntryId? cursor = Id.First<EntryId>(Id.TimeOf(newest) - back); cursor is { } after;)
        {
            (var news, cursor) = await Topic.Read(_db, after, CancellationToken.None);
            foreach (var item in news)
            {
                if (item.Entry is not { } id || !_seen.Add(id))
                    continue;
                _newest = id.Value > _newest ? id : _newest;
                if (tell)
                    Tell(item);
            }
        }
        if (back == s_longest)
        {
            var old = Id.First<EntryId>(Id.TimeOf(_newest) - s_longest);
            _seen.RemoveWhere(id => id.Value < old);
        }
    }

    void Tell(LiveItem item)
    {
        lock (_lock)
        {
            if (item.Entry is not null)
                _lately.Add(item);
            if (_lately.Count > MostRemembered)
                _lately.RemoveRange(0, MostRemembered / 2);
            foreach (var listener in _listeners)
                listener.Tell(item);
        }
    }
}

/// <summary>One who listens: first to what was missed, then to what comes.</summary>
sealed class LiveListener(LiveFeed feed, EntryId floor, IReadOnlyList<LiveItem>? missed) : IDisposable
{
    /// <summary>Who does not take as much as this is not there any more, or comes again and reads on from where it was.</summary>
    const int MostUntold = 5_000;
    const int MostAtOnce = 200;

    /// <summary>So long an entry may be seen here first and by the feed later.</summary>
    static readonly TimeSpan s_remembers = TimeSpan.FromMinutes(2);

    readonly Channel<LiveItem> _coming = Channel.CreateBounded<LiveItem>(MostUntold);
    readonly HashSet<EntryId> _told = [];
    readonly long _began = Stopwatch.GetTimestamp();
    EntryId? _cursor = missed is null ? floor : null;
    IReadOnlyList<LiveItem>? _missed = missed;

    /// <summary>The entry that was heard last: it is not told again.</summary>
    public EntryId Except { get; init; }

    internal void Tell(LiveItem item)
    {
        if (item.Entry is { } id && id.Value <= floor)
            return;
        if (!_coming.Writer.TryWrite(item))
            End();
    }

    internal void End() => _coming.Writer.TryComplete();

    /// <summary>What comes next, some at once; nothing when the time passed; null when the stream is to end.</summary>
    public async Task<IReadOnlyList<LiveItem>?> Next(TimeSpan atMost, CancellationToken ct)
    {
        try
        {
            if (_missed is { Count: > 0 } before)
            {
                _missed = null;
                return before;
            }
            while (_cursor is { } after)
            {
                (var news, _cursor) = await feed.Read(after, ct);
                var fresh = news.Where(n => n.Entry is { } id && id != Except && _told.Add(id)).ToList();
                if (fresh.Count > 0)
                    return fresh;
            }
            return await Coming(atMost, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (TransientFailure.IsInBackground(e))
        {
            return null; // The database is away. The listener comes again, and goes on where it was.
        }
    }

    async Task<IReadOnlyList<LiveItem>?> Coming(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost);
        try
        {
            if (!await _coming.Reader.WaitToReadAsync(limit.Token))
                return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return [];
        }
        if (_told.Count > 0 && Stopwatch.GetElapsedTime(_began) > s_remembers)
            _told.Clear();
        var some = new List<LiveItem>();
        while (some.Count < MostAtOnce && _coming.Reader.TryRead(out var item))
            if (item.Entry is not { } id || id != Except && !_told.Contains(id))
                some.Add(item);
        return some;
    }

    public void Dispose() => feed.Leave(this);
}
