using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// What may name what, module by module. Basics and Storage are the ground: every module may name them and no other is named by them.
/// The table has no circle; a folder that is not in it fails, and so does a permission that nobody uses.
/// </summary>
public partial class ModuleOrder
{
    static readonly Dictionary<string, string[]> s_mayName = new()
    {
        ["Basics"] = [],
        ["Storage"] = ["Basics"],
        ["Formats"] = ["Basics"],
        ["Gateways"] = ["Basics", "Storage", "Formats"],
        ["Ledger"] = ["Basics", "Storage"],
        ["Access"] = ["Basics", "Storage"],
        ["Members"] = ["Basics", "Storage", "Formats", "Gateways", "Ledger", "Access"],
        ["Notices"] = ["Basics", "Storage", "Formats", "Gateways", "Access", "Members"],
        ["Merchants"] = ["Basics", "Storage", "Ledger", "Access", "Members"],
        ["Points"] = ["Basics", "Storage", "Ledger", "Members"],
        ["Codes"] = ["Basics", "Storage", "Formats", "Ledger", "Access", "Members"],
        ["Staff"] = ["Basics", "Storage", "Ledger", "Access", "Members", "Merchants"],
        ["Identity"] = ["Basics", "Storage", "Formats", "Gateways", "Access", "Members", "Staff"],
        ["Banking"] = ["Basics", "Storage", "Formats", "Gateways", "Access", "Identity", "Members"],
        ["Campaigns"] = ["Basics", "Storage", "Ledger", "Members", "Merchants", "Points", "Staff"],
        ["Wallet"] =
        [
            "Basics", "Storage", "Formats", "Gateways", "Ledger", "Access", "Members", "Merchants", "Points", "Codes", "Banking", "Campaigns",
        ],
        ["Links"] = ["Basics", "Storage", "Ledger", "Access", "Members", "Wallet"],
        ["Requests"] = ["Basics", "Storage", "Ledger", "Access", "Members", "Wallet"],
        ["Withdrawals"] = ["Basics", "Storage", "Gateways", "Ledger", "Access", "Members", "Banking", "Wallet"],
        ["AutoCharges"] = ["Basics", "Storage", "Gateways", "Ledger", "Access", "Members", "Banking", "Wallet"],
        ["Centres"] =
        [
            "Basics", "Storage", "Formats", "Ledger", "Access", "Members", "Merchants", "Points", "Codes", "Staff", "Campaigns", "Wallet",
        ],
        ["Cards"] =
        [
            "Basics", "Storage", "Formats", "Gateways", "Ledger", "Access", "Members", "Points", "Staff", "Identity", "Wallet", "Centres",
        ],
        ["Rewards"] = ["Basics", "Storage", "Gateways", "Ledger", "Members", "Points", "Staff", "Wallet"],
        ["Transit"] = ["Basics", "Storage", "Gateways", "Ledger", "Access", "Members", "Points", "Wallet", "Cards"],
        ["CreditCards"] = ["Basics", "Storage", "Gateways", "Ledger", "Members", "Points", "Staff", "Wallet", "Cards"],
        ["Businesses"] = ["Basics", "Storage", "Gateways", "Ledger", "Members", "Merchants", "Staff", "Wallet"],
        ["Settlement"] = ["Basics", "Storage", "Formats", "Gateways", "Ledger", "Merchants", "Staff", "Banking", "Wallet"],
        ["Joining"] = ["Basics", "Storage", "Formats", "Access", "Members", "Merchants", "Staff", "Banking", "Settlement"],
        ["Operations"] =
        [
            "Basics", "Storage", "Formats", "Ledger", "Access", "Members", "Merchants", "Points", "Identity", "Campaigns", "Wallet",
            "Centres", "Cards", "Staff", "Rewards", "Transit", "CreditCards",
        ],
        ["Sales"] = ["Basics", "Storage", "Ledger", "Merchants", "Staff", "Wallet"],
        ["Compliance"] = ["Basics", "Storage", "Ledger", "Members", "Staff", "Businesses", "Settlement"],
    };

    [Fact]
    public void A_module_names_only_what_the_table_lets_it_name() => Complaints(SourceTree.Repository).ShouldHold();

    [Fact]
    public void The_table_has_no_circle()
    {
        var done = new HashSet<string>();
        while (s_mayName.Keys.FirstOrDefault(m => !done.Contains(m) && s_mayName[m].All(done.Contains)) is { } next)
            done.Add(next);
        s_mayName.Keys.Except(done).ShouldBeEmpty("these name each other, or a module that does not exist");
    }

    [Fact]
    public void The_product_lists_its_modules_in_an_order_that_the_table_allows()
    {
        var order = Product.Modules.Select(m => m.Name).ToList();
        order.Distinct().Count().ShouldBe(order.Count);
        foreach (var (module, place) in order.Select((m, i) => (m, i)))
            s_mayName[module].Where(m => order.IndexOf(m) > place).ShouldBeEmpty($"{module} stands before them");
    }

