using System.Buffers.Binary;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// The same file in another database, by a process that is killed again and again: in turn while it reads and while it posts, at a moment
/// that is drawn, until it has died so often of it: a moment that comes after the work was done is drawn once more, and earlier. Each time
/// it is started anew and given the whole file; the last one is left alone.
/// </summary>
/// <param name="spoiled">A row of the run that was killed is changed before the two are compared.</param>
sealed class RidesKilled(string address, string file, int writers, TimeSpan reads, TimeSpan posts, bool spoiled)
{
    public const string PartName = "rides-part";
    public const string Reading = "reading";
    public const string Posting = "posting";

    static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);

    readonly Random _random = new(10);

    /// <summary>True when it ended as the undisturbed run did.</summary>
    public async Task<bool> Run(MonthOfRides month, Database undisturbed, int kills, Report report, CancellationToken ct)
    {
        await using var db = Database.Open(address, Product.Catalogue);
        await db.Migrate(ct);
        await month.Link(db, ct);
        await using (var connection = await db.Connect(ct))
            await connection.ExecuteAsync("analyze", commandTimeout: 300, commandType: System.Data.CommandType.Text);
        var whole = Stopwatch.StartNew();
        var (whileReading, whilePosting) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
            _ = kill % 2 == 0
                ? whileReading += await Kill(Reading, reads, ct)
                : whilePosting += await Kill(Posting, posts, ct);
        await Start(null, TimeSpan.Zero, ct);
        if (spoiled)
            await Spoil(db);
        var (here, there) = (await Digest(db, ct), await Digest(undisturbed, ct));
        var same = here.SequenceEqual(there);
        var ends = same ? "alike" : "OTHERWISE: " + string.Join(", ", here.Except(there));
        report.With("killedWhileReading", whileReading).With("killedWhilePosting", whilePosting)
            .With("endsAlike", same, $"killed {whileReading} times while it read and {whilePosting} times while it posted, it ends {ends}")
            .Figure("killedSeconds", whole.Elapsed.TotalSeconds, "s with all its starts");
        return same && whileReading + whilePosting == kills;
    }

    /// <summary>
    /// Kills the process once while it does this: 1. What earlier runs read and posted makes a later one quicker, so each moment that came
    /// too late halves the time within which the next is drawn; 0 when that is no time any more.
    /// </summary>
    async Task<int> Kill(string doing, TimeSpan within, CancellationToken ct)
    {
        for (; within > s_shortest; within /= 2)
            if (await Start(doing, within * _random.NextDouble(), ct))
                return 1;
        return 0;
    }

    /// <summary>Takes a point from a card that has some: whether both runs ended alike has to notice.</summary>
    static async Task Spoil(Database db)
    {
        await using var connection = await db.Connect();
        await connection.ExecuteAsync(
            """
            update ride_points
            set points = points - 1
            where entry_id = (select entry_id from ride_points order by month, card, transit_card, number limit 1)
            """);
    }

    /// <summary>
    /// Starts the process, and kills it so long after it said that it begins with something; false when it was through before.
    /// </summary>
    async Task<bool> Start(string? killAt, TimeSpan after, CancellationToken ct)
    {
        var itself = Environment.ProcessPath!;
        var start = new ProcessStartInfo(itself) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(itself) == "dotnet")
            start.ArgumentList.Add(typeof(RidesKilled).Assembly.Location);
        string[] words =
            [PartName, "--database", address, "--file", file, "--writers", writers.ToString(CultureInfo.InvariantCulture)];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(ct) is { } said)
            if (said == killAt)
            {
                await Task.WhenAny(process.WaitForExitAsync(ct), Task.Delay(after, ct));
                var isAlive = !process.HasExited;
                process.Kill();
                await process.WaitForExitAsync(ct);
                return isAlive;
            }
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{PartName} ended with {process.ExitCode}.");
        return false;
    }

    /// <summary>
    /// What the end result is: each ride, what each card's month was given, each member's points, and the lines refused last.
    /// </summary>
    static async Task<IReadOnlyList<string>> Digest(Database db, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return
        [
            "rides " + await Of(connection, "select id, fare from ride order by month, card, id"),
            "points of cards " + await Of(connection,
                """
                select transit_card, cast(sum(points) as bigint)
                from ride_points
                group by month, transit_card
                order by transit_card, month
                """),
            "points of members " + await Of(connection,
                "select owner, balance from account where account_type = @type order by owner", new { type = Charged }),
            "postings " + await Of(connection,
                """
                select owner, cast(sum(amount) as bigint)
                from posting
                where account_type = @type
                group by owner
                order by owner
                """, new { type = Charged }),
            "refused " + await Of(connection,
                """
                select f.id, r.line
                from ride_refused r
                join (select id from ride_feed where ended_ms is not null order by at_ms desc, id desc limit 1) f on f.id = r.feed
                order by r.line
                """, withIds: false),
        ];
    }

    static short Charged => AccountType.ChargeOnlyPoints.Number;

    static async Task<string> Of(DbConnection connection, string sql, object? values = null, bool withIds = true)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (lines, bytes) = (0L, new byte[24]);
        await foreach (var (id, number) in connection.QueryUnbufferedAsync<(Guid, long)>(sql, values, commandTimeout: 600))
        {
            lines++;
            if (withIds)
                id.TryWriteBytes(bytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), number);
            hash.AppendData(bytes);
        }
        return FormattableString.Invariant($"{lines:N0} {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
    }
}
