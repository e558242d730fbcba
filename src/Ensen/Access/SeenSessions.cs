using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>A session was used at this instant, and lives until that one (null: for ever).</summary>
sealed record SeenSession(byte[] Hash, long SeenMs, long? ExpiresMs);

/// <summary>
/// Notes which sessions are in use, once a second for all of them together: no request waits for it. What is lost with the node is
/// noted the next time the session is used.
/// </summary>
sealed class SeenSessions(Database db)
{
    const int MostAtOnce = 10_000;
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    readonly ConcurrentQueue<SeenSession> _noted = new();
    int _writing;

    public void Note(SeenSession seen)
    {
        _noted.Enqueue(seen);
        if (Interlocked.Exchange(ref _writing, 1) == 0)
            _ = Task.Run(Write);
    }

    async Task Write()
    {
        try
        {
            do
            {
                await Task.Delay(s_every);
                var some = new List<SeenSession>();
                while (some.Count < MostAtOnce && _noted.TryDequeue(out var seen))
                    some.Add(seen);
                foreach (var few in some.Chunk(500))
                    await db.Transact(tx => tx.Connection!.ExecuteAsync(
                        """
                        update session
                        set seen_ms = @SeenMs, expires_ms = @ExpiresMs
                        where token_hash = @Hash and ended_ms is null
                        """,
                        few, tx));
            }
            while (!_noted.IsEmpty);
        }
        catch (Exception e) when (TransientFailure.IsInBackground(e) || e is ObjectDisposedException)
        {
            // The database is away, or the node stops: who is in use still will be noted again. Should it be anything else, too, and
            // somebody may hear of it.
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
