namespace Ensen.Tests.Support;

/// <summary>Where this test program stands: the folders of the repository it was built from.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as this program itself was built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string WebFolder => Path.Combine(Root, "src", "Ensen.Web");

    public static string WebProgram => Path.Combine(WebFolder, "bin", Configuration, "net10.0", "Ensen.Web.dll");

    public static string Screens => Path.Combine(Root, "TestResults", "screens");

    public static string AxeScript => Path.Combine(Root, "tests", "Ensen.Browser", "node_modules", "axe-core", "axe.min.js");

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ensen.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                $"There is no Ensen.slnx above {AppContext.BaseDirectory}");
        return folder;
    }
}
