using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Tests.Support;

/// <summary>Looks through the books of a test when it ends.</summary>
static class Auditor
{
    public static async Task<IReadOnlyList<string>> Complaints(Database db)
    {
        await using var connection = await db.Connect();
        var complaints = new List<string>();
        foreach (var check in LedgerChecks.All.Concat(WalletChecks.All))
            foreach (var row in await check.BrokenRows(connection, db.Engine))
                complaints.Add($"{check.Name}: {row}");

        var books = await TrialBalance.Read(connection);
        foreach (var unit in Enum.GetValues<Unit>())
            if (books.Sum(unit) != 0)
                complaints.Add(FormattableString.Invariant($"I1 the trial balance is off by {books.Sum(unit)} in {unit}"));
        return complaints;
    }
}
