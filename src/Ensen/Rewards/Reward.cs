using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Rewards;

/// <summary>Something that points are exchanged for: a seat, a night, a meal.</summary>
/// <param name="Points">The price of one piece, with <paramref name="Yen"/> (0 as a rule).</param>
/// <param name="Worth">What one piece costs whoever pays in yen.</param>
/// <param name="Stock">Pieces that are left.</param>
/// <param name="UseOn">It is for this day, and sold until the day before; null: for whenever.</param>
public sealed record Reward(
    RewardId Id, string Title, string EnglishTitle, PointAmount Points, Yen Yen, Yen Worth, long Stock, JapanDay? UseOn, bool Ended)
{
    /// <summary>What one point is worth here, in tenths of a yen, rounded down: 18 is 1.8 yen.</summary>
    public long TenthsPerPoint => new Rate(10, Points.Value).Of(Math.Max(0, (Worth - Yen).Value), Rounding.Down);

    /// <summary>Whether it can be ordered on this day, be some left or not.</summary>
    public bool IsSoldOn(JapanDay day) => !Ended && (UseOn is not { } use || day < use);
}

/// <summary>The catalogue, as it is read.</summary>
public sealed class RewardCatalogue(Database db)
{
    const string Columns = "id, title, english_title, points, yen, worth_yen, stock, use_on, ended_ms";

    /// <summary>Everything that is offered, the cheapest first; at most 500.</summary>
    public async Task<IReadOnlyList<Reward>> Offered(JapanDay today, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>(
            $"""
            select {Columns}
            from reward
            where ended_ms is null
              and (use_on is null or use_on > @today)
            order by points, id
            limit 500
            """, new { today = today.Number })).Select(r => r.Reward)];
    }

    /// <summary>All there ever was, the newest first; at most 500.</summary>
    public async Task<IReadOnlyList<Reward>> All(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>($"select {Columns} from reward order by created_ms desc, id desc limit 500"))
            .Select(r => r.Reward)];
    }

    public async Task<Reward?> Find(RewardId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    internal static async Task<Reward?> Find(DbConnection connection, RewardId id, DbTransaction? tx = null) =>
        (await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from reward where id = @id", new { id }, tx))?.Reward;

    /// <summary>Takes pieces out of the stock, or puts them back; false when there are not so many.</summary>
    internal static async Task<bool> Take(DbTransaction tx, RewardId id, int pieces) =>
        await tx.Connection!.ExecuteAsync(
            "update reward set stock = stock - @pieces where id = @id and stock >= @pieces", new { id, pieces }, tx) == 1;

    sealed class Row
    {
        public RewardId Id { get; init; }
        public string Title { get; init; } = "";
        public string EnglishTitle { get; init; } = "";
        public long Points { get; init; }
        public long Yen { get; init; }
        public long WorthYen { get; init; }
        public long Stock { get; init; }
        public int? UseOn { get; init; }
        public long? EndedMs { get; init; }

        public Reward Reward => new(Id, Title, EnglishTitle, new PointAmount(Points), new Yen(Yen), new Yen(WorthYen), Stock,
            UseOn is { } day ? JapanDay.FromNumber(day) : null, EndedMs is not null);
    }
}
