using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Npgsql;

namespace Ensen.Storage;

/// <summary>
/// Signals over LISTEN/NOTIFY. Local listeners are rung at once; other nodes hear through one background connection, so that no
/// payment's transaction carries a NOTIFY (its commit would queue behind a lock of the whole database). PostgreSQL delivers news in the
/// order of commits: when a beat that this node sent comes back to it, everything committed before the beat has arrived too. A node that
/// hears no other node's beat keeps its hints to itself: there is nobody whose screens they could wake.
/// </summary>
sealed class PostgresNotifications : Notifications, IAsyncDisposable
{
    const string Name = "ensen";
    const int MostBytes = 7_000;
    static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(400);
    static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(5);

    readonly NpgsqlDataSource _source;
    readonly string _node = Guid.NewGuid().ToString("N")[..8];
    readonly string _beat;
    readonly Channel<IReadOnlyCollection<string>> _outgoing = Channel.CreateBounded<IReadOnlyCollection<string>>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly CancellationTokenSource _stop = new();
    readonly Lock _starting = new();
    volatile Task? _running;
    long _heardAt = long.MinValue;
    long _othersAt = long.MinValue;

    public PostgresNotifications(NpgsqlDataSource source)
    {
        _source = source;
        _beat = _node + "!";
    }

    public override void Start(Loops? loops = null)
    {
        loops ??= new Loops();
        base.Start(loops);
        lock (_starting)
            _running ??= Task.WhenAll(
                loops.Run("news out", "other nodes hear at once what happens here (they look every few seconds)", Send, _stop.Token),
                loops.Run("news in",
                    "this node hears at once what happens on others (it looks every few seconds, and keeps no rows in memory for longer)",
                    Receive, _stop.Token));
    }

    public override TimeSpan Behind => Since(ref _heardAt);

    static TimeSpan Since(ref long moment) =>
        Interlocked.Read(ref moment) is var then and not long.MinValue ? Stopwatch.GetElapsedTime(then) : TimeSpan.MaxValue;

    /// <summary>While it is not known whether anybody else is there, somebody is.</summary>
    bool IsAlone => Behind < GoneAfter && Since(ref _othersAt) > GoneAfter;

    public override void Raise(params IReadOnlyCollection<string> topics)
    {
        RaiseHere(topics);
        if (_running is not null)
            _outgoing.Writer.TryWrite(topics);
    }

    public override Task Announce(DbTransaction tx, params IReadOnlyCollection<string> topics) =>
        Notify((NpgsqlConnection)tx.Connection!, (NpgsqlTransaction)tx, topics, CancellationToken.None);

    /// <summary>A turn lasts as long as its connection.</summary>
    async Task Send(Loop loop, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        // A hint need not outlive a power cut, and must not cost a flush each.
        await Run(connection, "set synchronous_commit = off", ct);
        var topics = new HashSet<string>();
        while (true)
        {
            loop.Lives();
            if (!await IsSomethingToSay(ct))
                continue;
            topics.Clear();
            while (topics.Count < 2_000 && _outgoing.Reader.TryRead(out var more))
                topics.UnionWith(more);
            if (!IsAlone)
                await Notify(connection, null, topics, ct);
        }
    }

    /// <summary>False when a minute passed and nothing was.</summary>
    async Task<bool> IsSomethingToSay(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            return await _outgoing.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The same.</summary>
    async Task Receive(Loop loop, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        connection.Notification += (_, e) => Hear(e.Payload);
        await Run(connection, "set synchronous_commit = off", ct);
        await Run(connection, $"listen {Name}", ct);
        // Whatever was said before this moment was perhaps not heard.
        RaiseAll();
        var due = TimeSpan.Zero;
        for (var last = Stopwatch.GetTimestamp(); ; due = BeatEvery - Stopwatch.GetElapsedTime(last))
        {
            if (due > TimeSpan.Zero && await connection.WaitAsync(due, ct))
                continue;
            last = Stopwatch.GetTimestamp();
            await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", connection) { CommandTimeout = 5 };
            notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
            notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _beat + last.ToString(CultureInfo.InvariantCulture) });
            await notify.ExecuteNonQueryAsync(ct);
            loop.Lives();
        }
    }

    void Hear(string payload)
    {
        if (payload.StartsWith(_beat, StringComparison.Ordinal))
            Interlocked.Exchange(ref _heardAt, long.Parse(payload.AsSpan(_beat.Length), CultureInfo.InvariantCulture));
        else if (!payload.StartsWith(_node, StringComparison.Ordinal))
        {
            Interlocked.Exchange(ref _othersAt, Stopwatch.GetTimestamp());
            if (payload.IndexOf(' ', StringComparison.Ordinal) is var space and > 0)
                RaiseHere(payload[(space + 1)..].Split(' '));
        }
    }

    /// <summary>As few notifications as hold all topics, sent together.</summary>
    async Task Notify(NpgsqlConnection connection, NpgsqlTransaction? tx, IEnumerable<string> topics, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection, tx);
        var payload = new System.Text.StringBuilder(_node);
        foreach (var topic in topics)
        {
            if (payload.Length + 1 + topic.Length > MostBytes)
                Add();
            payload.Append(' ').Append(topic);
        }
        Add();
        await batch.ExecuteNonQueryAsync(ct);

        void Add()
        {
            var command = new NpgsqlBatchCommand("select pg_notify($1, $2)");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload.ToString() });
            batch.BatchCommands.Add(command);
            payload.Clear().Append(_node);
        }
    }

    static async Task Run(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
#pragma warning disable CA2100 // Constants of this file.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is { } running)
            await running;
        _stop.Dispose();
    }
}
