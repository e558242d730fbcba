using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>
/// The real web app as a process of its own, on a free port and a database of its own; it can be killed and started again.
/// </summary>
public sealed class WebApp : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly StringBuilder _output = new();
    TestDatabase? _own;

    WebApp(string database, string[] options, string folder)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        DatabaseAddress = database;
        Http = new HttpClient { BaseAddress = new Uri(Address) };
        _process = new Process { StartInfo = Program(["--urls", Address, "--database", database, .. options], folder) };
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        StartedPrograms.Start(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>http://127.0.0.1:PORT, without a slash at its end.</summary>
    public string Address { get; }

    public string DatabaseAddress { get; }

    /// <summary>Asks the app as another program would.</summary>
    public HttpClient Http { get; }

    /// <summary>What the app has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public string LastWords => string.Join('\n', Output.Split('\n').TakeLast(30));

    /// <summary>
    /// Starts on a fresh, migrated database, which is removed with the app. Without the demo town unless the options ask for it.
    /// </summary>
    public static async Task<WebApp> Start(Engine engine = Engine.Sqlite, params string[] options)
    {
        var database = await TestDatabase.Create(engine);
        try
        {
            var app = await Start(database.Address, options);
            app._own = database;
            return app;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts on a database that is there already: a second node, or the same one after it was killed.</summary>
    public static Task<WebApp> Start(string database, params string[] options) => StartFrom(Repository.WebFolder, database, options);

    /// <summary>Starts as somebody does who is in another folder.</summary>
    public static async Task<WebApp> StartFrom(string folder, string database, params string[] options)
    {
        string[] patient = options.Any(o => o.Contains("WaitMs", StringComparison.Ordinal)) ? []
            : ["--Ensen:ListsWaitMs=60000", "--Ensen:PaymentsWaitMs=60000"];
        options = [.. options, .. patient]; // A slow disk under many tests is no reason to refuse: those that mean it say so.
        string[] all = options.Any(o => o.StartsWith("--Ensen:DemoTown", StringComparison.Ordinal)) ? options
            : [.. options, "--Ensen:DemoTown=false"];
        var app = new WebApp(database, all, folder);
        try
        {
            await app.Ready();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as a power cut would (SIGKILL): nothing of it may tidy up.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        StartedPrograms.Ended(_process.Id);
    }

    /// <summary>Asks it to stop, as a service manager does (SIGTERM), and returns its exit code.</summary>
    public async Task<int> Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Runs the program to its end, as a person does at the command line: <c>-- verify</c>, <c>-- migrate</c>.</summary>
    public static Task<(int ExitCode, string Output, string Error)> Command(params string[] arguments) =>
        End(Program(arguments, Repository.WebFolder));

    /// <summary>Runs any program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> End(ProcessStartInfo start)
    {
        using var process = StartedPrograms.Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            throw new TimeoutException(
                $"'{start.FileName} {string.Join(' ', start.ArgumentList)}' did not end within {s_patience.TotalSeconds} s.");
        }
        finally
        {
            StartedPrograms.Ended(process.Id);
        }
        return (process.ExitCode, await output, await error);
    }

    static ProcessStartInfo Program(IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.WebProgram, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("ENSEN_DATABASE");
        return start;
    }

    async Task Ready()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience; await Task.Delay(50))
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(); // What it said is read to its end.
                throw new InvalidOperationException($"The web app ended with {_process.ExitCode} before it was ready:\n{LastWords}");
            }
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        throw new TimeoutException($"The web app was not ready after {s_patience.TotalSeconds} s:\n{LastWords}");
    }

    void Note(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
        Http.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }
}
