using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
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

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 4,
}

/// <summary>
/// Keeps the catalogue: fewer pieces of a reward, or none any more, is for one operator. What was ordered stays as it was ordered. What an
/// operator does of it stands in the log; nobody is one where the sandbox fills its own.
/// </summary>
public sealed class KeepRewards(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    const int LongestTitle = 60;
    const long Most = 1_000_000;

    /// <summary>
    /// Makes one where nobody has to ask: in the sandbox and the demo town. Operators propose (<see cref="ProposeReward"/>).
    /// </summary>
    public async Task<Answer<Reward, KeepRewardsRefusal>> Make(NewReward asked, CancellationToken ct = default)
    {
        var now = clock.Now();
        if (Decide(asked, JapanDay.Of(now)) is not KeepRewardsRefusal.None and var refusal) return refusal;
        return await db.Transact(tx => Insert(tx, asked, Id.New<RewardId>(now), now), ct);
    }

    internal static async Task<Reward> Insert(DbTransaction tx, NewReward asked, RewardId id, DateTimeOffset now)
    {
        var reward = new Reward(id, asked.Title.Trim(), asked.EnglishTitle.Trim(), new PointAmount(asked.Points),
            new Yen(asked.Yen), new Yen(asked.WorthYen), asked.Stock, asked.UseOn, Ended: false);
        await tx.Connection!.ExecuteAsync(
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
            }, tx);
        return reward;
    }

    /// <summary>So many pieces more, or fewer; false when it is offered no more, or fewer would be left than none.</summary>
    internal static async Task<bool> AddPieces(DbTransaction tx, RewardId id, long pieces) => await tx.Connection!.ExecuteAsync(
        """
        update reward
        set stock = stock + @pieces, made = made + @pieces
        where id = @id and ended_ms is null and stock + @pieces >= 0
        """,
        new { id, pieces }, tx) == 1;

    /// <summary>So many pieces fewer, not fewer than none are left; more where no operator asks, who needs a second one for that.</summary>
    public async Task<Answer<Reward, KeepRewardsRefusal>> ChangeStock(
        RewardId id, long pieces, ActingOperator? by = null, CancellationToken ct = default)
    {
        if (await Acting(by, ct) is not { Allowed: true } who || by is not null && pieces > 0) return KeepRewardsRefusal.Forbidden;
        if (pieces is 0 or < -Most or > Most) return KeepRewardsRefusal.InvalidAmount;
        var changed = await db.Transact(async tx =>
        {
            if (!await AddPieces(tx, id, pieces))
                return false;
            await Log(tx, who, by, id, FormattableString.Invariant($"stock {pieces:+0;-0}"));
            return true;
        }, ct);
        return await After(id, changed ? KeepRewardsRefusal.None : KeepRewardsRefusal.InvalidAmount, ct);
    }

    public async Task<Answer<Reward, KeepRewardsRefusal>> End(RewardId id, ActingOperator? by = null, CancellationToken ct = default)
    {
        if (await Acting(by, ct) is not { Allowed: true } who) return KeepRewardsRefusal.Forbidden;
        await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync("update reward set ended_ms = @now where id = @id and ended_ms is null",
                new { id, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx) == 1)
                await Log(tx, who, by, id, "ended");
        }, ct);
        return await After(id, KeepRewardsRefusal.None, ct);
    }

    async Task<Answer<Reward, KeepRewardsRefusal>> After(RewardId id, KeepRewardsRefusal refusal, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await RewardCatalogue.Find(connection, id) is not { } reward) return KeepRewardsRefusal.NotFound;
        return refusal == KeepRewardsRefusal.None ? reward : refusal;
    }

    async Task<(bool Allowed, Operator? Who)?> Acting(ActingOperator? by, CancellationToken ct) =>
        by is not { } acting ? (true, null)
        : await operators.Acting(acting, OperatorRoles.Corrections, ct) is { } who ? (true, who)
        : null;

    Task Log(DbTransaction tx, (bool Allowed, Operator? Who) who, ActingOperator? by, RewardId reward, string what) =>
        who.Who is { } person && by is { } acting
            ? log.Append(tx, OperatorAct.KeptReward, person, acting, reward.ToString(), null, what) : Task.CompletedTask;

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static KeepRewardsRefusal Decide(NewReward asked, JapanDay today)
    {
        if (!IsTitle(asked.Title) || !IsTitle(asked.EnglishTitle) || asked.UseOn <= today) return KeepRewardsRefusal.InvalidRequest;
        return asked is { Points: >= 1 and <= Most, Yen: >= 0 and <= Most, WorthYen: >= 0 and <= 10 * Most, Stock: >= 0 and <= Most }
            ? KeepRewardsRefusal.None : KeepRewardsRefusal.InvalidAmount;
    }

    static bool IsTitle(string title) => title.Trim().Length > 0 && NoteText.IsFine(title, LongestTitle);
}
