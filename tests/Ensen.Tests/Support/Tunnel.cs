using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ensen.Tests.Support;

/// <summary>
/// A way to PostgreSQL that can be closed (connections break, new ones are refused) and opened again, and that can be long: each call takes
/// its time.
/// </summary>
sealed class Tunnel : IAsyncDisposable
{
    readonly string _host;
    readonly int _port;
    readonly int _mouth;
    readonly TimeSpan _length;
    CancellationTokenSource? _open;
    Task _carrying = Task.CompletedTask;

    /// <param name="length">How long each call is on its way.</param>
    public Tunnel(string address, TimeSpan length = default)
    {
        _length = length;
        var settings = new NpgsqlConnectionStringBuilder(address["postgres:".Length..]);
        (_host, _port) = (settings.Host!, settings.Port);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _mouth = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        settings.Host = "127.0.0.1";
        settings.Port = _mouth;
        settings.SslMode = SslMode.Disable;
        Address = $"postgres:{settings.ConnectionString}";
        Open();
    }

    /// <summary>The database at the other end.</summary>
    public string Address { get; }

    public void Open()
    {
        _open = new CancellationTokenSource();
        var listener = new TcpListener(IPAddress.Loopback, _mouth);
        listener.Start();
        _carrying = Accept(listener, _open.Token);
    }

    public async Task Close()
    {
        if (_open is null)
            return;
        await _open.CancelAsync();
        await _carrying;
        _open.Dispose();
        _open = null;
    }

    async Task Accept(TcpListener listener, CancellationToken ct)
    {
        using var listening = listener;
        try
        {
            while (true)
                _ = Carry(await listener.AcceptTcpClientAsync(ct), ct);
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    async Task Carry(TcpClient here, CancellationToken ct)
    {
        using var there = new TcpClient();
        using (here)
        {
            try
            {
                await there.ConnectAsync(_host, _port, ct);
                await Task.WhenAny(Call(here.GetStream(), there.GetStream(), ct), there.GetStream().CopyToAsync(here.GetStream(), ct));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One end went away; both are closed.
            }
        }
    }

    async Task Call(NetworkStream from, NetworkStream to, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, ct) is var read and > 0)
        {
            if (_length > TimeSpan.Zero)
                await Task.Delay(_length, ct);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    public async ValueTask DisposeAsync() => await Close();
}
