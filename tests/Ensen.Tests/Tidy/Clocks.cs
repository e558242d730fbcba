using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Time comes from a TimeProvider, so that the sandbox and the tests can move it.</summary>
public partial class Clocks
{
    [Fact]
    public void Nobody_asks_the_machine_for_the_time() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen/Points/Expire.cs", "var now = DateTime.Now;")]
    [InlineData("src/Ensen/Points/Expire.cs", "var now = System.DateTime.UtcNow.AddDays(1);")]
    [InlineData("src/Ensen/Points/Expire.cs", "var day = DateTime.Today;")]
    [InlineData("src/Ensen.Web/Member/Home.razor", "@DateTimeOffset.UtcNow")]
    [InlineData("src/Ensen.Web/Api/Clock.cs", "var now = DateTimeOffset . Now;")]
    public void Asking_the_machine_is_found(string path, string text) => Complaints(SourceTree.Planted(path, text)).ShouldComplain(path);

    [Fact]
    public void A_time_provider_is_fine() =>
        Complaints(SourceTree.Planted("src/Ensen/Points/Expire.cs", "var now = clock.GetUtcNow(); // not DateTime.Now")).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        tree.Under("src/", ".cs", ".razor").Where(f => Machine().IsMatch(f.Code)).Select(f => $"{f.Path}: asks the machine for the time");

    [GeneratedRegex(@"\bDateTime(?:Offset)?\s*\.\s*(?:Now|UtcNow|Today)\b")]
    private static partial Regex Machine();
}
