using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Ensen.Tests.Formats;

/// <summary>
/// Somebody else's readers and verifiers: programs in tests/judges (npm) and zbar. A judge that is missing fails the test; it never skips
/// it.
/// </summary>
internal static class Judges
{
    private static readonly string Root = FindRoot();

    public static string Vectors(string name) => File.ReadAllText(Path.Combine(Root, "tests", "vectors", name));

    /// <summary>What jsQR reads in a picture; null for nothing.</summary>
    public static string? JsQr(Picture picture) => Ask<string?>("read-qr.mjs", picture.Pgm());

    /// <summary>What zbar reads in a picture; null for nothing.</summary>
    public static string? Zbar(Picture picture) => Zbar(picture.Pgm(), "--oneshot") is { Length: > 0 } read ? read : null;

    /// <summary>Each code that zbar reads in a picture.</summary>
    public static IReadOnlyList<string> ZbarAll(byte[] pgm) => Zbar(pgm).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The pages of a PDF as PDFium draws them: their size in millimetres, and a picture of each.</summary>
    public static IReadOnlyList<PrintedPage> Pages(byte[] pdf) => Ask<PrintedPage[]>("pdf-pages.mjs", pdf);

    private static string Zbar(byte[] pgm, params string[] more)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ensen-{Guid.NewGuid():N}.pgm");
        File.WriteAllBytes(path, pgm);
        try
        {
            var (status, output, errors) = Run("zbarimg", ["--quiet", "--raw", .. more, path], [],
                "install the Debian package zbar-tools");
            status.ShouldBeOneOf([0, 4], errors);   // 4: nothing was found
            return output.TrimEnd('\n');
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What a program of tests/judges answers.</summary>
    public static TAnswer Ask<TAnswer>(string program, object question) =>
        Ask<TAnswer>(program, JsonSerializer.SerializeToUtf8Bytes(question));

    private static TAnswer Ask<TAnswer>(string program, byte[] input)
    {
        var folder = Path.Combine(Root, "tests", "judges");
        Directory.Exists(Path.Combine(folder, "node_modules")).ShouldBeTrue(
            "the outside judges are not installed: run 'npm ci' in tests/judges");
        var (status, output, errors) = Run("node", [Path.Combine(folder, program)], input, "install Node.js");
        status.ShouldBe(0, errors);
        return JsonSerializer.Deserialize<TAnswer>(output, JsonSerializerOptions.Web)!;
    }

    private static (int Status, string Output, string Errors) Run(string program, string[] arguments, byte[] input, string whenMissing)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"the outside judge {program} cannot be started ({e.Message}): {whenMissing}", e);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ensen.slnx")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}

/// <summary>A page on paper, in millimetres, as a binary PGM.</summary>
internal sealed record PrintedPage(double Width, double Height, byte[] Pgm);
