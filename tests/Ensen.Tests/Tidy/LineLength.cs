using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// A line of the product's code and of its pages is at most 140 characters: long lines are not a way to short files. What stands in
/// quotation marks may make it longer (a message is found by its words), and a text of many lines has its own.
/// </summary>
public partial class LineLength
{
    const int Most = 140;

    /// <summary>So many characters of a line in quotation marks are a message and no code.</summary>
    const int Message = 50;

    [Fact]
    public void Lines_of_code_fit() => Complaints(SourceTree.Repository).ShouldHold();

    [Fact]
    public void A_long_line_is_found_and_a_long_message_is_not()
    {
        var words = string.Join(" + ", Enumerable.Repeat("amount", 20));
        Complaints(Planted($"var sum = {words};")).ShouldComplain("188 characters");
        Complaints(Planted($"/// <summary>{words}</summary>")).ShouldComplain("characters");
        Complaints(Planted($"Say(\"{words}\");")).ShouldHold();
        Complaints(Planted($"var text = \"\"\"\n{words} {words}\n\"\"\";")).ShouldHold();
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/PayPage.razor", $"<p>@({words})</p>")).ShouldComplain("characters");
    }

    static SourceTree Planted(string code) => SourceTree.Planted("src/Ensen/Wallet/Pay.cs", code);

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        foreach (var file in tree.Under("src/", ".cs").Concat(tree.Under("src/", ".razor")))
        {
            var (number, isText) = (0, false);
            foreach (var line in file.Text.Split('\n'))
            {
                number++;
                var quotes = Raw().Count(line);
                if (quotes % 2 == 1)
                    isText = !isText;
                if (isText || quotes > 0 || line.Length <= Most || Quoted().Matches(line).Sum(m => m.Length) >= Message)
                    continue;
                yield return $"{file.Path}:{number} has {line.Length} characters";
            }
        }
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex Raw();

    [GeneratedRegex("""(?<!')\"(?:[^"\\]|\\.)*\"(?!')""")]
    private static partial Regex Quoted();
}
