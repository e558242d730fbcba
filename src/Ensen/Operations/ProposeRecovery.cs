using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>A member who has lost every way in shall be let in again.</summary>
/// <param name="Reason">How the member showed who they are: papers at a counter, what was asked on the telephone.</param>
/// <param name="BornOn">The day of birth on the papers, of a verified member.</param>
/// <param name="Telephone">Another number where the registered one is lost, too; null: the registered one will call.</param>
public sealed record ProposeRecoveryRequest(
    MemberId Member, string Reason, ActingOperator By, string? BornOn = null, string? Telephone = null);

/// <summary>Why it is not proposed, in the order it is checked.</summary>
public enum ProposeRecoveryRefusal
{
    None = 0,

    /// <summary>The reason is missing or longer than a line of 200 characters, or the number is no telephone of Japan.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such member.</summary>
    NotFound = 2,

    /// <summary>The member has no confirmed address for the link, or there is no telephone to call from.</summary>
    NotAvailable = 3,

    /// <summary>Another number takes papers that were verified, and there are none.</summary>
    NotVerified = 4,

    /// <summary>The address can still be taken back, or the telephone is another since a short while ago.</summary>
    Held = 5,

    /// <summary>The day of birth is not that of the verified papers.</summary>
    DifferentPerson = 6,

    /// <summary>One of the member's is under way.</summary>
    InProgress = 7,

    /// <summary>Whoever proposes may not.</summary>
    Forbidden = 8,

    /// <summary>Too many wrong days of birth were typed for this member.</summary>
    TooManyRequests = 9,
}

/// <summary>
/// The first of two people: proposes the way back of a member who has lost everything. Nothing comes of it until another approves.
/// </summary>
public sealed class ProposeRecovery(Database db, Operators operators, OperatorLog log, RecoveryChecks checks, TimeProvider clock)
{
    public async Task<Answer<Recovery, ProposeRecoveryRefusal>> Run(ProposeRecoveryRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Security, ct) is not { } by)
            return ProposeRecoveryRefusal.Forbidden;
        var telephone = string.IsNullOrWhiteSpace(request.Telephone) ? null
            : TelephoneNumber.TryParse(request.Telephone, out var read) && TelephoneNumber.IsOfJapan(read) ? read : "";
        if (Decide(request, telephone, facts: null) is not ProposeRecoveryRefusal.None and var invalid)
            return invalid;
        if (await checks.Of(request.Member, request.BornOn, telephone, ct) is not { } facts)
            return ProposeRecoveryRefusal.TooManyRequests;
        if (Decide(request, telephone, facts) is not ProposeRecoveryRefusal.None and var refusal)
            return refusal;
        var now = clock.Now();
        var recovery = new Recovery
        {
            Id = Id.New<RecoveryId>(now),
            Member = request.Member,
            Reason = request.Reason.Trim(),
            Telephone = telephone,
            ProposedBy = FourEyes.Kept(by.Person),
            ProposedMs = now.ToUnixTimeMilliseconds(),
        };
        var isOne = await db.Transact(async tx =>
        {
            if (!await Recoveries.Add(tx, recovery))
                return false;
            await log.Append(tx, OperatorAct.ProposedRecovery, by, request.By, request.Member.ToString(), request.Reason,
                telephone is null ? recovery.Id.ToString() : $"{recovery.Id} another telephone");
            return true;
        }, ct);
        return isOne ? recovery : ProposeRecoveryRefusal.InProgress;
    }

    /// <param name="telephone">As it was read; empty where what was typed is none.</param>
    /// <param name="facts">Null while only what was typed is looked at.</param>
    internal static ProposeRecoveryRefusal Decide(ProposeRecoveryRequest request, string? telephone, RecoveryFacts? facts)
    {
        if (!OperatorLine.IsOne(request.Reason) || telephone is "") return ProposeRecoveryRefusal.InvalidRequest;
        if (facts is not { } found) return ProposeRecoveryRefusal.None;
        if (!found.IsThere) return ProposeRecoveryRefusal.NotFound;
        if (!found.CanBeTold || !found.CanCall) return ProposeRecoveryRefusal.NotAvailable;
        if (telephone is not null && found.Papers == PapersSay.Nothing) return ProposeRecoveryRefusal.NotVerified;
        if (found.IsChanging) return ProposeRecoveryRefusal.Held;
        return found.Papers == PapersSay.DifferentPerson ? ProposeRecoveryRefusal.DifferentPerson : ProposeRecoveryRefusal.None;
    }
}
