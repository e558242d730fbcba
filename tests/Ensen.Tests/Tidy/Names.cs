using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>Names say what a thing is in the business; endings that would fit anything say nothing.</summary>
public partial class Names
{
    [Fact]
    public void No_file_or_type_has_an_ending_that_says_nothing() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("src/Ensen/Wallet/PaymentService.cs", "")]
    [InlineData("src/Ensen/Wallet/PayUtils.cs", "")]
    [InlineData("src/Ensen.Ui/PageBase.razor", "")]
    [InlineData("src/Ensen/Wallet/Pay.cs", "sealed record PaymentInfo(int Amount);")]
    [InlineData("src/Ensen/Wallet/Pay.cs", "public partial interface IMemberRepository;")]
    [InlineData("src/Ensen/Wallet/Pay.cs", "readonly record struct PayDto<T>;")]
    [InlineData("bench/Ensen.Bench/Pay.cs", "static class PayHelper { }")]
    public void Such_an_ending_is_found(string path, string text) => Complaints(SourceTree.Planted(path, text)).ShouldComplain(path);

    [Theory]
    [InlineData("sealed class Dispatcher : BackgroundService;")]
    [InlineData("sealed record Database;")]
    [InlineData("// a class PaymentHandler would say nothing\nsealed class Pay;")]
    public void Other_names_are_left_alone(string text) =>
        Complaints(SourceTree.Planted("src/Ensen/Storage/Database.cs", text)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        tree.Files
            .Where(f => f.Ending is ".cs" or ".razor" && (f.Path.StartsWith("src/", StringComparison.Ordinal)
                || f.Path.StartsWith("bench/", StringComparison.Ordinal)))
            .SelectMany(f => Declared().Matches(f.Code).Select(m => m.Groups[1].Value).Append(f.Stem)
                .Where(name => SaysNothing().IsMatch(name))
                .Select(name => $"{f.Path}: {name}"));

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record)\s+([A-Z]\w*)")]
    private static partial Regex Declared();

    // "Database" is a word of its own: the ending must begin with its capital letter.
    [GeneratedRegex("(?:Manager|Helper|Util|Service|Repository|Handler|Dto|Data|Info|Impl|Base)s?$")]
    private static partial Regex SaysNothing();
}
