using System.Data.Common;
using Ensen.Ledger;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// A writer's way to its store. The commit is where most can be lost: it is torn, unheard, late, or the node's last deed.
/// </summary>
sealed class FaultyStore(LedgerStore store, Func<LedgerStore> another, Node node, Weather weather, Network network)
    : LedgerStore(store.Catalogue)
{
    public override async Task<LoadedState> Load(ReadSet reads, CancellationToken ct)
    {
        await Place.Yield();
        if (weather.Strikes(Fault.NoConnection, 0.3))
            throw new IOException("the database cannot be reached");
        var loaded = await store.Load(reads, ct);
        await Place.Yield();
        return loaded;
    }

    public override async Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct)
    {
        await Place.Yield();
        var fault = weather.OneOf(Fault.NoConnection, Fault.Torn, Fault.AcknowledgementLost, Fault.AcknowledgementLost, Fault.Straggler,
            Fault.DiesBefore, Fault.DiesAfter);
        switch (fault)
        {
            case Fault.NoConnection:
                throw new IOException("the database cannot be reached");
            case Fault.Straggler:
                network.Later(async () =>
                {
                    await using var late = another();
                    await late.Load(new ReadSet(), CancellationToken.None);
                    await late.Commit(writes, alongside, CancellationToken.None);
                });
                throw new IOException("the connection was cut in the middle of a commit");
            case Fault.DiesBefore:
                await node.Die();
                break;
        }
        using var busy = node.Busy();
        await store.Commit(writes, fault == Fault.Torn ? Tear(alongside) : alongside, ct);
        busy.Dispose();
        if (fault == Fault.DiesAfter)
            await node.Die();
        await Place.Yield();
        if (fault == Fault.AcknowledgementLost)
            throw new IOException("the acknowledgement of the commit was lost");
    }

    static Func<DbTransaction, CancellationToken, Task> Tear(Func<DbTransaction, CancellationToken, Task>? alongside) => async (tx, ct) =>
    {
        if (alongside is not null)
            await alongside(tx, ct);
        throw new IOException("the transaction died half way");
    };

    public override ValueTask DisposeAsync() => store.DisposeAsync();
}
