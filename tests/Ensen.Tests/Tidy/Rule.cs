namespace Ensen.Tests.Tidy;

/// <summary>A complaint names the file and what is wrong with it.</summary>
static class Rule
{
    public static void ShouldHold(this IEnumerable<string> complaints) =>
        string.Join('\n', complaints.Distinct().Order(StringComparer.Ordinal)).ShouldBeEmpty();

    public static void ShouldComplain(this IEnumerable<string> complaints, string about) =>
        complaints.ShouldContain(c => c.Contains(about, StringComparison.Ordinal), $"no complaint about {about}");
}
