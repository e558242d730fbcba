using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ensen.Tests.Tidy;

/// <summary>
/// The text files of the repository, as a tidy rule reads them. A rule is a function of a tree, so that a test can also plant what it must
/// find.
/// </summary>
sealed record SourceTree(IReadOnlyList<SourceFile> Files)
{
    static readonly Lazy<SourceTree> s_repository = new(Read);

    static readonly string[] s_text =
        [".cs", ".razor", ".sql", ".md", ".json", ".js", ".css", ".resx", ".csproj", ".props", ".slnx", ".sh", ".yml", ".yaml", ".html",
            ".svg", ".mjs", ".txt", ""];

    public static SourceTree Repository => s_repository.Value;

    public static SourceTree Planted(string path, string text) => new([new SourceFile(path, text)]);

    public static SourceTree Planted(params (string Path, string Text)[] files) =>
        new([.. files.Select(f => new SourceFile(f.Path, f.Text))]);

    public IEnumerable<SourceFile> Under(string folder, params string[] endings) =>
        Files.Where(f => f.Path.StartsWith(folder, StringComparison.Ordinal) && (endings.Length == 0 || endings.Contains(f.Ending)));

    static SourceTree Read()
    {
        var root = Root();
        return new SourceTree([.. Paths(root)
            .Where(p => s_text.Contains(Path.GetExtension(p)) || Path.GetFileName(p).StartsWith('.'))
            .Where(p => File.Exists(Path.Combine(root, p)))
            .Select(p => new SourceFile(p, File.ReadAllText(Path.Combine(root, p))))]);
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ensen.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException(
                $"There is no Ensen.slnx above {AppContext.BaseDirectory}");
        return folder;
    }

    // What git knows or would add; in a copy without git, everything but what is built.
    static IEnumerable<string> Paths(string root)
    {
        var start = new ProcessStartInfo(
            "git", ["-C", root, "-c", "core.quotepath=off", "ls-files", "--cached", "--others", "--exclude-standard"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var listed = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            if (git.ExitCode == 0)
                return listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git on this machine.
        }

        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(root, p).Replace('\\', '/'))
            .Where(p => !p.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "TestResults" or "data" or ".git"));
    }
}

/// <summary>One file: its path from the root of the repository, and its text.</summary>
sealed partial record SourceFile(string Path, string Text)
{
    public string Ending => System.IO.Path.GetExtension(Path);
    public string Name => System.IO.Path.GetFileName(Path);
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>
    /// The folder below the project: <c>Wallet</c> for <c>src/Ensen/Wallet/Pay.cs</c>, empty for a file beside the project file.
    /// </summary>
    public string Module => Path.Split('/') is [_, _, var module, _, ..] ? module : "";

    /// <summary>C# without its comments and with every string empty.</summary>
    public string Code => Outside().Replace(Text, m => m.Value[0] == '/' ? " " : m.Value[0] == '\'' ? "' '" : "\"\"");

    // Strings raw, verbatim and plain; characters; comments.
    [GeneratedRegex(@"(""{3,})[\s\S]*?\1|\$?@\$?""(?:[^""]|"""")*""|""(?:\\.|[^""\\\n])*""|'(?:\\[^'\n]+|[^'\\\n])'|//[^\n]*|/\*[\s\S]*?\*/")]
    private static partial Regex Outside();
}
