using System.Diagnostics;
using Ensen.CreditCards;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;

namespace Ensen.Operations;

/// <summary>
/// What verifying found: each check, in the order of the invariants, with its first broken rows; and the figures of the books.
/// </summary>
/// <param name="Detached">Entries of months that were taken away.</param>
/// <param name="Log">The last row of the operators' log; null when it has none.</param>
public sealed record Verdict(
    IReadOnlyList<Finding> Checks, TrialBalance Balance, long Entries, long Postings, long Detached, LogHead? Log = null)
{
    public bool Holds => Checks.All(c => c.Broken.Count == 0);
}

/// <summary>How far verifying is, for whoever waits.</summary>
/// <param name="Part">Which part of it is done; null while that is not known. 1 when it is over.</param>
public sealed record VerifyStep(string What, double? Part, TimeSpan Took);

/// <summary>Checks everything that always holds over the whole database (docs/operating/verify.md), and reads only.</summary>
public sealed class Verify(Database db, TimeProvider? clock = null)
{
    public Task<Verdict> Run(CancellationToken ct = default) => Run([], ct: ct);

    /// <param name="published">Roots of days as they are kept elsewhere: the database must have the same.</param>
    /// <param name="steps">Is told of each step when it begins, on its way, and when it is over.</param>
    /// <param name="kept">Rows of the operators' log as they are kept elsewhere: the database must have the same.</param>
    public async Task<Verdict> Run(IReadOnlyList<PublishedRoot> published, Action<VerifyStep>? steps = null,
        IReadOnlyList<LogHead>? kept = null, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var (found, naming) = (new List<Finding>(), new ReadableIds(connection, db.Catalogue));
        var now = (clock ?? TimeProvider.System).GetUtcNow();

        async Task<T> Step<T>(string what, Func<Action<double>, Task<T>> work)
        {
            var from = Stopwatch.GetTimestamp();
            void Tell(double? part) => steps?.Invoke(new VerifyStep(what, part, Stopwatch.GetElapsedTime(from)));
            Tell(null);
            var result = await work(part => Tell(Math.Min(part, 0.99)));
            Tell(1);
            return result;
        }
        async Task Found(string check, IReadOnlyList<string> broken) => found.Add(new Finding(check, await naming.Name(broken)));
        async Task Look(string check, Func<Task<IReadOnlyList<string>>> look) => await Found(check, await Step(check, async _ =>
        {
            try
            {
                return await look();
            }
            catch (Exception e) when (HistoryChecks.IsUnreadable(e))
            {
                return [HistoryChecks.Unreadable(e)];
            }
        }));

        foreach (var check in db.Catalogue.All<Check>())
            await Look(check.Name, () => check.BrokenRows(connection, db, now));
        var balance = await TrialBalance.Read(connection, db.Catalogue);
        await Found("I1 all accounts together sum to zero, in yen and in points", [.. Off(balance)]);
        var history = await Step(
            "each entry, with its postings, what is kept beside it, and its seal", part => new HistoryChecks(db, now).Run(part, ct));
        foreach (var (check, broken) in history.Findings)
            await Found(check, broken);
        await Look("I6 the months that are said to be away are away, and nothing else is", () =>
            MonthChecks.Broken(connection, history.Detached));
        await Look("I6 the root of each day covers its seals and names the root of the day before", () => DayChecks.Broken(db, ct));
        await Look("I6 the log of what operators looked at and changed has every row, as it was written", () =>
            LogCheck.Broken(connection, kept ?? []));
        await Look("I6 the log of what was done to each merchant's accounts has every row, as it was written", () =>
            LogCheck.BrokenOfMerchants(connection));
        await Look(RideCheck.Name, () => RideCheck.Broken(connection));
        await Look(PurchaseCheck.Name, () => PurchaseCheck.Broken(connection));
        if (published.Count > 0)
            await Look("I6 the roots of the days are those that were published", () => DayChecks.Differ(db, published, ct));
        db.MustNotHaveChanged();
        return new Verdict(
            [.. found.OrderBy(f => f.Check[..f.Check.IndexOf(' ', StringComparison.Ordinal)], StringComparer.Ordinal)],
            balance, history.Entries, history.Postings, history.Detached, await LogHead.Read(connection));
    }

    static IEnumerable<string> Off(TrialBalance balance) =>
        from unit in Enum.GetValues<Unit>()
        where balance.Sum(unit) != 0
        select FormattableString.Invariant($"they sum to {balance.Sum(unit)} {(unit == Unit.Yen ? "yen" : "points")}");
}
