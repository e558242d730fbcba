using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Identity;

/// <summary>
/// A gateway reports what it found: the verification that waits for it ends, once. A report that was heard before, one about a verification
/// that waits no more, and one that contradicts what was said first change nothing.
/// </summary>
public sealed partial class HearIdentityReport(Database db, EndVerification end, ILogger<HearIdentityReport> log, TimeProvider clock)
{
    static readonly TimeSpan s_kept = TimeSpan.FromDays(30);

    /// <summary>Whether a verification ended by it.</summary>
    public async Task<bool> Run(IdentityReport report, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var id = new VerificationId(report.Order);
        var (ended, found) = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                """
                insert into identity_report (id, verification, at_ms)
                values (@Report, @id, @now)
                on conflict (id) do nothing
                """,
                new { report.Report, id, now = now.ToUnixTimeMilliseconds() }, tx) == 0)
                return (false, null);
            var found = await Verifications.Find(tx.Connection!, id, tx);
            if (found is not { State: VerificationState.Asked } || !found.IsWaiting(now))
                return (false, found);
            return (report.Finding == IdentityFinding.Match
                ? await end.Accept(tx, found, report.ValidUntil is { } last ? JapanDay.Parse(last) : null)
                : await end.Close(tx, found, VerificationState.Rejected, CodeOf(report.Finding)), found);
        }, ct);
        if (ended)
            end.Ended(found!.Member);
        else if (found is { State: VerificationState.Accepted } && report.Finding != IdentityFinding.Match
            || found is { State: VerificationState.Rejected } && report.Finding == IdentityFinding.Match)
            Contradicts(log, id.ToString(), CodeOf(report.Finding));
        return ended;
    }

    /// <summary>Forgets the names of reports that are too old to be believed. Run now and then.</summary>
    public Task<int> Tidy(CancellationToken ct = default)
    {
        var old = (clock.GetUtcNow() - s_kept).ToUnixTimeMilliseconds();
        return db.Transact(tx => tx.Connection!.ExecuteAsync("delete from identity_report where at_ms < @old", new { old }, tx), ct);
    }

    /// <summary>A finding as reports and reasons write it: <c>different_person</c>.</summary>
    public static string CodeOf(IdentityFinding finding) => finding switch
    {
        IdentityFinding.Match => "match",
        IdentityFinding.DifferentPerson => Verification.Reasons.DifferentPerson,
        IdentityFinding.DocumentExpired => "document_expired",
        IdentityFinding.Unreadable => "unreadable",
    };

    /// <summary>Null for a word that no report uses.</summary>
    public static IdentityFinding? FindingOf(string? code) =>
        Enum.GetValues<IdentityFinding>().Cast<IdentityFinding?>().FirstOrDefault(finding => CodeOf(finding!.Value) == code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A second report contradicts the first about {Verification}: {Finding}.")]
    static partial void Contradicts(ILogger logger, string verification, string finding);
}
