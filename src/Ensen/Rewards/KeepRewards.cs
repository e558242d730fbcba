using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>A reward as it is to be offered; as <see cref="Reward"/>.</summary>
public sealed record NewReward(string Title, string EnglishTitle, long Points, long Yen, long WorthYen, long Stock, JapanDay? UseOn);

/// <summary>Why the catalogue stays as it is; the names are the contract's codes.</summary>
public enum KeepRewardsRefusal
{
    None = 0,

    /// <summary>A title is missing or cannot be kept, or the day is over.</summary>
    InvalidRequest = 1,

    /// <summary>A price, a worth or a stock that cannot be.</summary>
    InvalidAmount = 2,
    NotFound = 3,
}

/// <summary>Keeps the catalogue: makes a reward, changes its stock, offers it no more. What was ordered stays as it was ordered.</summary>
public sealed class KeepRewards(Database db, TimeProvider clock)
{
    const int LongestTitle = 60;
    const long Most = 1_000_000;

    public async Task<Answer<Reward, KeepRewardsRefusal>> Make(NewReward asked, CancellationToken ct = default)
    {
        if (Decide(asked, JapanDay.Of(clock.GetUtcNow())) is not KeepRewardsRefusal.None and var refusal) return refusal;
        var now = clock.GetUtcNow();
        var reward = new Reward(Id.New<RewardId>(now), asked.Title.Trim(), asked.EnglishTitle.Trim(), new PointAmount(asked.Points),
            new Yen(asked.Yen), new Yen(asked.WorthYen), asked.Stock, asked.UseOn, Ended: false);
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into reward (id, title, english_title, points, yen, worth_yen, made, stock, use_on, created_ms)
            values (@Id, @Title, @EnglishTitle, @points, @yen, @worth, @Stock, @Stock, @use, @at)
            """,
            new
            {
                reward.Id,
                reward.Title,
                reward.EnglishTitle,
                points = reward.Points.Value,
                yen = reward.Yen.Value,
                worth = reward.Worth.Value,
                reward.Stock,
                use = reward.UseOn?.Number,
                at = now.ToUnixTimeMilliseconds(),
            }, tx), ct);
        return reward;
    }

    /// <summary>So many pieces more, or fewer; not fewer than none are left.</summary>
    public async Task<Answer<Reward, KeepRewardsRefusal>> ChangeStock(RewardId id, long by, CancellationToken ct = default)
    {
        if (by is 0 or < -Most or > Most) return KeepRewardsRefusal.InvalidAmount;
        var changed = await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update reward set stock = stock + @by, made = made + @by where id = @id and ended_ms is null and stock + @by >= 0",
            new { id, by }, tx), ct);
        return await After(id, changed == 1 ? KeepRewardsRefusal.None : KeepRewardsRefusal.InvalidAmount, ct);
    }

    public async Task<Answer<Reward, KeepRewardsRefusal>> End(RewardId id, CancellationToken ct = default)
    {
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update reward set ended_ms = coalesce(ended_ms, @now) where id = @id",
            new { id, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);
        return await After(id, KeepRewardsRefusal.None, ct);
    }

    async Task<Answer<Reward, KeepRewardsRefusal>> After(RewardId id, KeepRewardsRefusal refusal, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await RewardCatalogue.Find(connection, id) is not { } reward) return KeepRewardsRefusal.NotFound;
        return refusal == KeepRewardsRefusal.None ? reward : refusal;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static KeepRewardsRefusal Decide(NewReward asked, JapanDay today)
    {
        if (!IsTitle(asked.Title) || !IsTitle(asked.EnglishTitle) || asked.UseOn <= today) return KeepRewardsRefusal.InvalidRequest;
        return asked is { Points: >= 1 and <= Most, Yen: >= 0 and <= Most, WorthYen: >= 0 and <= 10 * Most, Stock: >= 0 and <= Most }
            ? KeepRewardsRefusal.None : KeepRewardsRefusal.InvalidAmount;
    }

    static bool IsTitle(string title) => title.Trim().Length > 0 && NoteText.IsFine(title, LongestTitle);
}
