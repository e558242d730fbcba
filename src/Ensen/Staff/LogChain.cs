using System.Data.Common;
using Dapper;

namespace Ensen.Staff;

/// <summary>
/// A log that is a chain: rows are only added, numbered from 1 without a gap, each with the hash of the one before and its own over all of
/// its values. Where the chain ends stands in a row of its own, the head, which whoever adds a row changes first, so that rows follow each
/// other. Operators have one such log, and each merchant has one.
/// </summary>
/// <param name="Head">The table of heads.</param>
/// <param name="Owner">The column that says whose log it is.</param>
/// <param name="Number">The column with the last row's number.</param>
sealed record LogChain(string Head, string Owner, string Number)
{
    public static LogChain OfOperators { get; } = new("operator_log_head", "id", "number");

    public static LogChain OfMerchants { get; } = new("shop_turn", "merchant", "last");

    /// <summary>What the first row names as the one before it.</summary>
    public static byte[] Beginning => new byte[32];

    /// <summary>
    /// The number of the row that comes next, and the hash of the one before. From here until the commit everybody else who adds one to
    /// this log waits.
    /// </summary>
    public async Task<(long Number, byte[] Previous)> Next<T>(DbTransaction tx, T owner)
    {
        var (number, before) = await tx.Connection!.QuerySingleAsync<(long, byte[]?)>(
            $"""
            insert into {Head} ({Owner}, {Number})
            values (@owner, 1)
            on conflict ({Owner}) do update set {Number} = {Head}.{Number} + 1
            returning {Number}, hash
            """, new { owner }, tx);
        return (number, before ?? Beginning);
    }

    /// <summary>The row has been added, and is the last.</summary>
    public Task Added<T>(DbTransaction tx, T owner, byte[] hash) => tx.Connection!.ExecuteAsync(
        $"update {Head} set hash = @hash where {Owner} = @owner", new { owner, hash }, tx);
}

/// <summary>One row of such a log as <c>verify</c> holds it to what it says.</summary>
/// <param name="Made">The hash that the row's own values make.</param>
readonly record struct LinkedRow(long Number, byte[] Previous, byte[] Hash, byte[] Made);

/// <summary>Where a log ends, as its head says; 0 and nothing where it has none.</summary>
readonly record struct LogEnd(long Number, byte[] Hash)
{
    public static LogEnd None { get; } = new(0, []);

    public static LogEnd Of((long Number, byte[]? Hash)? head) => head is { } row ? new(row.Number, row.Hash ?? []) : None;
}

/// <summary>Walks one log, row after row, and says what is not as it was written.</summary>
/// <param name="name">What people call the log.</param>
/// <param name="before">Where it ended when the walk began.</param>
sealed class LogWalk(string name, LogEnd before, IReadOnlyList<LogHead> kept)
{
    readonly List<string> _broken = [];
    long _number;
    byte[] _previous = LogChain.Beginning;

    public IReadOnlyList<string> Broken => _broken;

    public void Pass(LinkedRow row)
    {
        if (row.Number != _number + 1)
            _broken.Add(row.Number == _number + 2 ? $"row {_number + 1} of {name} is not there"
                : $"rows {_number + 1} to {row.Number - 1} of {name} are not there");
        else if (!row.Previous.AsSpan().SequenceEqual(_previous))
            _broken.Add(_number == 0 ? $"row 1 of {name} names a row before it"
                : $"row {_number} of {name} is not the one that row {row.Number} names");
        if (!row.Made.AsSpan().SequenceEqual(row.Hash))
            _broken.Add($"row {row.Number} of {name} is not as it was written");
        if (kept.FirstOrDefault(k => k.Number == row.Number) is { } anchor && anchor.Hash != Convert.ToHexStringLower(row.Hash))
            _broken.Add($"row {row.Number} of {name} is another than the one that was kept");
        if (row.Number == before.Number && !row.Hash.AsSpan().SequenceEqual(before.Hash))
            _broken.Add($"row {row.Number} of {name} is another than its head says");
        (_number, _previous) = (row.Number, row.Hash);
    }

    /// <summary>
    /// Rows may be added meanwhile: the log ends where its head said before, or later, and not beyond where the head says
    /// <paramref name="after"/>.
    /// </summary>
    public void End(LogEnd after)
    {
        if (_number < before.Number || _number > after.Number)
            _broken.Add($"{name} ends with row {_number}, and its head says row {(_number < before.Number ? before.Number : after.Number)}");
        _broken.AddRange(kept.Where(k => k.Number > _number).Select(k => $"row {k.Number} of {name} was kept, and is not there"));
    }
}
