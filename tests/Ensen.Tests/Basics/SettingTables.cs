using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Basics;
using Ensen.Tests.Support;
using Ensen.Web;

namespace Ensen.Tests.Basics;

/// <summary>The tables that people read are the ones that the program refuses by; and no setting is missing in them.</summary>
public class SettingTables
{
    const string Head = "| setting | default | allowed | what it does |\n| --- | --- | --- | --- |\n";

    public static TheoryData<string, string> Documents => new()
    {
        { "docs/operating/README.md", Table(NodeSettings.All) },
        { "docs/operating/programme.md", Table(ProgrammeSettings.All) },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_has_the_table_that_is_in_force(string document, string table)
    {
        var path = Path.Combine(Repository.Root, document);
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var start = text.IndexOf(Head, StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, document);
        var end = text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        if (Environment.GetEnvironmentVariable("ENSEN_REFRESH_DOCS") is { Length: > 0 })
            await File.WriteAllTextAsync(path, text[..start] + table + text[end..], TestContext.Current.CancellationToken);
        else
            text[start..end].Split('\n').ShouldBe(table.Split('\n'),
                $"{document} is not as the code has it. Refresh it: ENSEN_REFRESH_DOCS=1 ./test quick {nameof(SettingTables)}");
    }

    [Fact]
    public void Every_setting_of_a_programme_has_its_bounds_and_every_bound_its_setting()
    {
        var settings = JsonSerializer.SerializeToNode(new Programme(), JsonSerializerOptions.Web)!;

        Leaves(settings, "").Order(StringComparer.Ordinal).ShouldBe(
            ProgrammeSettings.All.Select(s => s.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_default_is_within_its_bounds_and_they_agree()
    {
        foreach (var setting in ProgrammeSettings.All)
            setting.Refuse(setting.Default!).ShouldBeNull();
        ProgrammeSettings.Contradictions(new Programme()).ShouldBeEmpty();
        foreach (var setting in NodeSettings.All.Where(s => s.Default is not null && s.Allowed is not YesOrNo))
            setting.Refuse(setting.Default!).ShouldBeNull();
    }

    static string Table(IEnumerable<BoundedSetting> settings) =>
        Head + string.Concat(settings.Select(s => $"| {s.Told} | {Cell(s)} | {s.Allowed.Words} | {s.Does} |\n"));

    static string Cell(BoundedSetting setting) => setting.Default is null ? "none" : setting.Default.Contains('`')
        || setting.Allowed is YesOrNo ? setting.Default : $"`{setting.Default.Replace("|", "\\|", StringComparison.Ordinal)}`";

    static IEnumerable<string> Leaves(JsonNode node, string name) =>
        node is JsonObject group ? group.SelectMany(part => Leaves(part.Value!, name.Length == 0 ? part.Key : $"{name}.{part.Key}"))
            : [name];
}
