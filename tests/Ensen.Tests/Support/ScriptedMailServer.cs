using System.Net;
using System.Net.Sockets;
using Ensen.Gateways;

namespace Ensen.Tests.Support;

/// <summary>
/// A mail server that misbehaves as it is told, word by word: what a real one does only when it breaks. A step is answered by a line, by
/// silence or by a hung-up line; steps are <c>CONNECT</c>, the verbs, and <c>.</c> at the end of a message.
/// </summary>
sealed class ScriptedMailServer : IAsyncDisposable
{
    public const string Silence = "";
    public const string HangUp = "\0";

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _running;

    public ScriptedMailServer()
    {
        _listener.Start();
        _running = Run();
    }

    public Dictionary<string, string> Script { get; } = new()
    {
        ["CONNECT"] = "220 ready",
        ["EHLO"] = "250-localhost\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN",
        ["MAIL"] = "250 2.1.0 ok",
        ["RCPT"] = "250 2.1.5 ok",
        ["DATA"] = "354 go on",
        ["."] = "250 2.0.0 taken",
        ["QUIT"] = "221 2.0.0 bye",
    };

    /// <summary>Everything that was said to it.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The messages that it had whole, whatever it answered.</summary>
    public List<string> Messages { get; } = [];

    public SmtpSettings Settings(int patienceMs = 1_000) => new(
        "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, MailSecurity.None, null, null, "pay@ensen.example", "Ensen",
        "bounces@ensen.example",
        TimeSpan.FromMilliseconds(patienceMs), TimeSpan.FromMilliseconds(patienceMs));

    async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await Serve(client.GetStream());
        }
    }

    async Task Serve(NetworkStream line)
    {
        using var from = new StreamReader(line);
        using var to = new StreamWriter(line) { NewLine = "\r\n", AutoFlush = true };
        for (var step = "CONNECT"; ;)
        {
            var answer = Script.GetValueOrDefault(step, "250 2.0.0 ok");
            if (answer == HangUp)
                return;
            if (answer != Silence)
                await to.WriteLineAsync(answer);
            if (await Hear(from, step == "DATA" && answer.StartsWith('3')) is not { } next)
                return;
            step = next;
        }
    }

    async Task<string?> Hear(StreamReader from, bool message)
    {
        if (!message)
        {
            if (await from.ReadLineAsync(_stop.Token) is not { } said)
                return null;
            Heard.Add(said);
            return said.Split(' ', ':')[0].ToUpperInvariant();
        }
        var lines = new List<string>();
        while (await from.ReadLineAsync(_stop.Token) is { } text && text != ".")
            lines.Add(text);
        Messages.Add(string.Join('\n', lines));
        return ".";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
