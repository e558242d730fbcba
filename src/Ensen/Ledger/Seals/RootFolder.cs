using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>A day's root as somebody outside the database has it.</summary>
public sealed record PublishedRoot(JapanDay Day, string Hex)
{
    /// <summary>Reads <c>2026-11-21=64 hexadecimal digits</c> (or with a space between); null when it is not of that form.</summary>
    public static PublishedRoot? Read(string text) =>
        text.Trim().Split(['=', ' '], StringSplitOptions.RemoveEmptyEntries) is [var day, var hex]
        && DateOnly.TryParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.None, out var date)
        && hex.Length == 2 * MerkleTree.HashLength && hex.All(char.IsAsciiHexDigit)
            ? new PublishedRoot(new JapanDay(date), hex.ToLowerInvariant())
            : null;

    public override string ToString() => $"{Day} {Hex}";
}

/// <summary>
/// A folder outside the database in which each closed day's root is kept as a small file, <c>2026-11-21.root</c>: on another disk, in
/// a repository, on a web site. A database that does not agree with it was put back to an older state, or its history was changed.
/// </summary>
public sealed class RootFolder(string? folder)
{
    const string Ending = ".root";
    const int Page = 1_000;

    JapanDay? _newest;

    /// <summary>
    /// The roots that are kept; none when there is no folder. Throws <see cref="RootsDifferException"/> for a file that is not as we wrote
    /// it.
    /// </summary>
    public IReadOnlyList<PublishedRoot> Read() =>
        folder is null || !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal).Select(file =>
                PublishedRoot.Read(File.ReadAllText(file)) is { } root && root.Day + Ending == Path.GetFileName(file)
                    ? root
                    : throw new RootsDifferException($"{file} does not hold the root of a day, as '2026-11-21 HEX'.")),
        ];

    /// <summary>Before anything is served: every kept root is in the database, and days that have no file yet get theirs.</summary>
    public async Task Begin(Database db, CancellationToken ct = default)
    {
        if (folder is null)
            return;
        var kept = Read();
        if (await DayChecks.Differ(db, kept, ct) is [{ } difference, ..])
            throw new RootsDifferException($"{difference} (kept in {folder}).");
        _newest = null;
        await Publish(db, ct);
    }

    /// <summary>Writes the days that were closed since the last time, whoever closed them.</summary>
    public async Task Publish(Database db, CancellationToken ct = default)
    {
        if (folder is null)
            return;
        await using var connection = await db.Connect(ct);
        while (await DayRoots.Since(connection, _newest?.Next ?? new JapanDay(new DateOnly(1, 1, 1)), Page) is { Count: > 0 } days)
            foreach (var day in days)
            {
                Write(day);
                _newest = day.Date;
            }
    }

    void Write(DayRoot day)
    {
        var file = Path.Combine(folder!, day.Date + Ending);
        if (File.Exists(file))
            return;
        try
        {
            Directory.CreateDirectory(folder!);
            var draft = file + "." + Guid.NewGuid().ToString("N");
            File.WriteAllText(draft, new PublishedRoot(day.Date, day.Hex) + "\n");
            File.Move(draft, file, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The root of {day.Date} cannot be kept: {e.Message}", e);
        }
    }
}

/// <summary>What is kept outside and what the database says are not the same; the message says which day.</summary>
public sealed class RootsDifferException(string message) : Exception(message);
