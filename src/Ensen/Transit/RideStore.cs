using System.Data.Common;
using Ensen.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ensen.Transit;

/// <summary>Writes rides by the thousand, each once: as arrays on PostgreSQL, by one prepared statement on SQLite.</summary>
static class RideStore
{
    const string Columns = "month, card, id, day, from_station, to_station, fare, in_ms, out_ms, feed, line";

    /// <summary>Returns the fare as it is kept of each ride that was there already; new ones are not in it. No ride may be given
    /// twice.</summary>
    public static Task<Dictionary<Guid, long>> Insert(DbTransaction tx, RideFeedId feed, IReadOnlyList<Ride> rides,
        CancellationToken ct) => tx switch
        {
            NpgsqlTransaction postgres => Insert(postgres, feed, rides, ct),
            SqliteTransaction sqlite => Task.FromResult(Insert(sqlite, feed, rides)),
            _ => throw new NotSupportedException($"No rides in a {tx.GetType().Name}."),
        };

    static async Task<Dictionary<Guid, long>> Insert(NpgsqlTransaction tx, RideFeedId feed, IReadOnlyList<Ride> rides, CancellationToken ct)
    {
        var made = new HashSet<Guid>(rides.Count);
        await using (var insert = new NpgsqlCommand(
            $"""
            insert into ride ({Columns})
            select x.month, x.card, x.id, x.day, x.from_station, x.to_station, x.fare, x.in_ms, x.out_ms, $11, x.line
            from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
              $9::bigint[], $10::bigint[]) as x (month, card, id, day, from_station, to_station, fare, in_ms, out_ms, line)
            on conflict (month, card, id) do nothing
            returning id
            """, tx.Connection, tx))
        {
            void Give(object values) => insert.Parameters.Add(new NpgsqlParameter { Value = values });
            Give(rides.Select(r => r.Month).ToArray());
            Give(rides.Select(r => r.Card).ToArray());
            Give(rides.Select(r => r.Id).ToArray());
            Give(rides.Select(r => r.Day).ToArray());
            Give(rides.Select(r => r.FromStation).ToArray());
            Give(rides.Select(r => r.ToStation).ToArray());
            Give(rides.Select(r => r.Fare).ToArray());
            Give(rides.Select(r => r.InMs).ToArray());
            Give(rides.Select(r => r.OutMs).ToArray());
            Give(rides.Select(r => r.Line).ToArray());
            Give(feed.Value);
            await using var reader = await insert.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                made.Add(reader.GetGuid(0));
        }
        var there = rides.Where(r => !made.Contains(r.Id)).ToList();
        var fares = new Dictionary<Guid, long>(there.Count);
        if (there.Count == 0)
            return fares;
        await using var look = new NpgsqlCommand(
            """
            select r.id, r.fare
            from unnest($1::integer[], $2::uuid[], $3::uuid[]) as x (month, card, id)
            join ride r on r.month = x.month and r.card = x.card and r.id = x.id
            """, tx.Connection, tx);
        look.Parameters.Add(new NpgsqlParameter { Value = there.Select(r => r.Month).ToArray() });
        look.Parameters.Add(new NpgsqlParameter { Value = there.Select(r => r.Card).ToArray() });
        look.Parameters.Add(new NpgsqlParameter { Value = there.Select(r => r.Id).ToArray() });
        await using var found = await look.ExecuteReaderAsync(ct);
        while (await found.ReadAsync(ct))
            fares[found.GetGuid(0)] = found.GetInt64(1);
        return fares;
    }

    static Dictionary<Guid, long> Insert(SqliteTransaction tx, RideFeedId feed, IReadOnlyList<Ride> rides)
    {
        var fares = new Dictionary<Guid, long>();
        using var insert = new SqliteStatement(tx.Connection!,
            $"insert into ride ({Columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (month, card, id) do nothing");
        using var look = new SqliteStatement(tx.Connection!, "select fare from ride where month = ? and card = ? and id = ?");
        foreach (var ride in rides)
        {
            if (insert.With(ride.Month).With(ride.Card).With(ride.Id).With(ride.Day).With(ride.FromStation).With(ride.ToStation)
                .With(ride.Fare).With(ride.InMs).With(ride.OutMs).With(feed.Value).With(ride.Line).Run() > 0)
                continue;
            look.With(ride.Month).With(ride.Card).With(ride.Id);
            while (look.Read())
                fares[ride.Id] = look.Integer(0);
        }
        return fares;
    }
}
