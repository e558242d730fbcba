using System.Data.Common;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// A node's way to the database: before and after each step somebody else may go first, the wire may break, the node may die.
/// </summary>
sealed class NodeDatabase(Database store, Node node, Weather weather, Catalogue catalogue) : Database(catalogue)
{
    public override Engine Engine => store.Engine;
    public override Notifications Notifications { get; } = new();

    public override async Task<DbConnection> Connect(CancellationToken ct = default)
    {
        await Place.Yield();
        if (weather.Strikes(Fault.NoConnection, 0.3))
            throw new IOException("the database cannot be reached");
        return await store.Connect(ct);
    }

    public override async Task<T> TransactOnce<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct = default)
    {
        await Place.Yield();
        var fault = weather.OneOf(Fault.NoConnection, Fault.Torn, Fault.AcknowledgementLost, Fault.DiesBefore, Fault.DiesAfter);
        if (fault == Fault.NoConnection)
            throw new IOException("the database cannot be reached");
        if (fault == Fault.DiesBefore)
            await node.Die();
        using var busy = node.Busy();
        var result = await store.TransactOnce(async tx =>
        {
            var done = await work(tx);
            return fault == Fault.Torn ? throw new IOException("the transaction died half way") : done;
        }, ct);
        busy.Dispose();
        if (fault == Fault.DiesAfter)
            await node.Die();
        await Place.Yield();
        return fault == Fault.AcknowledgementLost ? throw new IOException("the acknowledgement of the commit was lost") : result;
    }

    public override IAsyncDisposable RelaxDurability() => throw new NotSupportedException();
    public override bool IsConflict(DbException e) => store.IsConflict(e);
    public override bool IsDuplicate(DbException e) => store.IsDuplicate(e);
    internal override Task Migrating(Func<DbConnection, Task> work, CancellationToken ct) => throw new NotSupportedException();
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
