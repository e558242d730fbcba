using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ensen.Tests.Support;

/// <summary>Where the wire to PostgreSQL is cut.</summary>
enum Cut
{
    /// <summary>The commit never arrives.</summary>
    BeforeCommit = 1,

    /// <summary>The commit is done; its acknowledgement never comes back.</summary>
    AfterCommit = 2,
}

/// <summary>
/// A wire to PostgreSQL that can be cut exactly around a commit: the moment at which a program cannot know what happened.
/// </summary>
sealed class CutWire : IAsyncDisposable
{
    /// <summary>The message of the protocol: a simple query, its length, its text.</summary>
    static ReadOnlySpan<byte> Commit => "Q\0\0\0\u000bCOMMIT\0"u8;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly string _host;
    readonly int _port;
    readonly Queue<Cut> _cuts = new();
    readonly Task _accepting;

    public CutWire(string address)
    {
        var settings = new NpgsqlConnectionStringBuilder(address["postgres:".Length..]);
        (_host, _port) = (settings.Host!, settings.Port);
        _listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        settings.SslMode = SslMode.Disable;
        Address = $"postgres:{settings.ConnectionString}";
        _accepting = Accept();
    }

    /// <summary>The database at the other end of the wire.</summary>
    public string Address { get; }

    /// <summary>How often the wire was cut.</summary>
    public int Done { get; private set; }

    /// <summary>The next commits meet these, one each.</summary>
    public void Plan(params IReadOnlyList<Cut> cuts)
    {
        lock (_cuts)
            foreach (var cut in cuts)
                _cuts.Enqueue(cut);
    }

    async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The wire is taken down.
        }
    }

    async Task Carry(TcpClient here)
    {
        using var there = new TcpClient();
        using (here)
        {
            try
            {
                await there.ConnectAsync(_host, _port, _stop.Token);
                var back = new Backward(there.GetStream(), here.GetStream());
                await Task.WhenAny(Forward(here.GetStream(), there.GetStream(), back), back.Carry(_stop.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One end went away; both are closed.
            }
        }
    }

    async Task Forward(NetworkStream from, NetworkStream to, Backward back)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            var cut = buffer.AsSpan(0, read).IndexOf(Commit) >= 0 ? Next() : null;
            if (cut == Cut.BeforeCommit)
                return;
            if (cut == Cut.AfterCommit)
                back.Swallow();
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            if (cut == Cut.AfterCommit)
            {
                await back.Swallowed;
                return;
            }
        }
    }

    Cut? Next()
    {
        lock (_cuts)
        {
            if (!_cuts.TryDequeue(out var cut))
                return null;
            Done++;
            return cut;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    /// <summary>What the server says on its way to the program.</summary>
    sealed class Backward(NetworkStream from, NetworkStream to)
    {
        readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        volatile bool _swallow;

        public Task Swallowed => _swallowed.Task;

        public void Swallow() => _swallow = true;

        public async Task Carry(CancellationToken ct)
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReadAsync(buffer, ct) is var read and > 0)
            {
                if (_swallow)
                {
                    _swallowed.TrySetResult();
                    await Task.Delay(Timeout.Infinite, ct);
                }
                await to.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
    }
}
