using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What a member wants to be otherwise about themselves; null: as it is.</summary>
/// <param name="Goal">The points they collect towards; <see cref="GoalChange.None"/>: no goal.</param>
public sealed record ChangeProfileRequest(
    MemberId Member, string? Language = null, bool? Newsletter = null, bool? PostalMail = null, GoalChange? Goal = null);

/// <summary>A goal of so many points, or none.</summary>
public readonly record struct GoalChange(long? Points)
{
    /// <summary>No reward costs more.</summary>
    public const long Most = 1_000_000;

    public static GoalChange None => new(null);

    public bool IsOne => Points is null or (>= 1 and <= Most);
}

/// <summary>Why a profile stays as it is.</summary>
public enum ChangeProfileRefusal
{
    None = 0,

    /// <summary>There is no such language.</summary>
    InvalidRequest = 1,

    /// <summary>The goal is no number of points that somebody collects.</summary>
    InvalidAmount = 2,
}

/// <summary>Changes a member's language, goal, and which news they get. What is told for safety is sent whatever they choose.</summary>
public sealed class ChangeProfile(Database db, MemberDirectory members)
{
    public async Task<Answer<Member, ChangeProfileRefusal>> Run(ChangeProfileRequest request, CancellationToken ct = default)
    {
        if (request.Language is { } language && Languages.Find(language) is null)
            return ChangeProfileRefusal.InvalidRequest;
        if (request.Goal is { IsOne: false })
            return ChangeProfileRefusal.InvalidAmount;
        await db.Transact(async tx =>
        {
            await members.Changing(tx, request.Member);
            await tx.Connection!.ExecuteAsync(
                """
                update member
                set language = coalesce(@Language, language), newsletter = coalesce(@Newsletter, newsletter),
                    postal_mail = coalesce(@PostalMail, postal_mail),
                    goal_points = case when @changesGoal then cast(@points as bigint) else goal_points end
                where id = @Member
                """,
                new
                {
                    request.Member,
                    request.Language,
                    request.Newsletter,
                    request.PostalMail,
                    changesGoal = request.Goal is not null,
                    points = request.Goal?.Points,
                }, tx);
        }, ct);
        members.Changed(request.Member);
        return await members.Find(request.Member, ct) ?? throw new ArgumentException("There is no such member.", nameof(request));
    }
}
