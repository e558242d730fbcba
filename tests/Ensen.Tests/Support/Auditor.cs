using Ensen.Ledger;
using Ensen.Schedule;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>Looks through the books of a test when it ends, as <c>verify</c> does.</summary>
static class Auditor
{
    public static async Task<IReadOnlyList<string>> Complaints(Database db)
    {
        var verdict = await new Verify(db).Run();
        var complaints = verdict.Checks.SelectMany(c => c.Broken.Select(row => $"{c.Check}: {row}")).ToList();
        foreach (var unit in Enum.GetValues<Unit>())
            if (verdict.Balance.Sum(unit) != 0)
                complaints.Add(FormattableString.Invariant($"I1 the trial balance is off by {verdict.Balance.Sum(unit)} in {unit}"));
        return complaints;
    }
}
