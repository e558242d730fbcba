using System.Data.Common;
using System.Threading.Channels;
using Npgsql;

namespace Ensen.Storage;

/// <summary>
/// Signals over LISTEN/NOTIFY. Local listeners are rung at once; other nodes hear through one background connection, so that no
/// payment's transaction carries a NOTIFY (its commit would queue behind a lock of the whole database).
/// </summary>
sealed class PostgresSignals : Signals, IAsyncDisposable
{
    const string Name = "ensen";
    const int MostBytes = 7_000;

    readonly NpgsqlDataSource _source;
    readonly string _node = Guid.NewGuid().ToString("N")[..8];
    readonly Channel<IReadOnlyCollection<string>> _outgoing = Channel.CreateBounded<IReadOnlyCollection<string>>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly CancellationTokenSource _stop = new();
    readonly Lazy<Task> _running;

    public PostgresSignals(NpgsqlDataSource source)
    {
        _source = source;
        _running = new(() => Task.WhenAll(Task.Run(Send), Task.Run(Receive)));
    }

    public override void Start() => _ = _running.Value;

    public override void Raise(params IReadOnlyCollection<string> topics)
    {
        RaiseHere(topics);
        if (_running.IsValueCreated)
            _outgoing.Writer.TryWrite(topics);
    }

    async Task Send()
    {
        await Persist(async (connection, ct) =>
        {
            while (await _outgoing.Reader.WaitToReadAsync(ct))
            {
                var topics = new HashSet<string>();
                var bytes = 0;
                while (bytes < MostBytes && _outgoing.Reader.TryRead(out var more))
                    foreach (var topic in more)
                        if (topics.Add(topic))
                            bytes += topic.Length + 1;
                foreach (var part in topics.Chunk(100))
                {
                    await using var notify = new NpgsqlCommand("select pg_notify(@name, @topics)", connection);
                    notify.Parameters.AddWithValue("name", Name);
                    notify.Parameters.AddWithValue("topics", _node + " " + string.Join(' ', part));
                    await notify.ExecuteNonQueryAsync(ct);
                }
            }
        });
    }

    async Task Receive()
    {
        await Persist(async (connection, ct) =>
        {
            connection.Notification += (_, e) =>
            {
                var words = e.Payload.Split(' ');
                if (words[0] != _node)
                    RaiseHere(words.Skip(1));
            };
            await using (var listen = new NpgsqlCommand($"listen {Name}", connection))
                await listen.ExecuteNonQueryAsync(ct);
            while (true)
                await connection.WaitAsync(ct);
        });
    }

    async Task Persist(Func<NpgsqlConnection, CancellationToken, Task> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stop.Token);
                await work(connection, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is DbException or IOException or TimeoutException)
            {
                // The database is away. Listeners look for themselves meanwhile; try again until stopped.
                await Task.Delay(1_000, CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running.IsValueCreated)
            await _running.Value;
        _stop.Dispose();
    }
}
