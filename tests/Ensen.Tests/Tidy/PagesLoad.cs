using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// A page loads, then it is drawn. What a page shows is filled in Load; nothing is filled while it is drawn, and
/// no page has another moment in which it could be. What comes with the address is a text until the page has read it.
/// </summary>
public partial class PagesLoad
{
    const string Head = "@page \"/here\"\n@inherits Loaded\n";

    [Fact]
    public void What_a_page_shows_is_there_before_it_is_drawn() => Complaints(SourceTree.Repository).ShouldHold();

    [Theory]
    [InlineData("<p>@_a</p>\n@code {\n    private string _a = null!;\n    protected override async Task OnInitializedAsync() => _a = await It();\n}", "OnInitializedAsync")]
    [InlineData("@code {\n    protected override void OnInitialized()\n    {\n    }\n}", "OnInitialized")]
    [InlineData("@code {\n    protected override void OnParametersSet() => Look();\n}", "OnParametersSet")]
    [InlineData("@code {\n    protected override Task OnParametersSetAsync() => Look();\n}", "OnParametersSetAsync")]
    [InlineData("@code {\n    protected override Task OnAfterRenderAsync(bool first) => Look();\n}", "OnAfterRenderAsync")]
    [InlineData("@code {\n    public override Task SetParametersAsync(ParameterView p) => Look();\n}", "SetParametersAsync")]
    [InlineData("@attribute [StreamRendering]\n<p>Soon</p>", "StreamRendering")]
    [InlineData("@code {\n    private void Tell() => StateHasChanged();\n}", "StateHasChanged")]
    [InlineData("<p>@_a</p>\n@code {\n    private string _a = \"\";\n}", "_a is a field of what does not load")]
    [InlineData(Head + "<p>@(_a = 1)</p>\n@code {\n    private int _a;\n}", "_a is filled while the page is drawn")]
    [InlineData(Head + "<p>@Sum</p>\n@code {\n    private int _a;\n    private int Sum => _a += 1;\n}", "_a is filled by Sum")]
    [InlineData(Head + "<p>@Sum()</p>\n@code {\n    private int _a;\n    private int Sum()\n    {\n        return _a++;\n    }\n}", "_a is filled by Sum")]
    [InlineData(Head + "<p>@Sum()</p>\n@code {\n    private int _a, _b;\n    protected override Task Load(CancellationToken ct) => Sum();\n    private Task Sum()\n    {\n        (_a, _b) = (1, 2);\n    }\n}", "_b is filled by Sum")]
    [InlineData(Head + "@foreach (var a in All())\n{\n}\n@code {\n    private readonly List<int> _a = [];\n    private List<int> All()\n    {\n        _a.Add(1);\n        return _a;\n    }\n}", "_a is filled by All")]
    [InlineData(Head + "<p>@Of(1)</p>\n@code {\n    private int _a;\n    private bool Of(int x) => int.TryParse(\"\", out _a);\n}", "_a is filled by Of")]
    [InlineData(Head + "@code {\n    private int _a;\n    protected override Task Load(CancellationToken ct) => Task.CompletedTask;\n    internal void Late() => _a = 1;\n}", "_a is filled by Late")]
    [InlineData(Head + "@code {\n    protected override Task Load(CancellationToken ct)\n    {\n        Http.Response.StatusCode = 404;\n    }\n}", "sets a status")]
    [InlineData("@code {\n    [SupplyParameterFromQuery] private bool Now { get; set; }\n}", "Now is read from the query as bool")]
    [InlineData("@code {\n    [SupplyParameterFromQuery(Name = \"until\")] private long? Until { get; set; }\n}", "Until is read from the query as long?")]
    public void What_is_drawn_too_early_or_breaks_on_a_text_is_found(string page, string about) =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/Here.razor", page)).ShouldComplain(about);

    [Fact]
    public void A_component_written_without_markup_is_held_to_the_same() =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/Here.cs", "sealed class Here : ComponentBase { }"))
            .ShouldComplain("ComponentBase");

    [Fact]
    public void Filling_in_Load_is_fine() =>
        Complaints(SourceTree.Planted("src/Ensen.Web/Member/Here.razor", Head + """
            <form><p data-x="@(_a == 1)" hidden="@(_b is null)">@Said(_a)</p></form>
            @code {
                private const int Shown = 3;
                private static readonly string[] s_kinds = ["a"];
                private string _b = "", _c = "";
                private int _a;
                private bool None => _a == 0 || _b != _c;

                protected override async Task Load(CancellationToken ct)
                {
                    _a = await Count(ct);
                    Remember();
                }

                private void Remember() => (_b, _c) = ("", "");

                private string Said(int a) => _b + a;
            }
            """)).ShouldHold();

