using System.Globalization;
using System.Text.RegularExpressions;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>A numbered, forward-only change of a module's tables; each runs once, in one transaction.</summary>
/// <param name="Sql">One text for both engines; what stands in <c>/*sqlite: … */</c> is for SQLite alone.</param>
/// <param name="PostgresSql">Follows on PostgreSQL.</param>
public sealed record SchemaStep(int Number, string Name, string Sql, string? PostgresSql = null);

/// <summary>The tables of one module, in steps.</summary>
public sealed partial class Schema(string module, IReadOnlyList<SchemaStep> steps) : IDeclared
{
    const string Folder = "schema/";

    /// <summary>The module's name.</summary>
    public string Name { get; } = module;

    public IReadOnlyList<SchemaStep> Steps { get; } = steps;

    /// <summary>
    /// The files of the folder <c>Schema</c> beside a module's own: <c>1-members.sql</c>, and <c>1-members.postgres.sql</c> for what
    /// PostgreSQL needs beyond the text for both.
    /// </summary>
    public static Schema Of(Type moduleFile)
    {
        var module = moduleFile.Namespace![(moduleFile.Namespace!.LastIndexOf('.') + 1)..];
        var files = moduleFile.Assembly.GetManifestResourceNames().Select(n => FileName().Match(n)).Where(
            f => f.Success && f.Groups["module"].Value == module).ToList();
        string? Read(string number, bool postgres)
        {
            if (files.Find(f => f.Groups["number"].Value == number && f.Groups["postgres"].Success == postgres) is not { } file)
                return null;
            using var reader = new StreamReader(moduleFile.Assembly.GetManifestResourceStream(file.Value)!);
            return reader.ReadToEnd();
        }
        return new Schema(module,
        [
            .. from file in files
               where !file.Groups["postgres"].Success
               let number = file.Groups["number"].Value
               let value = int.Parse(number, CultureInfo.InvariantCulture)
               orderby value
               select new SchemaStep(value, file.Groups["name"].Value, Read(number, postgres: false)!, Read(number, postgres: true)),
        ]);
    }

    [GeneratedRegex($@"^{Folder}(?<module>\w+)/(Schema/)?(?<number>\d+)-(?<name>[a-z-]+)(?<postgres>\.postgres)?\.sql$")]
    private static partial Regex FileName();
}
