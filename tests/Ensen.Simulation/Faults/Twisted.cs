using System.Data.Common;
using Ensen.Ledger;

namespace Ensen.Simulation.Faults;

/// <summary>A store with one rule taken out: what a planted fault does not change goes through as it is.</summary>
class Twisted(LedgerStore store) : LedgerStore(store.Catalogue)
{
    /// <summary>Before the store is asked: what it is not to be asked about.</summary>
    public Action<ReadSet> Asking { get; init; } = _ => { };

    /// <summary>After it has answered: what the writer is not to know.</summary>
    public Action<LoadedState> Knowing { get; init; } = _ => { };

    /// <summary>Before it is written.</summary>
    public Func<WriteSet, LedgerStore, Task> Writing { get; init; } = (_, _) => Task.CompletedTask;

    protected LedgerStore Store => store;

    public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
    {
        Asking(reads);
        var loaded = await store.Load(reads, ct);
        Knowing(loaded);
        return loaded;
    }

    public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        await Writing(writes, store);
        await store.Commit(writes, alongside, ct);
    }

    public override ValueTask DisposeAsync() => store.DisposeAsync();
}