    [Fact]
    public void Each_permission_is_used()
    {
        var named = SourceTree.Repository.Under("src/Ensen/", ".cs")
            .SelectMany(f => Qualified().Matches(f.Code).Select(m => (f.Module, Names: m.Groups[1].Value))).ToHashSet();
        s_mayName.SelectMany(m => m.Value.Select(names => (Module: m.Key, Names: names))).Where(p => !named.Contains(p)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src/Ensen/Ledger/Ledger.cs", "using Ensen.Wallet;", "names Wallet")]
    [InlineData("src/Ensen/Ledger/Ledger.cs", "var it = new Ensen.Points.Lot();", "names Points")]
    [InlineData("src/Ensen/Ledger/Ledger.cs", "global using static Ensen.Members.Register;", "names Members")]
    [InlineData("src/Ensen/Ledger/Ledger.cs", "Wallet.Pay it;", "names Wallet")]
    [InlineData("src/Ensen/Operations/Nightly.cs", "using Ensen.Web.Api;", "names Web")]
    [InlineData("src/Ensen/Operations/Nightly.cs", "using Microsoft.AspNetCore.Http;", "ASP.NET")]
    [InlineData("src/Ensen/Parcels/Send.cs", "using Ensen.Basics;", "Parcels is not in the table")]
    [InlineData("src/Ensen/Operations/Nightly.cs", "using Microsoft.AspNetCore.Identity.UI;", "ASP.NET")]
    [InlineData("src/Ensen/Loose.cs", "using Ensen.Basics;", "belongs into a module")]
    public void A_wrong_reference_is_found(string path, string line, string about) =>
        Complaints(SourceTree.Planted(
            (path, $"{line}\nnamespace {string.Join('.', path.Split('/')[1..^1])};\n"),
            ("src/Ensen/Wallet/Pay.cs", "namespace Ensen.Wallet;\npublic sealed class Pay;"))).ShouldComplain(about);

    [Fact]
    public void A_namespace_that_is_not_its_folder_is_found() =>
        Complaints(SourceTree.Planted("src/Ensen/Points/Expire.cs", "namespace Ensen.Basics;")).ShouldComplain("namespace Ensen.Points");

    [Fact]
    public void What_is_said_in_comments_strings_and_properties_is_no_reference() =>
        Complaints(SourceTree.Planted(
            ("src/Ensen/Ledger/Ledger.cs", "namespace Ensen.Ledger; // unlike Ensen.Wallet\nvar a = \"Ensen.Wallet\" + draft.Wallet.Pay;"),
            ("src/Ensen/Wallet/Pay.cs", "namespace Ensen.Wallet;\npublic sealed class Pay;"))).ShouldHold();

    [Fact]
    public void The_business_project_cannot_see_the_web()
    {
        ProjectComplaints(SourceTree.Repository).ShouldHold();
        ProjectComplaints(SourceTree.Planted("src/Ensen/Ensen.csproj", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />"))
            .ShouldComplain("Ensen.csproj");
        ProjectComplaints(SourceTree.Planted("src/Ensen/Ensen.csproj", "<Using Include=\"Ensen.Wallet\" />"))
            .ShouldComplain("Ensen.csproj");
    }

    static IEnumerable<string> Complaints(SourceTree tree)
    {
        var files = tree.Under("src/Ensen/", ".cs").ToList();
        var typesOf = files.GroupBy(f => f.Module)
            .ToDictionary(g => g.Key, g => g.SelectMany(f => Declared().Matches(f.Code).Select(m => m.Groups[1].Value)).ToHashSet());

        foreach (var file in files)
        {
            if (file.Path == "src/Ensen/Product.cs")
                continue; // It puts the modules together, and is in none.
            if (!s_mayName.TryGetValue(file.Module, out var mayName))
            {
                yield return file.Module == "" ? $"{file.Path}: belongs into a module's folder"
                    : $"{file.Path}: the folder {file.Module} is not in the table";
                continue;
            }

            var code = file.Code;
            if (!Regex.IsMatch(code, $@"\bnamespace Ensen\.{file.Module}\b"))
                yield return $"{file.Path}: its namespace is not namespace Ensen.{file.Module}";
            if (AspNet().IsMatch(code))
                yield return $"{file.Path}: names ASP.NET, which the business cannot see";
            var named = Qualified().Matches(code).Select(m => m.Groups[1].Value)
                .Concat(Relative().Matches(code)
                    .Where(m => typesOf.TryGetValue(m.Groups[1].Value, out var types) && types.Contains(m.Groups[2].Value))
                    .Select(m => m.Groups[1].Value));
            foreach (var module in named.Where(m => m != file.Module && !mayName.Contains(m)))
                yield return $"{file.Path}: names {module}, and the table does not let {file.Module} do that";
        }
    }

    static IEnumerable<string> ProjectComplaints(SourceTree tree) =>
        tree.Files
            .Where(f => f.Path == "src/Ensen/Ensen.csproj" && ProjectSeesTooMuch().IsMatch(f.Text))
            .Select(f => $"{f.Path}: sees ASP.NET or uses a module everywhere");

    [GeneratedRegex(@"\bEnsen\.([A-Z]\w*)")]
    private static partial Regex Qualified();

    // Inside the namespace Ensen.Ledger, "Wallet.Pay" is Ensen.Wallet.Pay: told from a property by the name after it.
    [GeneratedRegex(@"(?<![\w.?\])])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex Relative();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|delegate\s+\S+)\s+([A-Z]\w*)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bMicrosoft\.AspNetCore\b")]
    private static partial Regex AspNet();

    [GeneratedRegex(@"AspNetCore|Sdk\.Web|Ensen\.Web|<Using\s+Include=""Ensen\.")]
    private static partial Regex ProjectSeesTooMuch();
}
