using Ensen.Basics;
using Ensen.Storage;
using Microsoft.AspNetCore.Http;

namespace Ensen.Web;

/// <summary>
/// Every setting of a node with its bounds. The table of docs/operating/README.md is this one, a test walks it, and whatever is outside,
/// or begins with <c>Ensen:</c> and is not here, is refused at start.
/// </summary>
static class NodeSettings
{
    public static readonly BoundedSetting Database = new("database", "sqlite:data/ensen.db",
        new Written("sqlite:PATH or postgres:CONNECTION", Storage.Database.IsAddress,
            ["sqlite:data/ensen.db", "postgres:Host=127.0.0.1;Database=ensen"], ["", "ensen.db", "mysql:Host=a", "sqlite:", "postgres:"]),
        "the books; a relative path is one from the folder you are in (in the repository: from its root)", Secret: true)
    { Told = "`--database`, `ENSEN_DATABASE`" };

    public static readonly BoundedSetting Urls = new("urls", "http://localhost:5080",
        new Written("http://HOST:PORT or https://HOST:PORT, several with semicolons between", AreUrls,
            ["http://localhost:5080", "http://0.0.0.0:0;https://[::1]:65535"], [
                "localhost", "5080", "ftp://localhost:1", "http://localhost:65536", "http://localhost:x", "http://a:1;"]),
        "where it listens")
    { Told = "`--urls`" };

    public static readonly BoundedSetting Sandbox = new("Ensen:Sandbox", "true in `Development` where it is built in, else false",
        new YesOrNo(),
        "the outside world to play with: sandbox pages, a clock that moves, mail, bank and cards that are not real, signing in as anybody. Never where money is");

    public static readonly BoundedSetting DemoTown = new("Ensen:DemoTown", "as `Ensen:Sandbox`", new YesOrNo(),
        "a first start makes the demo town, 60 shops and 40 members ([demo-town.md](../demo-town.md)); only with the sandbox");

    public static readonly BoundedSetting ListsWaitMs = new("Ensen:ListsWaitMs", "500", new WholeNumbers(1, 600_000, "ms"),
        "the age of the oldest waiting payment from which lists are refused");

    public static readonly BoundedSetting PaymentsWaitMs = new(
        "Ensen:PaymentsWaitMs", "2000", new WholeNumbers(1, 600_000, "ms"), "the age from which new payments are refused");

    public static readonly BoundedSetting LeaveMs = new("Ensen:LeaveMs", "1000", new WholeNumbers(0, 10_000, "ms"),
        "how long a stopping node still refuses politely before it closes");

    public static readonly BoundedSetting MostStreams = new("Ensen:MostStreams", "20000", new WholeNumbers(1, 1_000_000),
        "how many live streams (tills, members' pages) this node keeps open; the next is told to try again");

    public static readonly BoundedSetting ClockAheadMs = new("Ensen:ClockAheadMs", "0", new WholeNumbers(-86_400_000, 86_400_000, "ms"),
        "for tests of several nodes: this node takes its machine's clock to be wrong by so much. On PostgreSQL nothing goes by it");

    public static readonly BoundedSetting Proxies = new("Ensen:Proxies", null,
        new Written("addresses and networks, with commas between", text => Session.Proxies.Read(text) is { Count: > 0 },
            ["127.0.0.1", "::1, 10.0.0.0/8"], ["nginx", "10.0.0.0/33", "127.0.0.1, proxy.example", ","]),
        "the proxies in front of the node, whose word on https and on the visitor's address is believed ([proxy.md](proxy.md))");

    public static readonly BoundedSetting FormsAtOnce = new(
        "Ensen:FormsAtOnce", "200", new WholeNumbers(10, 100_000), "forms of its pages that one caller may send at once");

    public static readonly BoundedSetting FormsPerSecond = new(
        "Ensen:FormsPerSecond", "10", new WholeNumbers(1, 10_000), "and again so many a second");

    public static readonly BoundedSetting RefusalsAtOnce = new("Ensen:RefusalsAtOnce", "200", new WholeNumbers(10, 100_000),
        "orders of one caller of the API that may be refused at once");

    public static readonly BoundedSetting RefusalsPerMinute = new(
        "Ensen:RefusalsPerMinute", "300", new WholeNumbers(10, 100_000), "and again so many a minute");

    public static readonly BoundedSetting Collector = new("OTEL_EXPORTER_OTLP_ENDPOINT", null,
        new Written("an address http://… or https://…", IsWeb, ["http://localhost:4317", "https://otel.example.jp/v1"],
            ["localhost:4317", "collector", "ftp://a"]),
        "where spans and metrics are sent; with none nothing is made");

    /// <summary>In the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<BoundedSetting> All { get; } =
    [
        Database, Urls, Sandbox, DemoTown, ListsWaitMs, PaymentsWaitMs, LeaveMs, MostStreams, ClockAheadMs,
        Proxies, FormsAtOnce, FormsPerSecond, RefusalsAtOnce, RefusalsPerMinute, .. MailSettings.All, .. TelephoneSettings.All,
        .. IdentitySettings.All,
        Collector,
        .. BuiltIn.Catalogue.All<BoundedSetting>(),
    ];

    /// <summary>Everything in the configuration that is no setting or outside its bounds, a sentence each.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration)
    {
        foreach (var setting in All)
            if (Given(configuration, setting) is { } value && setting.Refuse(value) is { } fault)
                yield return fault;
        foreach (var (name, value) in configuration.GetSection("Ensen").AsEnumerable())
            if (value is not null && !All.Any(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                yield return $"There is no setting '{name}'. There are: {string.Join(", ", All.Select(s => s.Name).Where(n => n.StartsWith("Ensen:", StringComparison.Ordinal)))}.";
    }

    /// <summary>What somebody said; what is set to nothing is not said.</summary>
    public static string? Given(IConfiguration configuration, BoundedSetting setting) => Given(configuration, setting.Name);

    /// <inheritdoc cref="Given(IConfiguration, BoundedSetting)"/>
    public static string? Given(IConfiguration configuration, string name) =>
        (name == Database.Name ? configuration["database"] ?? configuration["ENSEN_DATABASE"]
            : configuration[name]) is { Length: > 0 } value
            ? value
            : null;

    static bool AreUrls(string urls)
    {
        try
        {
            return urls.Split(';').Select(BindingAddress.Parse).All(
                a => a.Scheme is "http" or "https" && (a.IsUnixPipe || IsHost(a.Host) && a.Port is >= 0 and <= 65_535));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    static bool IsHost(string host) => host is "*" or "+" || Uri.CheckHostName(host) != UriHostNameType.Unknown;

    static bool IsWeb(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
