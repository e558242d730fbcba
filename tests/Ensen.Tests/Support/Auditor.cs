using Ensen.Operations;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>Looks through the books of a test when it ends, as <c>verify</c> does.</summary>
static class Auditor
{
    public static async Task<IReadOnlyList<string>> Complaints(Database db, TimeProvider? clock = null)
    {
        var verdict = await new Verify(db, clock).Run();
        return [.. verdict.Checks.SelectMany(c => c.Broken.Select(row => $"{c.Check}: {row}"))];
    }
}
