using System.Data.Common;
using Ensen.Ledger;

namespace Ensen.Simulation.Faults;

/// <summary>A store with one rule taken out: what a planted fault does not change goes through as it is.</summary>
class Twisted(LedgerStore store) : LedgerStore
{
    /// <summary>Before the store is asked: what it is not to be asked about.</summary>
    public Action<Wanted> Asking { get; init; } = _ => { };

    /// <summary>After it has answered: what the writer is not to know.</summary>
    public Action<Known> Knowing { get; init; } = _ => { };

    /// <summary>Before it is written.</summary>
    public Func<Changes, LedgerStore, Task> Writing { get; init; } = (_, _) => Task.CompletedTask;

    protected LedgerStore Store => store;

    public override async Task<Known> Load(Wanted wanted, CancellationToken ct)
    {
        Asking(wanted);
        var known = await store.Load(wanted, ct);
        Knowing(known);
        return known;
    }

    public override async Task Commit(Changes changes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        await Writing(changes, store);
        await store.Commit(changes, alongside, ct);
    }

    public override ValueTask DisposeAsync() => store.DisposeAsync();
}
