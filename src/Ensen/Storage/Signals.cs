using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ensen.Storage;

/// <summary>
/// "There is news about X": a hint without content, so losing one is harmless (whoever waits also looks now and then).
/// The news itself is always read from the database.
/// </summary>
public class Signals : IDisposable
{
    readonly ConcurrentDictionary<string, ConcurrentDictionary<Listening, byte>> _topics = new();

    /// <summary>Begins to hear other nodes. Programs that only post and leave (commands, benches) need not call it.</summary>
    public virtual void Start() { }

    /// <summary>Tells everybody who listens for the topic, on every node.</summary>
    public virtual void Raise(params IReadOnlyCollection<string> topics) => RaiseHere(topics);

    protected void RaiseHere(IEnumerable<string> topics)
    {
        foreach (var topic in topics)
            if (_topics.TryGetValue(topic, out var listeners))
                foreach (var listener in listeners.Keys)
                    listener.Ring();
    }

    public Listening Listen(string topic)
    {
        var listening = new Listening(l =>
        {
            if (_topics.TryGetValue(topic, out var set))
                set.TryRemove(l, out _);
        });
        _topics.GetOrAdd(topic, _ => new()).TryAdd(listening, 0);
        return listening;
    }

    protected virtual void Dispose(bool disposing) { }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>One listener's bell: rings that come while nobody waits are kept as one.</summary>
    public sealed class Listening(Action<Listening> stop) : IDisposable
    {
        readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

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
