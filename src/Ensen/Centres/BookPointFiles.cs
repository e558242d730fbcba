using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Centres;

/// <summary>How far a file is.</summary>
public enum PointFileState : short
{
    Accepted = 1,
    Refused = 2,
    Booked = 3,
}

/// <summary>A line of an accepted file as it waits to be booked.</summary>
sealed record BookedLine(int Line, MemberId MemberId, ShownVia Via, Yen Amount, string Receipt);

/// <summary>
/// Books the lines of accepted files. Its receipt makes each line one award, so whoever begins again after a crash books what is left: the
/// request that brought the file, a repeat of it, or the job.
/// </summary>
public sealed class BookPointFiles(Database db, AwardPoints award, TimeProvider clock)
{
    /// <summary>So many lines are with the ledger at once: batches are full, and nobody else waits long.</summary>
    const int AtOnce = 512;
    const int MostFiles = 100;

    /// <summary>Books every file that is not done.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        List<PointFileId> files;
        await using (var connection = await db.Connect(ct))
            files = (await connection.QueryAsync<PointFileId>(
                "select id from point_file where state = @accepted order by id limit @MostFiles",
                new { accepted = (short)PointFileState.Accepted, MostFiles })).AsList();
        foreach (var file in files)
            await Book(file, ct);
    }

    /// <summary>Books what is left of a file; nothing when it is done, or was refused.</summary>
    public async Task Book(PointFileId file, CancellationToken ct = default)
    {
        (CentreId Centre, PointTillId Till, string? Content)? found;
        await using (var connection = await db.Connect(ct))
            found = await connection.QuerySingleOrDefaultAsync<(CentreId, PointTillId, string?)?>(
                "select centre_id, till_id, content from point_file where id = @file and state = @accepted",
                new { file, accepted = (short)PointFileState.Accepted });
        if (found is not { Content: { } content } row) return;
        var (failed, underWay) = (new List<PointFileRefusal>(), new Queue<(int Line, Task<PointFileFault> Fault)>());
        foreach (var line in JsonSerializer.Deserialize(content, PointFileJson.Default.ListBookedLine)!)
        {
            if (underWay.Count == AtOnce)
                await End(underWay.Dequeue());
            var request = new AwardRequest(row.Centre, row.Till, "", line.Amount, line.Receipt, []) { IsPatient = true };
            underWay.Enqueue((line.Line, award.Book(request, new Shown(line.MemberId, line.Via), ct)));
        }
        while (underWay.TryDequeue(out var last))
            await End(last);

        async Task End((int Line, Task<PointFileFault> Fault) booked)
        {
            if (await booked.Fault is not PointFileFault.None and var fault)
                failed.Add(new PointFileRefusal(booked.Line, fault));
        }
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            update point_file
            set state = @booked, content = null, refused = @refused, booked_ms = @now
            where id = @file and state = @accepted
            """,
            new
            {
                file,
                accepted = (short)PointFileState.Accepted,
                booked = (short)PointFileState.Booked,
                refused = JsonSerializer.Serialize([.. failed.OrderBy(f => f.Line)], PointFileJson.Default.ListPointFileRefusal),
                now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }, tx), ct);
    }
}

/// <summary>How lines of files are kept.</summary>
[JsonSerializable(typeof(List<BookedLine>))]
[JsonSerializable(typeof(List<PointFileRefusal>))]
sealed partial class PointFileJson : JsonSerializerContext;
