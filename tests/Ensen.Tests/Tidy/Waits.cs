using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// A test waits for a fact and not for a time, or a comment on the line says why nothing but time will do. Short pauses between two looks
/// are fine.
/// </summary>
public partial class Waits
{
    const int LongestPause = 100; // Milliseconds.

    [Fact]
    public void No_test_waits_for_a_time_without_a_reason() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("await Task.Delay(2_100);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(2.5));")]
    [InlineData("await Task.Delay(s_latest);")]
    [InlineData("Thread.Sleep(500);")]
    [InlineData("await page.WaitForTimeoutAsync(400);")]
    public void A_wait_for_a_time_is_found(string text) =>
        Complaints(SourceTree.Planted("tests/Ensen.Tests/A.cs", text)).ShouldComplain(text);

    [Theory]
    [InlineData("await Task.Delay(200); // That nothing happens shows in nothing but time.")]
    [InlineData("for (; !there; await Task.Delay(50))")]
    [InlineData("await Task.Delay(20);")]
    [InlineData("await Task.Delay(Timeout.Infinite, ct);")]
    [InlineData("await Task.Delay(TimeSpan.FromDays(1), loop.Clock);")]
    public void A_pause_or_a_reason_is_fine(string text) => Complaints(SourceTree.Planted("tests/Ensen.Tests/A.cs", text)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Under("tests/", ".cs")
        where file.Path != "tests/Ensen.Tests/Tidy/Waits.cs"
        from line in file.Text.Split('\n').Select(line => line.Trim())
        let wait = Wait().Match(line)
        where wait.Success && !line.Contains("; //", StringComparison.Ordinal) && !line.Contains("Clock)", StringComparison.Ordinal)
            && !IsPause(wait.Groups[1].Value)
        select $"{file.Path}: {line}";

    static bool IsPause(string time) =>
        int.TryParse(time.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= LongestPause;

    [GeneratedRegex(@"(?:Task\.Delay|Thread\.Sleep|WaitForTimeoutAsync)\((\d[\d_]*|TimeSpan\.From[^;]*|s_\w+)")]
    private static partial Regex Wait();
}
