using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Schedule;

/// <summary>What verifying found: each check with its first broken rows, and the figures of the books. Detached: entries of months that were taken away.</summary>
public sealed record Verdict(IReadOnlyList<(string Check, IReadOnlyList<string> Broken)> Checks, TrialBalance Balance, long Entries, long Postings, long Detached)
{
    public bool Holds => Checks.All(c => c.Broken.Count == 0) && Balance.Sum(Unit.Yen) == 0 && Balance.Sum(Unit.Point) == 0;
}

/// <summary>Checks everything that always holds over the whole database (design, section 3).</summary>
public sealed class Verify(Database db)
{
    static IEnumerable<Check> Checks => [.. LedgerChecks.All, .. WalletChecks.All, .. ChargeChecks.All];

    public Task<Verdict> Run(CancellationToken ct = default) => Run([], ct);

    /// <param name="published">Roots of days as they are kept elsewhere: the database must have the same.</param>
    public async Task<Verdict> Run(IReadOnlyList<PublishedRoot> published, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var found = new List<(string, IReadOnlyList<string>)>();
        foreach (var check in Checks)
            found.Add((check.Name, await check.BrokenRows(connection, db.Engine)));
        long detached;
        await using (var seals = await SealChecks.Begin(db, ct))
        {
            found.Add(("I6 the seals of each lane chain without a gap", await seals.Chains()));
            found.Add(("I6 the seals cover every entry as it stands", await seals.Entries()));
            detached = seals.Detached;
        }
        found.Add(("I6 what is said to be away is away, and no more", await MonthChecks.Broken(connection, detached)));
        found.Add(("I6 the root of each day covers its seals and names the day before", await DayChecks.Broken(db, ct)));
        if (published.Count > 0)
            found.Add(("I6 the roots are those that were published", await DayChecks.Differ(db, published, ct)));
        return new Verdict(found, await TrialBalance.Read(connection),
            await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from entry"),
            await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from posting"),
            detached);
    }
}
