using System.Buffers.Text;
using System.Net.Sockets;

namespace Ensen.Bench.Http;

/// <summary>
/// One keep-alive connection that sends requests made beforehand and reads just enough of each answer to know its status and its end: the
/// client shares the machine with the server, and shall cost as little as it can.
/// </summary>
sealed class Wire : IDisposable
{
    const int Most = 64 * 1024;

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _answer = new byte[Most];
    int _length;

    public static async Task<Wire> To(Uri address, CancellationToken ct)
    {
        var wire = new Wire();
        await wire._socket.ConnectAsync(address.Host, address.Port, ct);
        return wire;
    }

    /// <summary>What was received last, head and body.</summary>
    public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _length);

    /// <summary>Sends a request, waits for the whole answer, returns its status.</summary>
    public async ValueTask<int> Ask(ReadOnlyMemory<byte> request, CancellationToken ct)
    {
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request[sent..], SocketFlags.None, ct);
        _length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(_length), SocketFlags.None, ct);
            if (read == 0)
                throw new IOException("The server hung up.");
            _length += read;
        }
        while (!IsWhole(Answer));
        return Status(Answer);
    }

    static int Status(ReadOnlySpan<byte> answer) =>
        Utf8Parser.TryParse(answer[9..12], out int status, out _) ? status : throw new IOException("No HTTP answer.");

    /// <summary>Whether head and body are there: by their length, or chunk by chunk to the empty one.</summary>
    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        if (head.IndexOf("\r\nContent-Length: "u8) is var at and >= 0)
            return Utf8Parser.TryParse(head[(at + 18)..], out int length, out _) && body.Length >= length;
        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) < 0)
            return true;
        while (Utf8Parser.TryParse(body, out int size, out var digits, 'x') && body.Length >= digits + 2 + size + 2)
        {
            if (size == 0)
                return true;
            body = body[(digits + 2 + size + 2)..];
        }
        return false;
    }

    public void Dispose() => _socket.Dispose();
}
