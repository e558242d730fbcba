using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Threading.Channels;

namespace Ensen.Storage;

/// <summary>
/// "There is news about X": a hint without content, so losing one is harmless (whoever waits also looks now and then).
/// The news itself is always read from the database. A topic is <c>kind:subject</c>.
/// </summary>
public class Notifications : IDisposable
{
    readonly ConcurrentDictionary<string, ImmutableHashSet<Subscription>> _topics = new();
    readonly ConcurrentDictionary<string, ConcurrentBag<Action<string?>>> _kinds = new();

    Loops? _loops;

    /// <summary>Begins to hear other nodes. Programs that only post and leave (commands, benches) need not call it.</summary>
    public virtual void Start(Loops? loops = null) => _loops = loops;

    /// <summary>
    /// How long ago it was last proved that all news announced by then had arrived here. What is kept in memory and dropped at such news is
    /// no older than this. Endless where other programs on the same database are not heard.
    /// </summary>
    public virtual TimeSpan Behind => TimeSpan.MaxValue;

    /// <summary>Tells everybody who listens for the topic, on every node.</summary>
    public virtual void Raise(params IReadOnlyCollection<string> topics) => RaiseHere(topics);

    /// <summary>
    /// Tells the other nodes as part of the transaction: if it commits they will hear of it, in the order of commits, even if this node
    /// dies then. For rare news on which others rely; raise it after the commit as well, for this node.
    /// </summary>
    public virtual Task Announce(DbTransaction tx, params IReadOnlyCollection<string> topics) => Task.CompletedTask;

    protected void RaiseHere(IEnumerable<string> topics)
    {
        var kinds = _kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var topic in topics)
        {
            if (_topics.TryGetValue(topic, out var listeners))
                foreach (var listener in listeners)
                    listener.Ring();
            if (topic.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
                && kinds.TryGetValue(topic.AsSpan(0, colon), out var followers))
                Tell(followers, topic[(colon + 1)..]);
        }
    }

    /// <summary>Whoever fails at it keeps nobody else from hearing, least of all the ledger, whose news they are.</summary>
    void Tell(IEnumerable<Action<string?>> followers, string? subject)
    {
        foreach (var follower in followers)
        {
            try
            {
                follower(subject);
            }
            catch (Exception e)
            {
                _loops?.Count("news", e);
            }
        }
    }

    /// <summary>News may have been missed: whoever keeps something in memory is told to forget all of it.</summary>
    protected void RaiseAll()
    {
        Tell(_kinds.Values.SelectMany(k => k), null);
    }

    /// <summary>
    /// Calls, as long as the program runs, for each topic of a kind with its subject, and with null when some may have been missed. It is
    /// called by whoever brings the news: it must be quick and may not fail.
    /// </summary>
    public void Follow(string kind, Action<string?> changed) => _kinds.GetOrAdd(kind, _ => []).Add(changed);

    /// <summary>One bell for all of these topics; it rings until it is disposed.</summary>
    public Subscription Listen(params IReadOnlyCollection<string> topics)
    {
        var listening = new Subscription(l =>
        {
            foreach (var topic in topics)
                Change(topic, all => all.Remove(l));
        });
        foreach (var topic in topics)
            Change(topic, all => all.Add(listening));
        return listening;
    }

    /// <summary>How many topics somebody listens to now. What nobody listens to is not remembered.</summary>
    internal int Topics => _topics.Count;

    void Change(string topic, Func<ImmutableHashSet<Subscription>, ImmutableHashSet<Subscription>> change)
    {
        // Whoever is first wins; the other looks again, also at whether the topic is still there.
        while (true)
        {
            var known = _topics.TryGetValue(topic, out var before);
            var after = change(before ?? []);
            if (known ? after.IsEmpty ? _topics.TryRemove(KeyValuePair.Create(topic, before!))
                : _topics.TryUpdate(topic, after, before!)
                : after.IsEmpty || _topics.TryAdd(topic, after))
                return;
        }
    }

    protected virtual void Dispose(bool disposing) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>One listener's bell: rings that come while nobody waits are kept as one.</summary>
    public sealed class Subscription(Action<Subscription> stop) : IDisposable
    {
        readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        internal void Ring() => _bell.Writer.TryWrite(true);

        /// <summary>Returns true when rung, false when the time passed without a ring.</summary>
        public async Task<bool> Wait(TimeSpan atMost, CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(atMost);
            try
            {
                return await _bell.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose() => stop(this);
    }
}
