using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ensen.Tests.Support;

/// <summary>The product as a bank publishes it, without the sandbox. Published once for the tests that share it.</summary>
public sealed class BanksProduct : IAsyncLifetime
{
    static readonly TimeSpan s_publishes = TimeSpan.FromMinutes(10);
    static readonly TimeSpan s_answers = TimeSpan.FromSeconds(60);

    public string Folder { get; } =
        Path.Combine(Repository.WebFolder, "bin", "without-sandbox", Repository.Configuration, "net10.0", "publish");

    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        var (exitCode, output) = await Run(
            s_publishes, Repository.Root, "publish", Repository.WebFolder, "-c", Repository.Configuration,
            "-p:Sandbox=false", "-p:RestoreLockedMode=true", "-v", "quiet", "-nologo");
        if (exitCode != 0)
            throw new InvalidOperationException(
                "The product cannot be published without the sandbox "
                + $"(a new package? dotnet restore src/Ensen.Web -p:Sandbox=false --force-evaluate):\n{output}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts it and lets the work ask it; ends it afterwards.</summary>
    public async Task While(string[] options, Func<HttpClient, Task> work)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        using var process = StartedPrograms.Start(Program(Folder, ["Ensen.Web.dll", "--urls", address, .. options]));
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            for (var waited = Stopwatch.StartNew(); !await IsReady(http); await Task.Delay(50))
                if (process.HasExited || waited.Elapsed > s_answers)
                    throw new InvalidOperationException($"It does not start:\n{string.Join('\n', process.HasExited ? await said : [])}");
            await work(http);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            StartedPrograms.Ended(process.Id);
        }
    }

    /// <summary>Runs the program to its end; one that goes on is ended and is a fault.</summary>
    public Task<(int ExitCode, string Output)> Command(params string[] options) => Run(s_answers, Folder, ["Ensen.Web.dll", .. options]);

    static async Task<(int ExitCode, string Output)> Run(TimeSpan patience, string folder, params string[] arguments)
    {
        using var process = StartedPrograms.Start(Program(folder, arguments));
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw new TimeoutException(
                $"'dotnet {string.Join(' ', arguments)}' did not end within {patience.TotalSeconds} s:\n{string.Join('\n', await said)}");
        }
        finally
        {
            StartedPrograms.Ended(process.Id);
        }
        return (process.ExitCode, string.Join('\n', await said));
    }

    static ProcessStartInfo Program(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("ENSEN_DATABASE");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        return start;
    }

    static async Task<bool> IsReady(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
