using System.Globalization;
using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>One way to verify who a member is: by which code programs name it, and the day from which it is not taken any more.</summary>
/// <param name="EndsOn">A day (yyyy-mm-dd), or <c>never</c>.</param>
public sealed record IdentityMethodRules(string Code, string EndsOn)
{
    public const string Never = "never";

    /// <summary>Null: it does not end.</summary>
    [JsonIgnore]
    public JapanDay? End => EndsOn == Never ? null : JapanDay.Parse(EndsOn);

    public bool HasEnded(JapanDay today) => End is { } end && today >= end;

    public static bool IsDay(string text) =>
        text == Never || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}

/// <summary>How members are verified, for how long that counts, and how they link bank accounts.</summary>
public sealed record IdentityRules
{
    /// <summary>Pictures of a document and of the face, judged by two people. By law it ends on 1 April 2027.</summary>
    public IdentityMethodRules Image { get; init; } = new("image", "2027-04-01");

    /// <summary>The IC chip of a document, read by the member's telephone.</summary>
    public IdentityMethodRules IcChip { get; init; } = new("ic_chip", IdentityMethodRules.Never);

    /// <summary>The certificate of a My Number Card (Japanese Public Key Infrastructure).</summary>
    public IdentityMethodRules Jpki { get; init; } = new("jpki", IdentityMethodRules.Never);

    /// <summary>Below that age a member is a minor.</summary>
    public int AdultYears { get; init; } = 18;

    /// <summary>How long a gateway, or the member's pictures, are waited for; and how long two people have.</summary>
    public int AnswerHours { get; init; } = 24;
    public int ReviewDays { get; init; } = 14;

    /// <summary>Verifications that one member may begin in a day.</summary>
    public int TriesPerDay { get; init; } = 5;

    /// <summary>After so long a verification is to be done again, and so many days before the member is told.</summary>
    public int RecheckMonths { get; init; } = 36;
    public int RecheckNoticeDays { get; init; } = 30;

    /// <summary>Tries at linking bank accounts in a day: by one member, at one account, from one address of the net, and of all.</summary>
    public int LinkTriesPerMember { get; init; } = 5;
    public int LinkTriesPerAccount { get; init; } = 5;
    public int LinkTriesPerAddress { get; init; } = 20;
    public int LinkTriesInAll { get; init; } = 10_000;

    /// <summary>Bank accounts that one member may have linked.</summary>
    public int MostBankAccounts { get; init; } = 3;
}
