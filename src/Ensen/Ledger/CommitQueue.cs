using System.Runtime.InteropServices;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// Where callers wait for a writer. A writer takes as many as it can, in order, but nobody whose owner is in another writer's hands:
/// so an owner's entries are decided one after the other, and two writers of a node never meet at a guarded account. While one writer has
/// many in hand another does not set out with a few: two batches that take turns, each of nearly half of those who ask, cost less than many
/// small ones.
/// </summary>
sealed class CommitQueue(TimeProvider clock)
{
    /// <summary>How long the few wait at most before they are taken as a batch of their own; the other writer may stand still.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);

    readonly Lock _lock = new();
    readonly HashSet<Guid> _held = [];
    readonly HashSet<Guid> _passedOver = [];

    /// <summary>
    /// The idempotency keys of those who have no answer yet, and how often: looked up when many wait, which is no time to look through them
    /// all.
    /// </summary>
    readonly Dictionary<(Guid Caller, string Key), int> _keys = [];
    readonly List<List<PendingPost>> _inHand = [];
    List<PendingPost> _queue = [];
    List<PendingPost> _rest = [];
    readonly Queue<TaskCompletionSource<bool>> _idle = new();
    bool _closed;

    /// <summary>How many wait now.</summary>
    public int Length
    {
        get
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    /// <summary>
    /// When the oldest draft without an answer came, whether it waits or a writer has it in hand; null when there is none.
    /// </summary>
    public long? Oldest
    {
        get
        {
            lock (_lock)
            {
                var oldest = _queue.Count > 0 ? _queue[0].Since : long.MaxValue;
                foreach (var batch in _inHand)
                    if (!batch[0].IsAnswered)
                        oldest = Math.Min(oldest, batch[0].Since);
                return oldest == long.MaxValue ? null : oldest;
            }
        }
    }

    /// <summary>Somebody with one of these keys has no answer yet: whoever asks again with it is asking for that answer.</summary>
    public bool Knows(IReadOnlyList<IdempotencyKey> keys)
    {
        lock (_lock)
            return keys.Any(key => _keys.ContainsKey((key.Caller, key.Key)));
    }

    public void Join(PendingPost waiting)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _queue.Add(waiting);
            foreach (var key in waiting.Keys)
                CollectionsMarshal.GetValueRefOrAddDefault(_keys, (key.Caller, key.Key), out _)++;
            if (_queue.Count == 1 || !AreFew())
                Wake(); // The first wakes somebody who then waits for the others, but not for ever.
        }
    }

    /// <summary>Waits for something to do, and takes it. Null when the line is closed and empty.</summary>
    public async Task<List<PendingPost>?> Take(int most)
    {
        for (var patient = true; ;)
        {
            var bell = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            bool somebodyWaits;
            lock (_lock)
            {
                if (!(patient && AreFew()) && TakeNow(most) is { } batch)
                    return batch;
                if (_closed && _queue.Count == 0)
                    return null;
                _idle.Enqueue(bell);
                somebodyWaits = _queue.Count > 0;
            }
            using var patience = somebodyWaits ? clock.CreateTimer(
                static b => ((TaskCompletionSource<bool>)b!).TrySetResult(false), bell, s_patience, Timeout.InfiniteTimeSpan) : null;
            patient = await bell.Task;
        }
    }

    /// <summary>The writer is done with these owners; whoever waits for one of them may be taken.</summary>
    public void Release(List<PendingPost> batch)
    {
        lock (_lock)
        {
            _inHand.Remove(batch);
            foreach (var waiting in batch)
            {
                foreach (var owner in waiting.Owners)
                    _held.Remove(owner);
                foreach (var key in waiting.Keys)
                    if (--CollectionsMarshal.GetValueRefOrAddDefault(_keys, (key.Caller, key.Key), out _) == 0)
                        _keys.Remove((key.Caller, key.Key));
            }

            // After closing nobody joins and rings: whoever sleeps must wake now, to serve or to leave.
            for (var bells = _closed ? _idle.Count : Math.Min(1, _queue.Count); bells > 0; bells--)
                Wake();
        }
    }

    /// <summary>Nobody may join any more; those who wait are still served.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (Wake())
            {
            }
        }
    }

    /// <summary>Wakes a writer that sleeps. False when none does.</summary>
    bool Wake()
    {
        while (_idle.TryDequeue(out var writer))
            if (writer.TrySetResult(true))
                return true;
        return false;
    }

    /// <summary>Fewer wait than half of what another writer has in hand: they go when it is answered, or when more have come.</summary>
    bool AreFew()
    {
        if (_closed)
            return false;
        foreach (var batch in _inHand)
            if (_queue.Count < batch.Count / 2)
                return true;
        return false;
    }

    List<PendingPost>? TakeNow(int most)
    {
        if (_queue.Count == 0)
            return null;
        _passedOver.Clear();
        _rest.Clear();
        var batch = new List<PendingPost>(Math.Min(most, _queue.Count));
        foreach (var waiting in _queue)
        {
            if (batch.Count >= most || !Fits(waiting, batch))
            {
                _rest.Add(waiting);
                foreach (var owner in waiting.Owners)
                    _passedOver.Add(owner);
            }
            else
                batch.Add(waiting);
        }
        if (batch.Count == 0)
            return null;
        (_queue, _rest) = (_rest, _queue);
        _inHand.Add(batch);
        foreach (var waiting in batch)
            foreach (var owner in waiting.Owners)
                _held.Add(owner);
        return batch;
    }

    bool Fits(PendingPost waiting, List<PendingPost> batch)
    {
        if (batch.Count > 0 && (waiting.IsAlone || batch[0].IsAlone))
            return false;
        foreach (var owner in waiting.Owners)
            if (_held.Contains(owner) || _passedOver.Contains(owner))
                return false;
        return true;
    }
}
