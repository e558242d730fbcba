using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Ensen.Basics;

namespace Ensen.Web;

/// <summary>
/// How this node was started: <c>--database</c>, <c>ENSEN_DATABASE</c>, <c>ENSEN_ROOTS</c>, <c>Ensen:*</c> and <c>programme.json</c>.
/// </summary>
sealed record Settings(
    string Database, bool Sandbox, bool DemoTown, TimeSpan Leave, TimeSpan ListsWait, TimeSpan PaymentsWait, Programme Programme,
    IReadOnlyList<System.Net.IPNetwork> Proxies, int FormsAtOnce, int FormsPerSecond, int RefusalsAtOnce, int RefusalsPerMinute)
{
    /// <summary>So many live streams (tills, members' pages) are open on this node at most.</summary>
    public int MostStreams { get; init; } = 20_000;

    /// <summary>The mail server; null where no mail is set up.</summary>
    public Gateways.SmtpSettings? Mail { get; init; }

    /// <summary>The numbers that members call; null where none are set up.</summary>
    public Gateways.ReportedTelephone? Telephone { get; init; }

    /// <summary>What reports of calls are signed with; none: no report is believed.</summary>
    public IReadOnlyList<byte[]> ReportKeys { get; init; } = [];

    /// <summary>What reports of the gateway that reads cards are signed with.</summary>
    public IReadOnlyList<byte[]> IdentityReportKeys { get; init; } = [];

    /// <summary>This machine's clock. Tests set it wrong, to see that nothing goes by it.</summary>
    public TimeProvider Machine { get; init; } = TimeProvider.System;

    /// <summary>
    /// Throws <see cref="InvalidSettingException"/> with all that <see cref="NodeSettings"/> and <see cref="ProgrammeSettings"/> do not
    /// allow.
    /// </summary>
    public static Settings Read(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (NodeSettings.Faults(configuration).ToList() is { Count: > 0 } faults)
            throw new InvalidSettingException(faults);
        string Text(BoundedSetting setting) => NodeSettings.Given(configuration, setting) ?? setting.Default!;
        int Number(BoundedSetting setting) => int.Parse(Text(setting), CultureInfo.InvariantCulture);
        TimeSpan Ms(BoundedSetting setting) => TimeSpan.FromMilliseconds(Number(setting));
        bool Flag(BoundedSetting setting, bool otherwise) =>
            NodeSettings.Given(configuration, setting) is { } given ? bool.Parse(given) : otherwise;

        builder.WebHost.UseUrls(Text(NodeSettings.Urls));
        var sandbox = Flag(NodeSettings.Sandbox, builder.Environment.IsDevelopment() && BuiltIn.Sandbox is not null);
        if (sandbox && BuiltIn.Sandbox is null)
            throw new InvalidSettingException(
                [$"{NodeSettings.Sandbox.Name} is true; allowed is false, for this program was built without the sandbox."]);
        if (!sandbox && Flag(NodeSettings.DemoTown, false))
            throw new InvalidSettingException(
                [$"{NodeSettings.DemoTown.Name} is true; allowed is false where {NodeSettings.Sandbox.Name} is: its people, banks and money are made up."]);
        List<string> contradictions =
            [.. MailSettings.Contradictions(configuration, sandbox), .. TelephoneSettings.Contradictions(configuration, sandbox)];
        if (contradictions.Count > 0)
            throw new InvalidSettingException(contradictions);
        var programme = ReachedAt(
            Text(NodeSettings.Urls), ReadProgramme(Path.Combine(builder.Environment.ContentRootPath, "programme.json")));
        return new Settings(
            DatabaseAt(Text(NodeSettings.Database)),
            sandbox,
            Flag(NodeSettings.DemoTown, sandbox),
            Ms(NodeSettings.LeaveMs),
            Ms(NodeSettings.ListsWaitMs),
            Ms(NodeSettings.PaymentsWaitMs),
            programme,
            Session.Proxies.Read(NodeSettings.Given(configuration, NodeSettings.Proxies))!,
            Number(NodeSettings.FormsAtOnce),
            Number(NodeSettings.FormsPerSecond),
            Number(NodeSettings.RefusalsAtOnce),
            Number(NodeSettings.RefusalsPerMinute))
        {
            MostStreams = Number(NodeSettings.MostStreams),
            Mail = MailSettings.Read(configuration, programme),
            Telephone = TelephoneSettings.Read(configuration),
            ReportKeys = TelephoneSettings.ReadKeys(configuration),
            IdentityReportKeys = IdentitySettings.ReadKeys(configuration),
            Machine = Number(NodeSettings.ClockAheadMs) is not 0 and var ahead ? new WrongClock(TimeSpan.FromMilliseconds(ahead))
                : TimeProvider.System,
        };
    }

    /// <summary>
    /// How the product is reached by whoever asks: where people try it that is the address they see (a phone on the same network sees
    /// another one than the machine itself); for members it is the programme's own, whatever a request says.
    /// </summary>
    public string OriginFor(HttpRequest request) => Sandbox ? $"{request.Scheme}://{request.Host}" : Programme.Origin;

    /// <summary>
    /// The folder with the pages' files, appsettings.json and programme.json: beside the program wherever it is started from; for one that
    /// was built in the repository its project's. Null when the arguments or the environment name another, or there is none.
    /// </summary>
    public static string? Home(string[] args)
    {
        if (args.Any(a => a.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase))
            || Environment.GetEnvironmentVariable("ASPNETCORE_CONTENTROOT") is { Length: > 0 })
            return null;
        static bool HasFiles(DirectoryInfo folder) => Directory.Exists(Path.Combine(folder.FullName, "wwwroot"));
        var program = new DirectoryInfo(AppContext.BaseDirectory);
        for (var folder = program; folder is not null; folder = folder.Parent)
            if (HasFiles(folder) && (folder == program || File.Exists(Path.Combine(folder.FullName, "Ensen.Web.csproj"))))
                return folder.FullName;
        return null;
    }

    static Programme ReadProgramme(string path) => File.Exists(path) ? Programme.Read(File.ReadAllText(path)) : new Programme();

    /// <summary>
    /// A programme that does not say where it is on the web is where the node listens: the links of its mails then open. A node that
    /// listens everywhere is reached under the machine's own address in its network.
    /// </summary>
    public static Programme ReachedAt(string urls, Programme programme)
    {
        if (programme.Origin != Programme.DefaultOrigin
            || urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is not [var first, ..])
            return programme;
        var listens = BindingAddress.Parse(first);
        if (listens.Port == 0 || listens.IsUnixPipe || listens.IsNamedPipe)
            return programme;
        var host = listens.Host is "*" or "+" or "0.0.0.0" or "[::]" ? OwnAddress() : listens.Host;
        return programme with { Origin = new UriBuilder(listens.Scheme, host, listens.Port).Uri.GetLeftPart(UriPartial.Authority) };
    }

    static string OwnAddress() =>
        (from card in NetworkInterface.GetAllNetworkInterfaces()
         where card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
         from address in card.GetIPProperties().UnicastAddresses
         where address.Address.AddressFamily == AddressFamily.InterNetwork
         select address.Address.ToString()).FirstOrDefault("localhost");

    static string DatabaseAt(string database)
    {
        const string sqlite = "sqlite:";
        return database.StartsWith(sqlite, StringComparison.Ordinal) ? sqlite + Rooted(database[sqlite.Length..]) : database;
    }

    /// <summary>A file that a person names: in the folder of the program's start if it is there, else from the repository's.</summary>
    public static string Located(string file) => File.Exists(file) ? file : Rooted(file);

    /// <summary>
    /// <c>dotnet run --project</c> starts in the project's folder; a relative path means the folder the person is in: the repository's.
    /// </summary>
    public static string Rooted(string path)
    {
        if (Path.IsPathRooted(path))
            return path;
        var here = new DirectoryInfo(Environment.CurrentDirectory);
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Ensen.slnx")))
            root = root.Parent;
        return Path.Combine((root ?? here).FullName, path);
    }
}
