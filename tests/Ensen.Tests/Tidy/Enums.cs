using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Enums are stored as numbers, so a number is written down once and never moves when a member is put between two others.
/// </summary>
public partial class Enums
{
    [Fact]
    public void Every_member_of_an_enum_has_its_number_written_down() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("enum Kind { Charge, Payment }", "Kind.Charge")]
    [InlineData("public enum Kind : short\n{\n    Charge = 1,\n\n    /// <summary>Paid.</summary>\n    [Obsolete]\n    Payment,\n}", "Kind.Payment")]
    [InlineData("enum Kind { Charge = 1, Payment = 1 }", "Kind.Payment")]
    public void A_member_without_a_number_of_its_own_is_found(string text, string about) =>
        Complaints(SourceTree.Planted("src/Ensen/Ledger/Kind.cs", text)).ShouldComplain(about);

    [Fact]
    public void Numbers_that_are_written_down_are_fine() =>
        Complaints(SourceTree.Planted("src/Ensen/Ledger/Kind.cs", "enum Kind { Charge = 1, /* then */ Payment = 1 << 1, }")).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from file in tree.Under("src/Ensen/", ".cs").Concat(tree.Under("src/Ensen.Sandbox/Gateways/", ".cs"))
        from declaration in Declaration().Matches(file.Code)
        let members = Attribute().Replace(declaration.Groups[2].Value, "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        from complaint in MemberComplaints(declaration.Groups[1].Value, members)
        select $"{file.Path}: {complaint}";

    static IEnumerable<string> MemberComplaints(string name, string[] members)
    {
        var taken = new HashSet<string>();
        foreach (var member in members)
        {
            var (left, right) = member.Split('=', 2, StringSplitOptions.TrimEntries) is [var l, var r] ? (l, r) : (member, "");
            if (right == "")
                yield return $"{name}.{left} has no number";
            else if (!taken.Add(right))
                yield return $"{name}.{left} has the number of another";
        }
    }

    [GeneratedRegex(@"\benum\s+(\w+)[^{;]*\{([^}]*)\}")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Attribute();
}
