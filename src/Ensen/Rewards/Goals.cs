using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Rewards;

/// <summary>What a member collects points towards, and how far they are.</summary>
/// <param name="Title">The thing, as it was called when it was chosen, or the member's own word; empty for a number alone.</param>
/// <param name="Has">
/// Points that count: those that this very reward takes; where it is a number, those that pay at some store (docs/decisions/0032).
/// </param>
/// <param name="ForecastOn">The day on which they have enough, should they go on as in the last ninety days; null when nothing says.
/// </param>
public sealed record Goal(PointAmount Points, RewardId? Reward, string Title, PointAmount Has, JapanDay? ForecastOn)
{
    public bool Reached => Has >= Points;
    public PointAmount Missing => PointAmount.Max(PointAmount.Zero, Points - Has);

    /// <summary>The quarters that lie behind, in per cent: 0, 25, 50, 75 or 100.</summary>
    public int Milestone => (int)Math.Min(100, new Rate(4, Points.Value).Of(Has.Value, Rounding.Down) * 25);
}

/// <summary>Why a goal stays as it is; the names are the contract's codes.</summary>
public enum SetGoalRefusal
{
    None = 0,

    /// <summary>A number and a thing at once, neither, or a title that cannot be kept.</summary>
    InvalidRequest = 1,
    InvalidAmount = 2,

    /// <summary>There is no such reward.</summary>
    NotFound = 3,
}

