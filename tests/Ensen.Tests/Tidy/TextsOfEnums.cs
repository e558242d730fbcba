using System.Xml.Linq;
using Ensen.Access;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Texts that are called by an enum (<c>VerificationState_Asked</c>) are called by each of its values: a page that meets one without a text
/// would show the name of the text.
/// </summary>
public class TextsOfEnums
{
    [Fact]
    public void Each_value_of_an_enum_that_texts_are_called_by_has_its_text() => Complaints(SourceTree.Repository).ShouldHold();

    [Fact]
    public void A_value_without_a_text_is_found()
    {
        Complaints(Tree("DeviceVerdict_Right", "DeviceVerdict_Wrong", "DeviceVerdict_Copied", "Pay", "Other_Right")).ShouldHold();
        Complaints(Tree("DeviceVerdict_Right", "DeviceVerdict_Wrong", "Pay")).ShouldComplain("AreaWords has no DeviceVerdict_Copied");
    }

    static SourceTree Tree(params string[] names) => SourceTree.Planted("src/Ensen.Web/Texts/AreaWords.resx",
        new XElement("root", names.Select(n => new XElement("data", new XAttribute("name", n), new XElement("value", n)))).ToString());

    static List<string> Complaints(SourceTree tree)
    {
        var enums = typeof(DeviceVerdict).Assembly.GetTypes().Where(t => t.IsEnum).ToLookup(t => t.Name);
        var complaints = new List<string>();
        foreach (var file in tree.Under("src/", ".resx").Where(f => !f.Stem.Contains('.', StringComparison.Ordinal)))
        {
            var names = XElement.Parse(file.Text).Elements("data").Select(d => (string)d.Attribute("name")!).ToHashSet();
            foreach (var called in names.Where(n => n.Contains('_', StringComparison.Ordinal)).Select(n => n.Split('_')[0]).Distinct())
                foreach (var value in enums[called].SelectMany(Enum.GetNames).Where(v => v != "None" && !names.Contains($"{called}_{v}")))
                    complaints.Add($"{file.Stem} has no {called}_{value}");
        }
        return complaints;
    }
}
