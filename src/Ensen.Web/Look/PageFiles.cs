using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace Ensen.Web.Look;

/// <summary>
/// The files that pages are made of, under an address that changes with them: /v-1a2b3c4d/js/ensen.js may be kept for ever, and what it imports
/// lies under the same version. An address without a version is asked for again after some minutes.
/// </summary>
sealed class PageFiles
{
    const string Mark = "/v-";
    const string ForEver = "public, max-age=31536000, immutable";
    const string ForMinutes = "public, max-age=300";
    static readonly string[] s_folders = ["/js/", "/css/", "/vendor/", "/icon.svg"];

    readonly IWebHostEnvironment _host;
    volatile string _version;

    public PageFiles(IWebHostEnvironment host)
    {
        _host = host;
        _version = Hash();
        if (host.IsDevelopment())
            ChangeToken.OnChange(() => host.WebRootFileProvider.Watch("**/*"), () => _version = Hash());
    }

    /// <summary>Where a page finds a file now: <c>Of("js/ensen.js")</c>.</summary>
    public string Of(string path) => $"{Mark}{_version}/{path}";

    /// <summary>Takes the version off an address, so that the file behind it is found. What is no file of ours keeps its address, and is not there.</summary>
    public static Task Find(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(Mark, StringComparison.Ordinal) && path.IndexOf('/', Mark.Length) is > 0 and var end
            && s_folders.Any(folder => path.AsSpan(end).StartsWith(folder, StringComparison.Ordinal)))
        {
            context.Items[typeof(PageFiles)] = path[Mark.Length..end];
            context.Request.Path = path[end..];
        }
        return next(context);
    }

    /// <summary>How long a file may be kept. A node that is older or newer than the page gives what it has, and nobody keeps it.</summary>
    public string Keep(HttpContext context) => context.Items[typeof(PageFiles)] is string version
        ? version == _version ? ForEver : "no-store"
        : context.Request.Query.ContainsKey("v") ? ForEver : ForMinutes;

    string Hash()
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(_host.WebRootPath, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            all.AppendData(File.ReadAllBytes(path));
        return Convert.ToHexStringLower(all.GetHashAndReset().AsSpan(0, 5));
    }
}
