using Dapper;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>That members were told something by mail, and when: kept for as long as somebody may ask about it.</summary>
public sealed class ToldNotices(Database db, TimeProvider clock)
{
    static readonly TimeSpan s_kept = TimeSpan.FromDays(730);

    /// <summary>Forgets what was told two years ago. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = (clock.GetUtcNow() - s_kept).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from notice where at_ms < @old", new { old }, tx), ct);
    }
}
