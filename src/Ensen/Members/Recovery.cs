using Ensen.Basics;

namespace Ensen.Members;

/// <summary>What became of a recovery. The numbers are stored.</summary>
public enum RecoveryEnd
{
    /// <summary>The member has a new password; all else that they proved who they are by is gone.</summary>
    Used = 1,

    /// <summary>The member stopped it, by the mail's link or on a device.</summary>
    Stopped = 2,

    /// <summary>An operator withdrew it.</summary>
    Withdrawn = 3,

    /// <summary>Nobody approved it, or nobody used the link, in time.</summary>
    Lapsed = 4,

    /// <summary>Somebody was signed in as the member meanwhile: they have not lost everything.</summary>
    SignedIn = 5,
}

/// <summary>The way back of a member who has lost every way in, as two persons of the staff open it.</summary>
public sealed record Recovery
{
    internal const string Columns = """
        id, member, reason, telephone, proposed_by as ProposedBy, proposed_ms as ProposedMs, approved_by as ApprovedBy,
          approved_ms as ApprovedMs, warning, opens_ms as OpensMs, mailed_ms as MailedMs, link_until_ms as LinkUntilMs, ended_ms as EndedMs, how
        """;

    /// <summary>A proposal that nobody approves is one no more after this.</summary>
    public static TimeSpan ApprovedWithin { get; } = TimeSpan.FromDays(7);

    public RecoveryId Id { get; init; }
    public MemberId Member { get; init; }

    /// <summary>How the member showed who they are, in the first person's words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Another telephone that takes the place of the registered one; null: the registered one calls.</summary>
    public string? Telephone { get; init; }

    /// <summary>The person of who proposed it (<c>per_…</c>).</summary>
    public string ProposedBy { get; init; } = "";
    public long ProposedMs { get; init; }

    /// <summary>The person of who approved it; null while a second person is waited for.</summary>
    public string? ApprovedBy { get; init; }
    public long? ApprovedMs { get; init; }

    /// <summary>The mail by which the member was told, in the outbox.</summary>
    public Guid? Warning { get; init; }

    /// <summary>Not before then the link is mailed; null while a second person is waited for.</summary>
    public long? OpensMs { get; init; }
    public long? MailedMs { get; init; }
    public long? LinkUntilMs { get; init; }
    public long? EndedMs { get; init; }
    public RecoveryEnd? How { get; init; }

    public bool IsOpen => EndedMs is null;

    public bool IsApproved => ApprovedBy is not null;

    /// <summary>How long the member has to stop it, from when they were told.</summary>
    public TimeSpan Wait(MembershipRules rules) =>
        TimeSpan.FromHours(Telephone is null ? rules.RecoveryHours : rules.RecoveryTelephoneHours);
}
