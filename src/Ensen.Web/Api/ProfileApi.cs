using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>The member as they see themselves; the telephone is masked. <paramref name="Goal"/>: points, null for none.</summary>
sealed record ProfileAnswer(
    string MemberId, string Name, string? Email, bool EmailConfirmed, string? Telephone, bool TelephonePossessed, bool Verified,
    string Language, bool Newsletter, bool PostalMail, long? Goal)
{
    public static ProfileAnswer Of(Member m) => new(
        m.Id.ToString(), m.Name, m.Email, m.MailConfirmed, m.Telephone is { } number ? TelephoneNumber.Masked(number) : null,
        m.TelephonePossessedMs is not null, m.Verified, m.Language, m.Newsletter, m.PostalMail, m.Goal?.Value);
}

/// <summary>What is to be otherwise; what is left out stays.</summary>
sealed class ProfileBody
{
    public string? Language { get; set; }
    public bool? Newsletter { get; set; }
    public bool? PostalMail { get; set; }

    /// <summary>Points; null: no goal.</summary>
    [JsonConverter(typeof(WholeAmountOrNull))]
    public long? Goal
    {
        get;
        set => (field, ChangesGoal) = (value, true);
    }

    /// <summary>A goal stood in the body, be it null.</summary>
    [JsonIgnore]
    public bool ChangesGoal { get; private set; }
}

/// <summary>The member's own profile.</summary>
static class ProfileApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me", Read).Named("readProfile", "The member as they see themselves.")
            .RequireAuthorization(Policies.Member).Produces<ProfileAnswer>();
        api.MapPatch("/me", Change)
            .Named("changeProfile",
                "Changes language, goal and which news the member gets; what is left out stays. What is told for safety is sent whatever it says.")
            .RequireAuthorization(Policies.Member).Produces<ProfileAnswer>().Refuses(400);
    }

    static async Task<IResult> Read(HttpContext context, MemberDirectory directory, CancellationToken ct) =>
        await directory.Find(context.MemberId(), ct) is { } member ? Results.Ok(ProfileAnswer.Of(member)) : new Problem("not_found");

    static async Task<IResult> Change(HttpContext context, Body<ProfileBody> body, ChangeProfile change, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await change.Run(
            new ChangeProfileRequest(context.MemberId(), asked.Language, asked.Newsletter, asked.PostalMail,
                asked.ChangesGoal ? new GoalChange(asked.Goal) : null), ct);
        return answer.Accepted ? Results.Ok(ProfileAnswer.Of(answer.Value))
            : answer.Refusal == ChangeProfileRefusal.InvalidRequest ? Problem.Invalid("language")
            : Problem.Of(answer.Refusal);
    }
}
