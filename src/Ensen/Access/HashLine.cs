namespace Ensen.Access;

/// <summary>
/// Where passwords and PINs wait to be hashed. A hash takes some 12 ms of a processor and 9 MiB on purpose, so only
/// <paramref name="atOnce"/> are made at a time, on threads of their own that give way to others: payments hardly notice how many people
/// (or machines) sign in. Sources take turns, and known devices go first: who sends many waits behind those who send one. Where
/// <paramref name="mostWaiting"/> wait already, the one who has most of them gives way, and is told to come again.
/// </summary>
public sealed class HashLine(int atOnce, int mostWaiting)
{
    readonly Lock _gate = new();
    readonly List<PendingHash> _line = [];
    int _running;
    long _round;
    long _arrivals;

    public HashLine() : this(atOnce: 1, mostWaiting: 60) { }

    /// <summary>How long whoever was turned away should wait.</summary>
    public static TimeSpan ComeAgain => TimeSpan.FromSeconds(5);

    /// <summary>Hashes a new secret; null when the line is too long.</summary>
    public Task<string?> Make(string secret, string source, CancellationToken ct = default) =>
        Run(source, first: false, () => PasswordHash.Make(secret), ct);

    /// <summary>Whether the secret is the one of the hash (null: nobody's, which takes as long); null when the line is too long.</summary>
    public async Task<PasswordVerdict?> Verify(string? hash, string secret, string source, bool known,
        CancellationToken ct = default) =>
        await Run<object>(source, known, () => PasswordHash.Verify(hash, secret), ct) is PasswordVerdict verdict ? verdict : null;

    internal async Task<T?> Run<T>(string source, bool first, Func<T> work, CancellationToken ct)
        where T : class
    {
        var mine = new PendingHash(source, first);
        PendingHash? turnedAway = null;
        lock (_gate)
        {
            mine.Arrival = _arrivals++;
            mine.Round = 1 + Math.Max(_round, _line.Where(w => w.Source == source).Select(w => w.Round).DefaultIfEmpty(0).Max());
            _line.Add(mine);
            if (_line.Count > mostWaiting + Math.Max(0, atOnce - _running))
            {
                turnedAway = _line.OrderBy(PendingHash.Order).Last();
                _line.Remove(turnedAway);
            }
            Next();
        }
        turnedAway?.Turn.TrySetResult(false);
        await using var left = ct.Register(() =>
        {
            lock (_gate)
                if (_line.Remove(mine))
                    mine.Turn.TrySetCanceled(ct);
        });
        if (!await mine.Turn.Task)
            return null;
        try
        {
            return await Task.Factory.StartNew(() =>
            {
                LowPriority.Take();
                return work();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            lock (_gate)
            {
                _running--;
                Next();
            }
        }
    }

    void Next()
    {
        while (_running < atOnce && _line.Count > 0)
        {
            var next = _line.MinBy(PendingHash.Order)!;
            _line.Remove(next);
            _running++;
            _round = Math.Max(_round, next.Round);
            next.Turn.TrySetResult(true);
        }
    }

    sealed class PendingHash(string source, bool first)
    {
        public string Source => source;
        public long Arrival { get; set; }
        public long Round { get; set; }
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static readonly Func<PendingHash, (bool, long, long)> Order = w => (!w.First, w.Round, w.Arrival);

        bool First => first;
    }
}
