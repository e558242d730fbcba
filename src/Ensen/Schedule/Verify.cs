using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Schedule;

/// <summary>What verifying found: each check, in the order of the invariants, with its first broken rows; and the figures of the books. Detached: entries of months that were taken away.</summary>
public sealed record Verdict(IReadOnlyList<(string Check, IReadOnlyList<string> Broken)> Checks, TrialBalance Balance, long Entries, long Postings, long Detached)
{
    public bool Holds => Checks.All(c => c.Broken.Count == 0);
}

/// <summary>Checks everything that always holds over the whole database (docs/operating/verify.md), and reads only.</summary>
public sealed class Verify(Database db)
{
    static IEnumerable<Check> Checks => [.. LedgerChecks.All, .. WalletChecks.All, .. ChargeChecks.All];

    public Task<Verdict> Run(CancellationToken ct = default) => Run([], ct);

    /// <param name="published">Roots of days as they are kept elsewhere: the database must have the same.</param>
    public async Task<Verdict> Run(IReadOnlyList<PublishedRoot> published, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (found, naming) = (new List<(string Check, IReadOnlyList<string> Broken)>(), new Naming(connection));
        async Task Found(string check, IReadOnlyList<string> broken) => found.Add((check, await naming.Name(broken)));

        foreach (var check in Checks)
            await Found(check.Name, await check.BrokenRows(connection, db.Engine));
        var balance = await TrialBalance.Read(connection);
        await Found("I1 all accounts together sum to zero, in yen and in points", [.. Off(balance)]);
        long detached;
        await using (var seals = await SealChecks.Begin(db, ct))
        {
            await Found("I6 the seals of each lane follow each other without a gap", await seals.Chains());
            await Found("I6 the seals cover every entry as it stands", await seals.Entries());
            detached = seals.Detached;
        }
        await Found("I6 the months that are said to be away are away, and nothing else is", await MonthChecks.Broken(connection, detached));
        await Found("I6 the root of each day covers its seals and names the root of the day before", await DayChecks.Broken(db, ct));
        if (published.Count > 0)
            await Found("I6 the roots of the days are those that were published", await DayChecks.Differ(db, published, ct));
        return new Verdict([.. found.OrderBy(f => f.Check[..f.Check.IndexOf(' ', StringComparison.Ordinal)], StringComparer.Ordinal)], balance,
            await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from entry"),
            await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from posting"),
            detached);
    }

    static IEnumerable<string> Off(TrialBalance balance) =>
        from unit in Enum.GetValues<Unit>()
        where balance.Sum(unit) != 0
        select FormattableString.Invariant($"they sum to {balance.Sum(unit)} {(unit == Unit.Yen ? "yen" : "points")}");
}
