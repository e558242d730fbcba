using System.Collections.Concurrent;

namespace Ensen.Storage;

/// <summary>
/// Rows read a moment ago, so that a row asked for thousands of times a second is read a few times. What another node changed is
/// seen after <paramref name="life"/> at the latest; what this node changed is seen at once when it calls <see cref="Forget"/> after its commit.
/// </summary>
public sealed class Recent<TKey, TValue>(TimeProvider clock, TimeSpan life, int most)
    where TKey : notnull
    where TValue : class
{
    readonly ConcurrentDictionary<TKey, (TValue Value, long ReadAt)> _kept = new();
    int _count;
    long _changes;

    public async ValueTask<TValue?> Get(TKey key, Func<TKey, CancellationToken, Task<TValue?>> read, CancellationToken ct)
    {
        if (_kept.TryGetValue(key, out var found) && clock.GetElapsedTime(found.ReadAt) < life)
            return found.Value;
        var changes = Volatile.Read(ref _changes);
        var readAt = clock.GetTimestamp();
        var value = await read(key, ct);
        if (value is not null)
            Keep(key, value, readAt, changes);
        return value;
    }

    // A read that began before a change may hold the old row: it is not kept, or dropped again if the change came while it was being kept.
    void Keep(TKey key, TValue value, long readAt, long changes)
    {
        if (changes != Volatile.Read(ref _changes))
            return;
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Exchange(ref _count, 1);
            _kept.Clear();
        }
        _kept[key] = (value, readAt);
        if (changes != Interlocked.Read(ref _changes))
            _kept.TryRemove(key, out _);
    }

    /// <summary>Drops one row. Call it after the commit that changed it.</summary>
    public void Forget(TKey key)
    {
        Interlocked.Increment(ref _changes);
        _kept.TryRemove(key, out _);
    }

    /// <summary>Drops everything: some row was changed, and it is not known which.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _changes);
        _kept.Clear();
    }
}
