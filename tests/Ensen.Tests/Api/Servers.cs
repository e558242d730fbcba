using System.Collections.Concurrent;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Ensen.Tests.Api;

/// <summary>
/// The running app, one process per engine for all tests that only speak HTTP, and another one whose clock may be moved. They start when
/// the first test asks for them; when the run ends <c>-- verify</c> must hold on each, whatever the tests sent, and no test may have left
/// a program of its own running.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    readonly ConcurrentDictionary<(Engine Engine, string Purpose), Lazy<Task<WebApp>>> _apps = new();

    public Task<WebApp> On(Engine engine) => Started(engine, "everything");

    /// <summary>For tests that move time: whoever shares it must not mind.</summary>
    public Task<WebApp> WithMovableClock(Engine engine) => Started(engine, "clock");

    Task<WebApp> Started(Engine engine, string purpose) =>
        _apps.GetOrAdd((engine, purpose), _ => new Lazy<Task<WebApp>>(() => WebApp.Start(engine))).Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var broken = new List<string>();
        foreach (var ((engine, purpose), start) in _apps)
        {
            try
            {
                await using var app = await start.Value;
                var verdict = await WebApp.Command("verify", "--database", app.DatabaseAddress);
                if (verdict.ExitCode != 0)
                    broken.Add($"verify of '{purpose}' on {engine} ended with {verdict.ExitCode}:\n{verdict.Output}{verdict.Error}");
            }
            catch (Exception e)
            {
                // The others are ended all the same.
                broken.Add($"'{purpose}' on {engine} did not come to its end: {e}");
            }
        }
        // Nothing else runs by now: whoever started something has ended it.
        broken.AddRange(StartedPrograms.Left.Select(left => $"is still running: {left}"));
        broken.ShouldBeEmpty();
    }
}
