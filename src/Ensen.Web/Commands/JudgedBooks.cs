using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>The database that a command looks at. What is judged is not changed, also not brought up to date.</summary>
static class JudgedBooks
{
    /// <summary>Throws <see cref="NotAskedException"/> when there is none, or its schema is not this program's.</summary>
    public static async Task<Database> Open(string address, string command)
    {
        const string sqlite = "sqlite:";
        // Nor an empty one made on the spot.
        if (address.StartsWith(sqlite, StringComparison.Ordinal) && !File.Exists(address[sqlite.Length..]))
            throw new NotAskedException($"There is no database at {address}.");
        var db = Composition.OpenDatabase(address, toRead: true);
        try
        {
            return Misfit(await db.CompareSchema(), command) is { } misfit ? throw new NotAskedException(misfit) : db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is to be done first when the schema is not this program's; null when it is.</summary>
    static string? Misfit(SchemaFit fit, string command) =>
        fit.IsEmpty ? "This database has no books: it is another one, or new. 'migrate' makes their tables."
        : fit.Unknown.Count > 0
            ? $"This database is newer than this program, which does not know {string.Join(", ", fit.Unknown)}: use the newer program for {command}."
        : fit.Missing.Count > 0
            ? $"This database is older than this program, it lacks {string.Join(", ", fit.Missing)}; and {command} does not bring it up to date, "
            + "for what it looks at is to stay as it is. Use the program that wrote it, or run 'migrate' first (if it is the only backup: on a copy)."
        : null;
}
