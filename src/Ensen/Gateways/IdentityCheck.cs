namespace Ensen.Gateways;

/// <summary>
/// Somebody who reads the IC chip of a document, or a My Number Card's certificate, on the member's telephone, and reports later whether it
/// is of the person whose data we hold. Reports come by themselves, signed (<see cref="ReportSignature"/>): late, more than once, or never.
/// </summary>
public interface IIdentityCheck
{
    /// <summary>
    /// Takes an order on. Sent again with the same id it is the same order. Accepted: a report may come. Refused: none will.
    /// </summary>
    Task<Reply> Begin(IdentityOrder order, CancellationToken ct);

    /// <summary>Whom to tell a report that comes inside this process. Registered once, at start.</summary>
    void WhenReported(IdentityReported hear);
}

/// <summary>How the gateway looks at the member's document.</summary>
public enum IdentityReading
{
    IcChip = 1,
    Jpki = 2,
}

/// <summary>Whom to look at: what the member typed, to be held against the document.</summary>
public sealed record IdentityOrder(Guid Id, IdentityReading Reading, string Name, string Kana, string BornOn, string Address);

/// <summary>What a gateway found. The names are the reports' words.</summary>
public enum IdentityFinding
{
    /// <summary>The document is genuine and says what the member typed.</summary>
    Match = 1,

    /// <summary>It is another person's.</summary>
    DifferentPerson = 2,

    /// <summary>It is valid no more.</summary>
    DocumentExpired = 3,

    /// <summary>It could not be read, or the member broke it off.</summary>
    Unreadable = 4,
}

/// <summary>A report about one order.</summary>
/// <param name="Report">Names the report: one that comes twice is the same.</param>
/// <param name="ValidUntil">The last day of the document (yyyy-mm-dd), where it has one that matters, as a residence card's.</param>
public sealed record IdentityReport(string Report, Guid Order, IdentityFinding Finding, string? ValidUntil = null);

/// <summary>Hears a report. Whether anything came of it.</summary>
public delegate Task<bool> IdentityReported(IdentityReport report, CancellationToken ct);
