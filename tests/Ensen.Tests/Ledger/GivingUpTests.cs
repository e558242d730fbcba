using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ensen.Tests.Ledger;

/// <summary>What the log says when the ledger gives up writing: what happened, once, and nothing of what was to be written.</summary>
public class GivingUpTests
{
    [Theory, BothEngines]
    public async Task It_is_said_once_with_what_happened(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (log, store) = (new Notes(), new StalledStore(StalledStore.Real(town.Db)));
        await using var node = new GeneralLedger(town.Db, town.Clock, [store], log: log);
        var (aoi, cafe) = (await town.Member("Aoi").With(10_000.Yen()), await town.Store("Café Loop"));
        Task Pay() => town.Pay(Town.Payment(aoi, cafe, 100.Yen()), node);

        await Pay();
        log.Lines.ShouldBeEmpty();

        store.Fail(Enumerable.Range(0, 5)
            .Select(_ => new PostgresException($"sorry, {aoi.Id}", "FATAL", "FATAL", "53300", $"Key (owner)=({aoi.Id})")));
        await Should.ThrowAsync<LedgerUnavailableException>(Pay());
        log.Lines.ShouldHaveSingleItem().ShouldContain("batch of 1;");
        log.Lines[0].ShouldContain("PostgreSQL 53300");
        log.Lines[0].ShouldNotContain(aoi.Id.ToString());

        store.Fail(new InvalidOperationException($"no room for {aoi.Id}"));
        await Should.ThrowAsync<InvalidOperationException>(Pay());
        log.Lines.Count.ShouldBe(2);
        log.Lines[1].ShouldContain(nameof(InvalidOperationException));
        log.Lines[1].ShouldNotContain(aoi.Id.ToString());

        // A lost history is nobody's draft's fault: it is not tried for each alone, nor said for each.
        Task first;
        var many = new List<Task>();
        using (store.Stall())
        {
            var tries = store.Tries;
            first = Pay();
            while (store.Tries == tries)
                await Task.Delay(5);
            store.Fail(new HistoryLostException(7, 12));
            many.AddRange(Enumerable.Range(0, 20).Select(_ => Pay()));
            while (node.QueueLength < many.Count)
                await Task.Delay(5);
        }
        await first;
        foreach (var one in many)
            await Should.ThrowAsync<LedgerUnavailableException>(one);
        log.Lines.Count.ShouldBe(3);
        log.Lines[2].ShouldContain("batch of 20");
        log.Lines[2].ShouldContain("Seal 12 of lane 7");
        node.HistoryLost.ShouldBeTrue();
    }

    sealed class Notes : ILogger
    {
        public List<string> Lines { get; } = [];

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            exception.ShouldBeNull();
            logLevel.ShouldBe(LogLevel.Warning);
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }
    }
}
