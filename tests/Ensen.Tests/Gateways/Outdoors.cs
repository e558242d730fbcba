using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Gateways;

/// <summary>A clock that stands still until it is moved.</summary>
sealed class HandClock : TimeProvider
{
    DateTimeOffset _now = new(2026, 4, 10, 9, 0, 0, TimeSpan.FromHours(9));

    public override DateTimeOffset GetUtcNow() => _now.ToUniversalTime();

    public void Move(TimeSpan by) => _now += by;
}

/// <summary>A sandbox on a fresh database; <see cref="Restart"/> gives another program's view of the same one.</summary>
sealed class Outdoors : IAsyncDisposable
{
    readonly TestDatabase _test;

    Outdoors(TestDatabase test, HandClock clock)
    {
        (_test, Clock) = (test, clock);
        Outbox = new Outbox(Db, clock, NullLogger<Outbox>.Instance);
        Sandbox = new SandboxGateways(Db, Outbox, clock);
    }

    public Database Db => _test.Database;
    public HandClock Clock { get; }
    public Outbox Outbox { get; }
    public SandboxGateways Sandbox { get; }

    public static async Task<Outdoors> Open(Engine engine) => new(await TestDatabase.Create(engine), new HandClock());

    public Outdoors Restart() => new(_test, Clock);

    /// <summary>Lets the time pass in small steps, with the outbox doing what falls due.</summary>
    public async Task Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            Clock.Move(TimeSpan.FromSeconds(1));
            await Outbox.RunDue(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();
}
