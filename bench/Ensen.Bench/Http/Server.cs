using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ensen.Bench.Http;

/// <summary>
/// The web server as a process of its own, on a free port, as it runs in production but with the sandbox's members and stores.
/// </summary>
sealed class Server : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly StringBuilder _words = new();

    Server(string database)
    {
        Address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{FreePort()}"));
        var root = Root();
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(root, "src/Ensen.Web/bin", Configuration(), "net10.0/Ensen.Web.dll"), "--urls", Address.ToString(), "--database",
                database,
                "--Ensen:Sandbox=true", "--Ensen:DemoTown=false"])
        {
            WorkingDirectory = Path.Combine(root, "src/Ensen.Web"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment.Remove("ENSEN_DATABASE");
        Process = new Process { StartInfo = start };
        Process.OutputDataReceived += (_, e) => Note(e.Data);
        Process.ErrorDataReceived += (_, e) => Note(e.Data);
        Process.Start();
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public Process Process { get; }

    public static async Task<Server> Start(string database, CancellationToken ct)
    {
        var server = new Server(database);
        try
        {
            await server.Ready(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task Ready(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience; await Task.Delay(50, ct))
        {
            if (Process.HasExited)
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"The server ended with {Process.ExitCode}:\n{_words}"));
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
        throw new TimeoutException($"The server was not ready:\n{_words}");
    }

    void Note(string? line)
    {
        lock (_words)
            if (_words.Length < 10_000)
                _words.AppendLine(line);
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ensen.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException(
            "The bench starts the server that is built beside it; or name a running one with --url.");
    }

    static string Configuration() => AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks it to stop as a service manager does, and does not wait for ever.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await Process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Process.Kill(entireProcessTree: true);
            }
        }
        Process.Dispose();
    }
}
