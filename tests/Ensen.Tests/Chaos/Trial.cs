using System.Diagnostics;
using Ensen.Tests.Support;

namespace Ensen.Tests.Chaos;

/// <summary>The product on a PostgreSQL that may be broken, callers who use it, and one fault after the other.</summary>
sealed class Trial : IAsyncDisposable
{
    const int Before = 150;
    const int After = 100;
    const int Lost = 8;
    const int Cuts = 16;

    static readonly TimeSpan s_perTry = TimeSpan.FromSeconds(3);

    readonly DoomedPostgres _postgres;
    readonly string _connection;
    readonly CutWire _wire;
    readonly List<WebApp> _apps = [];
    Callers? _callers;

    Trial(DoomedPostgres postgres, string connection)
    {
        (_postgres, _connection) = (postgres, connection);
        _wire = new CutWire(DatabaseAddress);
    }

    public Callers Callers => _callers!;

    /// <summary>The database itself, for whoever checks: never through the wire.</summary>
    public string DatabaseAddress => $"postgres:{_connection}";

    WebApp App => _apps[^1];

    /// <param name="wired">The product reaches its database through a wire that can be cut.</param>
    public static async Task<Trial> Begin(DoomedPostgres postgres, bool wired = false)
    {
        var trial = new Trial(postgres, await postgres.NewDatabase());
        try
        {
            trial._apps.Add(await WebApp.Start(wired ? trial._wire.Address : trial.DatabaseAddress));
            trial._callers = await Callers.Gather(trial.App, s_perTry);
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// One round: the callers act, the fault comes and goes, they act on; then what is unknown is found out, and all is checked.
    /// </summary>
    public async Task<Round> Suffer(Fault fault)
    {
        var history = Callers.History;
        var (calls, tries, answered, unknown, done) =
            (history.Calls.Count, history.Calls.Sum(c => c.Tries), history.Answered, history.Unknown,
                history.Calls.Count(c => c.DoneInSilence));
        var enough = new TaskCompletionSource();
        var acting = Callers.ActUntil(enough.Task);
        TimeSpan away, back;
        try
        {
            await Answers(Before, fault);
            var clock = Stopwatch.StartNew();
            await Strike(fault);
            away = clock.Elapsed;
            await Answers(1, fault);
            back = clock.Elapsed - away;
            await Answers(After, fault);
        }
        finally
        {
            enough.SetResult();
            await acting;
        }
        var open = history.Calls.Count(c => c.Answer is null);
        var resolved = await Callers.Resolve();
        await Callers.AskAgain();
        return new Round(fault, history.Calls.Count - calls, history.Calls.Sum(c => c.Tries) - tries, history.Answered - answered,
            history.Unknown - unknown,
            open, resolved, history.Calls.Count(c => c.DoneInSilence) - done, away, back, await Complaints());
    }

    /// <summary>
    /// PostgreSQL is killed while it answers before its disk has what it answers, and is started again with less than it promised.
    /// Waits until the node says so, and returns what the books say against the history.
    /// </summary>
    public async Task<IReadOnlyList<string>> LoseAnswers()
    {
        await _postgres.CommitHonestly(false);
        var enough = new TaskCompletionSource();
        var acting = Callers.ActUntil(enough.Task);
        try
        {
            await Answers(Before, Fault.PostgresKilled);
            await _postgres.Kill();
            await Silence();
            await _postgres.Start();
            await ReadyIs(false, because: "does not hold what this node committed");
        }
        finally
        {
            enough.SetResult();
            await acting;
            await _postgres.Start();
            await _postgres.CommitHonestly(true);
        }
        return [.. (await Books.Read(DatabaseAddress)).Complaints(Callers.History)];
    }

    Task Answers(int more, Fault around)
    {
        var goal = Callers.History.Answered + more;
        return Until.Seen(() => Callers.History.Answered >= goal, () =>
            $"{more} more answers around {around}; the server said:\n{App.LastWords}");
    }

    async Task Strike(Fault fault)
    {
        switch (fault)
        {
            case Fault.ServerKilled:
                await App.Kill();
                await Silence();
                _apps.Add(await WebApp.Start(DatabaseAddress));
                Callers.GoTo(App);
                break;
            case Fault.ServerKilledAtCommit:
                var cut = _wire.Done + 1;
                _wire.Plan(Cut.AfterCommit);
                await Until.Seen(() => _wire.Done >= cut, () => "a cut");
                await App.Kill();
                await Silence();
                _apps.Add(await WebApp.Start(_wire.Address));
                Callers.GoTo(App);
                break;
            case Fault.PostgresKilled:
                await _postgres.Kill();
                await Silence();
                await ReadyIs(false);
                await _postgres.Start();
                await ReadyIs(true);
                break;
            case Fault.BackendKilled:
                await _postgres.KillBackend();
                await _postgres.Serving();
                break;
            case Fault.PostgresStopped:
                await _postgres.Freeze();
                await Silence();
                await _postgres.Thaw();
                break;
            case Fault.DiskFull:
                // First a table cannot grow, and a transaction fails; then the log cannot, and PostgreSQL ends itself.
                await _postgres.FillDisk();
                await Silence();
                (await _postgres.ExhaustLog()).ShouldBeTrue("PostgreSQL found room on a full disk");
                await Silence();
                await _postgres.EmptyDisk();
                await _postgres.Serving();
                break;
            case Fault.CutBeforeCommit or Fault.CutAfterCommit:
                var goal = _wire.Done + Cuts;
                _wire.Plan([.. Enumerable.Repeat(fault == Fault.CutBeforeCommit ? Cut.BeforeCommit : Cut.AfterCommit, Cuts)]);
                await Until.Seen(() => _wire.Done >= goal, () => $"{Cuts} cuts");
                break;
        }
    }

    /// <summary>Until the callers have felt it.</summary>
    Task Silence()
    {
        var goal = Callers.History.Unknown + Lost;
        return Until.Seen(() => Callers.History.Unknown >= goal, () => $"{Lost} tries without an answer");
    }

    /// <summary>A node that has no database says that it is not ready, and says when it is again.</summary>
    async Task ReadyIs(bool ready, string because = "")
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            using var answer = await App.Http.GetAsync("/health/ready");
            var said = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode == ready && said.Contains(because, StringComparison.Ordinal))
                return;
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30),
                $"/health/ready is {(int)answer.StatusCode} {said}; the server said:\n{App.LastWords}");
        }
    }

    /// <summary>What the books and <c>-- verify</c> have against the history; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Complaints()
    {
        var complaints = (await Books.Read(DatabaseAddress)).Complaints(Callers.History).ToList();
        var (exitCode, output, error) = await WebApp.Command("verify", "--database", DatabaseAddress);
        if (exitCode != 0)
            complaints.Add($"verify ended with {exitCode}: {output}{error}");
        return complaints;
    }

    public async ValueTask DisposeAsync()
    {
        _callers?.Dispose();
        foreach (var app in _apps)
            await app.DisposeAsync();
        await _wire.DisposeAsync();
        await _postgres.Drop(_connection);
    }
}

/// <summary>What one round showed.</summary>
/// <param name="Unknown">Tries that had no answer.</param>
/// <param name="Open">Requests that had none when the callers stopped.</param>
/// <param name="Resolved">How many of these have one now.</param>
/// <param name="Done">Requests that had been done by a try without an answer.</param>
/// <param name="Away">How long the fault lasted.</param>
/// <param name="Back">How long after it was over the first answer came.</param>
sealed record Round(
    Fault Fault, int Requests, int Tries, long Answered, long Unknown, int Open, int Resolved, int Done, TimeSpan Away, TimeSpan Back,
    IReadOnlyList<string> Complaints)
{
    public override string ToString() => FormattableString.Invariant(
        $"{Fault,-16} {Requests,6} requests {Tries,6} tries {Answered,6} answered {Unknown,5} unknown {Done,4} done unheard {Open,4} open {Resolved,4} resolved, away {Away.TotalSeconds:0.0} s, back after {Back.TotalSeconds:0.0} s: {(Complaints.Count == 0 ? "verified" : $"{Complaints.Count} COMPLAINTS")}");
}
