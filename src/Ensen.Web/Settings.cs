using Ensen.Basics;

namespace Ensen.Web;

/// <summary>How this node was started: <c>--database</c>, <c>ENSEN_DATABASE</c>, <c>Ensen:*</c> and <c>programme.json</c>.</summary>
sealed record Settings(string Database, bool Sandbox, bool DemoTown, int Writers, TimeSpan Leave, TimeSpan ListsWait, TimeSpan PaymentsWait, Programme Programme)
{
    const string DefaultUrl = "http://localhost:5080";

    public static Settings Read(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.IsNullOrEmpty(configuration["urls"]))
            builder.WebHost.UseUrls(DefaultUrl);
        var sandbox = configuration.GetValue("Ensen:Sandbox", builder.Environment.IsDevelopment());
        return new Settings(
            Located(configuration["database"] ?? configuration["ENSEN_DATABASE"] ?? "sqlite:data/ensen.db"),
            sandbox,
            configuration.GetValue("Ensen:DemoTown", sandbox),
            configuration.GetValue("Ensen:Writers", 2),
            TimeSpan.FromMilliseconds(configuration.GetValue("Ensen:LeaveMs", 1_000)),
            TimeSpan.FromMilliseconds(configuration.GetValue("Ensen:ListsWaitMs", 500)),
            TimeSpan.FromMilliseconds(configuration.GetValue("Ensen:PaymentsWaitMs", 2_000)),
            ReadProgramme(Path.Combine(builder.Environment.ContentRootPath, "programme.json")));
    }

    static Programme ReadProgramme(string path) => File.Exists(path) ? Programme.Read(File.ReadAllText(path)) : new Programme();

    /// <summary><c>dotnet run --project</c> starts in the project's folder; a relative path means the folder the person is in: the repository's.</summary>
    static string Located(string database)
    {
        const string sqlite = "sqlite:";
        if (!database.StartsWith(sqlite, StringComparison.Ordinal) || Path.IsPathRooted(database[sqlite.Length..]))
            return database;
        var here = new DirectoryInfo(Environment.CurrentDirectory);
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Ensen.slnx")))
            root = root.Parent;
        return sqlite + Path.Combine((root ?? here).FullName, database[sqlite.Length..]);
    }
}
