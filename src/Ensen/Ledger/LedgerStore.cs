using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>
/// Where one writer reads and commits its batches; a writer has its own and nobody else uses it. The algorithm is the same
/// on every engine, the statements are not.
/// </summary>
abstract class LedgerStore(Catalogue catalogue) : IAsyncDisposable
{
    internal Catalogue Catalogue => catalogue;

    // What the numbers of each row mean, found once a store and not once a row.
    protected NumberTable<AccountType> AccountTypes { get; } = catalogue.Numbers<AccountType>();
    protected NumberTable<LimitKind> LimitKinds { get; } = catalogue.Numbers<LimitKind>();
    protected NumberTable<RestrictionKind> RestrictionKinds { get; } = catalogue.Numbers<RestrictionKind>();
    protected NumberTable<SingleUseKind> SingleUseKinds { get; } = catalogue.Numbers<SingleUseKind>();

    public abstract Task<LoadedState> Load(ReadSet reads, CancellationToken ct);

    /// <summary>
    /// Writes everything in one transaction. Throws <see cref="MovedException"/> (and writes nothing) when somebody moved first.
    /// </summary>
    public abstract Task Commit(WriteSet writes, Func<DbTransaction, CancellationToken, Task>? alongside, CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    /// <summary>Each statement must have changed exactly the rows it was made for.</summary>
    protected static void Expect(int expected, int changed, string what)
    {
        if (expected != changed)
            throw new MovedException(FormattableString.Invariant($"{what}: {changed} of {expected} rows were as they had been read"));
    }
}
