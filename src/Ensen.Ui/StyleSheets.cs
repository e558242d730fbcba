using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Ensen.Ui;

/// <summary>
/// Files of pages, of which a style sheet that only imports others (<c>@import "theme.css";</c>) is sent as one file: an area is a file to
/// whoever writes styles, and all of them are one request to a phone. Comments and indentation stay at home.
/// </summary>
sealed partial class StyleSheets(IFileProvider files) : IFileProvider
{
    public IFileInfo GetFileInfo(string subpath) =>
        files.GetFileInfo(subpath) is { Exists: true, IsDirectory: false } file && subpath.EndsWith(".css", StringComparison.Ordinal)
            && Imports().Matches(Text(file)) is { Count: > 0 } imports
                ? Joined(file, subpath[..(subpath.LastIndexOf('/') + 1)], imports)
                : files.GetFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => files.Watch(filter);

    JoinedFile Joined(IFileInfo sheet, string folder, MatchCollection imports)
    {
        var (all, changed) = (new StringBuilder(), sheet.LastModified);
        foreach (Match import in imports)
        {
            var part = files.GetFileInfo(folder + import.Groups[1].Value);
            // One that is missing is an exception: the page would come without it.
            all.Append(Indentation().Replace(Comments().Replace(Text(part), ""), ""));
            changed = part.LastModified > changed ? part.LastModified : changed;
        }
        return new JoinedFile(sheet.Name, changed, Encoding.UTF8.GetBytes(all.ToString()));
    }

    static string Text(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""^@import "([\w.-]+)";""", RegexOptions.Multiline)]
    private static partial Regex Imports();

    [GeneratedRegex(@"/\*[\s\S]*?\*/\s*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"^[ \t]+", RegexOptions.Multiline)]
    private static partial Regex Indentation();

    sealed class JoinedFile(string name, DateTimeOffset changed, byte[] bytes) : IFileInfo
    {
        public bool Exists => true;
        public bool IsDirectory => false;
        public DateTimeOffset LastModified => changed;
        public long Length => bytes.Length;
        public string Name => name;
        public string? PhysicalPath => null;
        public Stream CreateReadStream() => new MemoryStream(bytes, writable: false);
    }
}
