namespace Ensen.Simulation.Worlds;

/// <summary>
/// The only thread of a simulated world. Whatever can go on waits here, and the seed picks what goes on next; when nothing can, time
/// passes to the next timer. Nothing else decides what happens when, so the same seed is the same run.
/// </summary>
sealed class Loop(Random chance, DateTimeOffset start, bool hasWires)
{
    /// <summary>
    /// How long the wires to a real database may be silent before time passes without them: while a node is asked, and otherwise.
    /// </summary>
    public TimeSpan SilenceOfTheAsked { get; init; } = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(40);

    const int MostSteps = 400_000;

    readonly List<(Place Place, SendOrPostCallback Go, object? With)> _ready = [];
    readonly PriorityQueue<Timer, (long Due, long Number)> _timers = new();
    int _thread;
    volatile string? _escaped;
    long _numbers;
    TaskCompletionSource? _quiet;
    long _quietUntil;

    public LoopClock Clock { get; } = new(start);
    public int Steps { get; private set; }

    /// <summary>How many calls to nodes wait for their answer.</summary>
    public int Calls { get; set; }

    /// <summary>Called before each step with its number: where somebody may die.</summary>
    public Action<Place>? Before { get; set; }

    public void Ready(Place place, SendOrPostCallback go, object? with)
    {
        if (!hasWires && _thread != 0 && _thread != Environment.CurrentManagedThreadId)
            _escaped = Environment.StackTrace;
        lock (_ready)
        {
            _ready.Add((place, go, with));
            if (hasWires)
                Monitor.Pulse(_ready);
        }
    }

    /// <summary>Goes on until the task has ended, and throws what it threw.</summary>
    public void Run(Func<Task> story, Place place)
    {
        Task? told = null;
        _thread = Environment.CurrentManagedThreadId;
        Ready(place, _ => told = story(), null);
        while (told is not { IsCompleted: true })
        {
            var goesOn = Step() || hasWires && SomethingArrives();
            if (!goesOn)
                Thread.Sleep(50); // Whatever left the loop is back by now, and betrays itself.
            if (_escaped is { } from)
                throw new InvalidOperationException($"something left the loop for another thread, and the seed no longer decides: {from}");
            if (!goesOn)
                throw new StuckException(Steps);
        }
        told.GetAwaiter().GetResult();
    }

    /// <summary>Ends when nobody can go on, and no timer rings within this time.</summary>
    public Task Quiet(TimeSpan within)
    {
        _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _quietUntil = Clock.Ticks + within.Ticks;
        return _quiet.Task;
    }

    /// <summary>One step, or one timer. False when there is neither.</summary>
    bool Step()
    {
        if (++Steps > MostSteps)
            throw new StuckException(Steps);
        if (Next() is { } next)
        {
            if (next.Place.IsDead)
                return true;
            Before?.Invoke(next.Place);
            if (next.Place.IsDead)
                return true;
            var outer = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(next.Place);
            try
            {
                next.Go(next.With);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(outer);
            }
            return true;
        }
        while (_timers.TryPeek(out var off, out _) && off.IsOff)
            _timers.Dequeue();
        if (_quiet is { Task.IsCompleted: false } quiet && (!_timers.TryPeek(out var soon, out _) || soon.Due > _quietUntil))
        {
            quiet.SetResult();
            return true;
        }
        if (!_timers.TryDequeue(out var timer, out _))
            return false;
        Clock.Reach(timer.Due);
        timer.Ring();
        return true;
    }

    /// <summary>There is no timer to ring, so only the wires can bring something: they are given time.</summary>
    bool SomethingArrives()
    {
        lock (_ready)
            return _ready.Count > 0 || Monitor.Wait(_ready, TimeSpan.FromSeconds(30));
    }

    (Place Place, SendOrPostCallback Go, object? With)? Next()
    {
        lock (_ready)
        {
            if (_ready.Count == 0 && (!hasWires || !Monitor.Wait(_ready, Calls > 0 ? SilenceOfTheAsked : s_silence)))
                return null;
            if (_ready.Count == 0)
                return null;
            var at = chance.Next(_ready.Count);
            var next = _ready[at];
            _ready.RemoveAt(at);
            return next;
        }
    }

    public ITimer At(TimeSpan after, Action ring)
    {
        var timer = new Timer(Clock.Ticks + Math.Max(0, after.Ticks), ring);
        _timers.Enqueue(timer, (timer.Due, ++_numbers));
        return timer;
    }

    sealed class Timer(long due, Action ring) : ITimer
    {
        public long Due => due;
        public bool IsOff { get; private set; }

        public void Ring()
        {
            IsOff = true;
            ring();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("Timers of a simulation ring once.");

        public void Dispose() => IsOff = true;

        public ValueTask DisposeAsync()
        {
            IsOff = true;
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Where something runs: a node, the outside, the town. When it dies, all that waited there is gone.</summary>
sealed class Place(Loop loop, string name) : SynchronizationContext
{
    public string Name => name;
    public bool IsDead { get; private set; }

    public void Die() => IsDead = true;

    public override void Post(SendOrPostCallback d, object? state) => loop.Ready(this, d, state);
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nobody waits for a thread in a simulation.");
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Lets everybody else have a turn.</summary>
    public static async Task Yield() => await Task.Yield();

    /// <summary>
    /// Calls into this place from another one. Throws <see cref="NodeDiedException"/> to the caller when the place dies meanwhile.
    /// </summary>
    public async Task<T> Call<T>(Func<Task<T>> work, Action<Action> onDeath)
    {
        loop.Calls++;
        try
        {
            return await Answer(work, onDeath);
        }
        finally
        {
            loop.Calls--;
        }
    }

    Task<T> Answer<T>(Func<Task<T>> work, Action<Action> onDeath)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        onDeath(() => answered.TrySetException(new NodeDiedException(name)));
        if (IsDead)
            answered.TrySetException(new NodeDiedException(name));
        Post(async _ =>
        {
            try
            {
                answered.TrySetResult(await work());
            }
            catch (Exception e)
            {
                answered.TrySetException(e);
            }
        }, null);
        return answered.Task;
    }
}

/// <summary>The node that was asked is gone, and so is its answer.</summary>
sealed class NodeDiedException(string node) : Exception($"{node} died");

/// <summary>Somebody waits for what will never come: a mistake of the product, or of the simulation.</summary>
sealed class StuckException(int steps) : Exception($"nothing goes on after {steps} steps");