/// <summary>
/// Goals: a real thing or a number. Nothing is lost by not reaching one, or by collecting nothing for a while; a milestone is said once.
/// </summary>
public sealed class Goals(
    Database db, MemberDirectory members, ChangeProfile profiles, RewardCatalogue rewards, PointsHeld held, PointUses uses,
    TimeProvider clock)
{
    const int RhythmDays = 90;
    const int LeastDays = 14;
    const int MostDaysAhead = 3_650;
    const int LongestTitle = 60;

    /// <summary>Null: the member has no goal.</summary>
    public async Task<Goal?> Of(MemberId id, CancellationToken ct = default)
    {
        if (await members.Find(id, ct) is not { Goal: { } points } member)
            return null;
        var goal = await Standing(id, points, ct);
        return goal with { ForecastOn = await Forecast(member, goal, clock.GetUtcNow(), ct) };
    }

    /// <summary>The same without a forecast, for which nobody adds up ninety days, of a member whose goal is known.</summary>
    public async Task<Goal> Standing(MemberId id, PointAmount points, CancellationToken ct = default)
    {
        var holds = await held.Of(id, ct);
        await using var connection = await db.Connect(ct);
        // A number that was changed elsewhere is a goal of its own: what stood beside the old one says nothing of it.
        var (reward, title) = await connection.QuerySingleOrDefaultAsync<(Guid? Reward, string? Title)>(
            "select reward, title from goal where member = @id and points = @points", new { id, points = points.Value });
        var thing = reward is { } of ? new RewardId(of) : (RewardId?)null;
        return new Goal(points, thing, title ?? "", Counting(holds, thing), null);
    }

    static PointAmount Counting(HeldPoints held, RewardId? reward) =>
        new(held.Lots.Where(l => Counts(l.Lot, reward, held.Uses)).Sum(l => l.Points.Value));

    /// <summary>Whether points of this lot bring a goal nearer.</summary>
    static bool Counts(Lot lot, RewardId? reward, PointUseTable uses) =>
        reward is { } thing ? uses.Allows(lot, SpendingPlace.Reward(thing)) : uses.IsForPayments(lot);

    /// <summary>A goal of so many points, or of what a reward costs now.</summary>
    public async Task<Answer<Goal, SetGoalRefusal>> Set(
        MemberId member, long? points, RewardId? reward, string? title, CancellationToken ct = default)
    {
        if (points.HasValue == reward.HasValue || title is { Length: 0 } || !NoteText.IsFine(title, LongestTitle))
            return SetGoalRefusal.InvalidRequest;
        var thing = reward is { } id ? await rewards.Find(id, ct) : null;
        if (reward is not null && thing is null or { Ended: true }) return SetGoalRefusal.NotFound;
        var price = thing?.Points.Value ?? points!.Value;
        if (price < 1 || !new GoalChange(price).IsOne) return SetGoalRefusal.InvalidAmount;

        var now = clock.GetUtcNow();
        var goal = new Goal(new PointAmount(price), reward, title ?? thing?.Title ?? "", Counting(await held.Of(member, ct), reward), null);
        // What lies behind already when a goal is set is no news.
        await Keep(member, goal, now, ct);
        if (!(await profiles.Run(new ChangeProfileRequest(member, Goal: new GoalChange(price)), ct)).Accepted)
            return SetGoalRefusal.InvalidAmount;
        return await Of(member, ct) ?? goal;
    }

    /// <summary>The member collects towards nothing in particular any more.</summary>
    public async Task TakeAway(MemberId member, CancellationToken ct = default) =>
        await profiles.Run(new ChangeProfileRequest(member, Goal: new GoalChange(null)), ct);

    /// <summary>The milestone that the member is to be told of now, in per cent: each once for a goal. Null: none.</summary>
    public async Task<int?> SayMilestone(MemberId member, Goal goal, CancellationToken ct = default)
    {
        if (goal.Milestone == 0)
            return null;
        var said = await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into goal (member, points, reward, title, said, set_ms)
            values (@member, @points, null, '', @milestone, @at)
            on conflict (member) do update
            set points = excluded.points, said = excluded.said,
                reward = case when goal.points = excluded.points then goal.reward end,
                title = case when goal.points = excluded.points then goal.title else '' end
            where goal.points <> excluded.points or goal.said < excluded.said
            """,
            new
            {
                member,
                points = goal.Points.Value,
                milestone = (short)goal.Milestone,
                at = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }, tx), ct);
        return said == 1 ? goal.Milestone : null;
    }

    Task Keep(MemberId member, Goal goal, DateTimeOffset now, CancellationToken ct) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        """
        insert into goal (member, points, reward, title, said, set_ms)
        values (@member, @points, @reward, @Title, @milestone, @at)
        on conflict (member) do update
        set points = excluded.points, reward = excluded.reward, title = excluded.title, said = excluded.said, set_ms = excluded.set_ms
        """,
        new
        {
            member,
            points = goal.Points.Value,
            reward = goal.Reward?.Value,
            goal.Title,
            milestone = (short)goal.Milestone,
            at = now.ToUnixTimeMilliseconds(),
        }, tx), ct);

    /// <summary>
    /// What came in lately of points that count for the goal, less what refunds took back, goes on as it was. What was given back or set
    /// right is nothing that came in.
    /// </summary>
    async Task<JapanDay?> Forecast(Member member, Goal goal, DateTimeOffset now, CancellationToken ct)
    {
        var today = JapanDay.Of(now);
        if (goal.Reached)
            return today;
        var days = Math.Clamp((now - Instant.OfMilliseconds(member.CreatedMs)).Days, LeastDays, RhythmDays);
        await using var connection = await db.Connect(ct);
        var cameIn = (await connection.QueryAsync<(short AccountType, int Term, long Points)>(
            $"""
            select p.account_type, p.term, cast(sum(p.amount) as bigint)
            from posting p
            join entry e on e.id = p.entry_id
            where p.owner = @Id
              and p.entry_id >= @from
              and p.account_type in ({string.Join(", ", Lots.Types.Select(t => t.Number))})
              and (p.amount > 0 and e.corrects is null or p.amount < 0 and e.kind = {EntryKind.Refund.Number})
            group by p.account_type, p.term
            """,
            new { member.Id, from = Basics.Id.First(now.AddDays(-days)) }))
            .Select(c => (Lot: Lot.Of(c.AccountType, c.Term)!.Value, c.Points)).ToList();
        var known = await uses.For(cameIn.Select(c => c.Lot), ct);
        var earned = cameIn.Where(c => Counts(c.Lot, goal.Reward, known)).Sum(c => c.Points);
        if (earned <= 0)
            return null;
        var ahead = new Rate(days, earned).Of(goal.Missing.Value, Rounding.Up);
        return ahead > MostDaysAhead ? null : new JapanDay(today.Date.AddDays((int)ahead));
    }
}
