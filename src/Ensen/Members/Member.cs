using Ensen.Basics;

namespace Ensen.Members;

/// <summary>
/// A person with a wallet. What proves who they are (password hash, stamp) is not part of it: see <see cref="MemberProof"/>.
/// </summary>
public sealed record Member
{
    public MemberId Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>As typed; null after the address's owner released it.</summary>
    public string? Email { get; init; }

    /// <summary>In international form (+819012345678); null when none is registered.</summary>
    public string? Telephone { get; init; }

    /// <summary>When a call from the telephone last showed that the member has it; null when none did.</summary>
    public long? TelephonePossessedMs { get; init; }

    /// <summary>The person's identity was verified: full caps, bank charges, transfers.</summary>
    public bool Verified { get; init; }

    /// <summary>The day (yyyy-mm-dd) on which a verified minor comes of age; null for adults, and where nothing is verified.</summary>
    public string? AdultOn { get; init; }
    public bool MailConfirmed { get; init; }

    /// <summary>The tag of one of the <see cref="Languages"/>.</summary>
    public string Language { get; init; } = "";

    /// <summary>One of <see cref="Preferences.Themes"/>.</summary>
    public string Theme { get; init; } = "";
    public long CreatedMs { get; init; }

    /// <summary>News by mail. What is told for safety is sent whatever this says.</summary>
    public bool Newsletter { get; init; }

    /// <summary>News by post.</summary>
    public bool PostalMail { get; init; }

    /// <summary>How many points the member collects towards; null when they have no goal.</summary>
    public PointAmount? Goal { get; init; }

    /// <summary>When the member left the programme; then nothing else is known of them. Null for those who are members.</summary>
    public long? LeftMs { get; init; }

    public bool HasLeft => LeftMs is not null;

    /// <summary>Verified as somebody who is not of age yet: lower limits hold.</summary>
    public bool IsMinor(DateTimeOffset now) => AdultOn is { } day && JapanDay.Of(now) < JapanDay.Parse(day);
}
