using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// Where callers wait for a writer. A writer takes as many as it can, in order, but nobody whose owner is in another writer's hands:
/// so an owner's entries are decided one after the other, and two writers of a node never meet at a guarded account.
/// </summary>
sealed class WaitingLine
{
    readonly Lock _lock = new();
    readonly HashSet<Guid> _held = [];
    readonly HashSet<Guid> _passedOver = [];
    readonly List<List<Waiting>> _inHand = [];
    List<Waiting> _line = [];
    List<Waiting> _rest = [];
    readonly Queue<TaskCompletionSource> _idle = new();
    bool _closed;

    /// <summary>How many wait now.</summary>
    public int Length
    {
        get
        {
            lock (_lock)
                return _line.Count;
        }
    }

    /// <summary>When the oldest of those came who have no answer yet, whether they wait or a writer has them in hand; null when there is none.</summary>
    public long? Oldest
    {
        get
        {
            lock (_lock)
            {
                var oldest = _line.Count > 0 ? _line[0].Since : long.MaxValue;
                foreach (var batch in _inHand)
                    if (!batch[0].IsAnswered)
                        oldest = Math.Min(oldest, batch[0].Since);
                return oldest == long.MaxValue ? null : oldest;
            }
        }
    }

    /// <summary>Somebody with one of these keys has no answer yet: whoever asks again with it is asking for that answer.</summary>
    public bool Knows(IReadOnlyList<OnceKey> keys)
    {
        lock (_lock)
            return keys.Any(key => _line.Any(w => w.HasKey(key)) || _inHand.Any(batch => batch.Any(w => w.HasKey(key))));
    }

    public void Join(Waiting waiting)
    {
        TaskCompletionSource? writer;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _line.Add(waiting);
            _idle.TryDequeue(out writer);
        }
        writer?.SetResult();
    }

    /// <summary>Waits for something to do, and takes it. Null when the line is closed and empty.</summary>
    public async Task<List<Waiting>?> Take(int most)
    {
        while (true)
        {
            TaskCompletionSource bell;
            lock (_lock)
            {
                if (TakeNow(most) is { } batch)
                    return batch;
                if (_closed && _line.Count == 0)
                    return null;
                bell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _idle.Enqueue(bell);
            }
            await bell.Task;
        }
    }

    /// <summary>The writer is done with these owners; whoever waits for one of them may be taken.</summary>
    public void Release(List<Waiting> batch)
    {
        lock (_lock)
        {
            _inHand.Remove(batch);
            foreach (var waiting in batch)
                foreach (var owner in waiting.Owners)
                    _held.Remove(owner);

            // After closing nobody joins and rings: whoever sleeps must wake now, to serve or to leave.
            for (var bells = _closed ? _idle.Count : Math.Min(1, _line.Count); bells > 0 && _idle.TryDequeue(out var writer); bells--)
                writer.SetResult();
        }
    }

    /// <summary>Nobody may join any more; those who wait are still served.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_idle.TryDequeue(out var writer))
                writer.SetResult();
        }
    }

    List<Waiting>? TakeNow(int most)
    {
        if (_line.Count == 0)
            return null;
        _passedOver.Clear();
        _rest.Clear();
        var batch = new List<Waiting>(Math.Min(most, _line.Count));
        foreach (var waiting in _line)
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
        (_line, _rest) = (_rest, _line);
        _inHand.Add(batch);
        foreach (var waiting in batch)
            foreach (var owner in waiting.Owners)
                _held.Add(owner);
        return batch;
    }

    bool Fits(Waiting waiting, List<Waiting> batch)
    {
        if (batch.Count > 0 && (waiting.IsAlone || batch[0].IsAlone))
            return false;
        foreach (var owner in waiting.Owners)
            if (_held.Contains(owner) || _passedOver.Contains(owner))
                return false;
        return true;
    }
}
