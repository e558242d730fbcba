using BitFaster.Caching.Lru;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>
/// Rows read a moment ago, so that a row asked for thousands of times a second is read a few times. A row is trusted for
/// <paramref name="life"/> after it was read; and longer, up to <see cref="Longest"/>, while <paramref name="news"/> of its change would
/// have been heard: it is as good then as the last proof of that, which may be <paramref name="deaf"/> ago (null: the life). So nothing is
/// ever older than the longer of the two, also when the wire is cut; what this node changed is seen at once when it calls
/// <see cref="Forget"/> after its commit.
/// </summary>
public sealed class RowCache<TKey, TValue>(TimeProvider clock, TimeSpan life, int most, Notifications? news = null, TimeSpan? deaf = null)
    where TKey : notnull
    where TValue : class
{
    /// <summary>A row changed by hand in the database raises no news: it is seen after this.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // How often a row of each group of keys was changed, and how often all of them: a row is kept with the count at which its reading
    // began and is told at no other. Dropping it alone would not do: who read it before the change may keep it after.
    readonly long[] _changes = new long[256];
    volatile FastConcurrentLru<TKey, Row> _rows = new(most);
    long _changesOfAll;

    public ValueTask<TValue?> Get(TKey key, Func<TKey, CancellationToken, Task<TValue?>> read, CancellationToken ct)
    {
        var changes = Interlocked.Read(ref Changes(key)) + Interlocked.Read(ref _changesOfAll);
        return _rows.TryGet(key, out var row) && row.Changes == changes && IsGood(row.ReadAt) ? ValueTask.FromResult<TValue?>(row.Value)
            : Read(key, read, changes, ct);
    }

    async ValueTask<TValue?> Read(TKey key, Func<TKey, CancellationToken, Task<TValue?>> read, long changes, CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        var value = await read(key, ct);
        if (value is not null)
            _rows.AddOrUpdate(key, new(value, readAt, changes));
        return value;
    }

    bool IsGood(long readAt) => clock.GetElapsedTime(readAt) is var age && (age < life || age < Longest && news?.Behind < (deaf ?? life));

    // Half of all hash codes are negative, and what does not fit into a number's type is refused everywhere else.
    ref long Changes(TKey key) => ref _changes[unchecked((uint)key.GetHashCode()) % _changes.Length];

    /// <summary>Drops one row. Call it after the commit that changed it.</summary>
    public void Forget(TKey key)
    {
        Interlocked.Increment(ref Changes(key));
        _rows.TryRemove(key);
    }

    /// <summary>Drops everything: some row was changed, and it is not known which.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref _changesOfAll);
        _rows = new(most); // Nothing of the old one is told any more, and it need not stay in memory.
    }

    sealed record Row(TValue Value, long ReadAt, long Changes);
}

/// <summary>For rows that are known by their id.</summary>
public static class RowCacheById
{
    /// <summary>Drops the row whose id this is; all of them when it is none (news was missed).</summary>
    public static void ForgetOne<TId, TValue>(this RowCache<TId, TValue> recent, string? id)
        where TId : struct, ITypedId<TId>
        where TValue : class
    {
        if (Id.TryParse(id, out TId one))
            recent.Forget(one);
        else
            recent.ForgetAll();
    }
}