    static IEnumerable<string> Complaints(SourceTree tree) =>
        tree.Under("src/", ".razor").SelectMany(file => Complaints(file.Text).Select(complaint => $"{file.Path}: {complaint}"))
            .Concat(tree.Under("src/", ".cs").Where(file => Framework().IsMatch(file.Code))
                .Select(file => $"{file.Path}: a ComponentBase of its own"));

    static IEnumerable<string> Complaints(string page)
    {
        foreach (Match moment in Moments().Matches(page))
            yield return $"has a moment of its own, {moment.Value}";
        foreach (Match query in Queries().Matches(page).Where(m => m.Groups[1].Value != "string?"))
            yield return $"{query.Groups[2].Value} is read from the query as {query.Groups[1].Value}, which fails on other texts";
        if (Status().IsMatch(page))
            yield return "sets a status, which Load says by AnswerAs";

        var parts = page.Split("@code {", 2);
        var (markup, code) = (parts[0], parts.Length > 1 ? parts[1] : "");
        var loads = markup.Contains("@inherits Loaded", StringComparison.Ordinal);
        if (!loads)
            foreach (Match field in Fields().Matches(code))
                yield return $"{field.Groups[1].Value} is a field of what does not load";
        foreach (var field in FilledIn(markup))
            yield return $"{field} is filled while the page is drawn";

        var bodies = Members().Matches(code).ToLookup(m => m.Groups["name"].Value, m => m.Groups["body"].Value);
        var loading = Reached(["Load"], bodies);
        var drawing = Reached(Named(Texts().Replace(markup, ""), bodies), bodies);
        foreach (var member in bodies.Where(m => drawing.Contains(m.Key) || !loading.Contains(m.Key)))
            foreach (var field in member.SelectMany(FilledIn))
                yield return $"{field} is filled by {member.Key}, which is not only asked by Load";
    }

    static HashSet<string> Reached(IEnumerable<string> first, ILookup<string, string> bodies)
    {
        var (reached, next) = (new HashSet<string>(), new Queue<string>(first));
        while (next.TryDequeue(out var name))
            if (reached.Add(name))
                foreach (var named in bodies[name].SelectMany(body => Named(body, bodies)))
                    next.Enqueue(named);
        return reached;
    }

    static IEnumerable<string> Named(string text, ILookup<string, string> bodies) =>
        Words().Matches(text).Select(m => m.Value).Where(bodies.Contains);

    static IEnumerable<string> FilledIn(string text) =>
        Filled().Matches(text).Select(m => m.Groups[1].Value)
            .Concat(FilledTogether().Matches(text).SelectMany(m => FieldNames().Matches(m.Groups[1].Value)).Select(m => m.Value));

    [GeneratedRegex(@"\b(?:OnInitialized|OnParametersSet|OnAfterRender)(?:Async)?\b|\bSetParametersAsync\b|\bStateHasChanged\b|\bStreamRendering\b|\bShouldRender\b")]
    private static partial Regex Moments();

    [GeneratedRegex(@"\.StatusCode\s*=(?!=)|\bOnStarting\b")]
    private static partial Regex Status();

    // What cannot be parsed throws before the page is asked: a page reads the text itself.
    [GeneratedRegex(@"\[SupplyParameterFromQuery[^\]]*\]\s*(?:private|public|internal|protected)\s+(\S+)\s+(\w+)")]
    private static partial Regex Queries();

    [GeneratedRegex(@":\s*ComponentBase\b")]
    private static partial Regex Framework();

    [GeneratedRegex(@"^ {4}private (?!static|const)[^\n(=]*?\b(_\w+)\s*[=;,]", RegexOptions.Multiline)]
    private static partial Regex Fields();

    // A method or a property at the first level of the code, to its last brace or its semicolon.
    [GeneratedRegex(@"^ {4}(?:private|protected|internal|public)(?: [\w<>\[\]?,.() ]+?)? (?<name>\w+)(?:\([^\n]*\))?\s*(?<body>=>(?:(?!;\n)[\s\S])*;|\{(?! get;)(?:(?!\n    \})[\s\S])*\n    \})", RegexOptions.Multiline)]
    private static partial Regex Members();

    [GeneratedRegex(@"\[""\w+""")]
    private static partial Regex Texts();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"\b_\w+")]
    private static partial Regex FieldNames();

    [GeneratedRegex(@"(?:\bout |\bref |\+\+|--)?(?<![\w.])(_\w+)(?:\s*(?:(?:\?\?|[-+*/|&^])?=(?![=>])|\+\+|--)|\.(?:Add|AddRange|Insert|Remove|Clear)\(|(?<=(?:\bout |\bref |\+\+|--)_\w+))")]
    private static partial Regex Filled();

    [GeneratedRegex(@"\(([^()\n]*\b_\w+[^()\n]*)\)\s*=(?![=>])")]
    private static partial Regex FilledTogether();
}
