using Ensen.Ledger;

namespace Ensen.Staff;

/// <summary>What an operator did. The numbers are stored.</summary>
public enum OperatorAct
{
    /// <summary>Searched members, and was shown those that <see cref="LogEntry.Detail"/> names.</summary>
    SearchedMembers = 1,

    /// <summary>Was shown a member's profile.</summary>
    ViewedMember = 2,
    FrozeMember = 3,

    /// <summary>Lifted a restriction of a member.</summary>
    LiftedRestriction = 4,
    ProposedCorrection = 5,
    ApprovedCorrection = 6,
    WithdrewCorrection = 7,
    InvitedOperator = 8,
    ApprovedInvitation = 9,

    /// <summary>Whoever was invited chose a password, and made a passkey or registered an authenticator.</summary>
    JoinedStaff = 10,
    DismissedOperator = 11,
    SignedIn = 12,

    /// <summary>A passkey or an authenticator of the operator's own came or went.</summary>
    AddedPasskey = 13,
    RemovedPasskey = 14,

    /// <summary>A passkey of the operator's signed with a counter that had gone back: it was copied, and opened nothing.</summary>
    PasskeyCopied = 15,
    SetAuthenticator = 16,
    RemovedAuthenticator = 17,

    /// <summary>Signed out a device of a member's, or took a passkey of theirs away; <see cref="LogEntry.Detail"/> is which.</summary>
    ThrewOutDevice = 18,
    ThrewOutPasskey = 19,

    /// <summary>
    /// Was shown a verification, with what the member typed and the pictures; <see cref="LogEntry.Detail"/> names the member.
    /// </summary>
    ViewedVerification = 20,

    /// <summary>Said yes to a verification, as the first or the second of two (<see cref="LogEntry.Detail"/>).</summary>
    AcceptedVerification = 21,
    RejectedVerification = 22,

    /// <summary>
    /// Opened the way back of a member who has lost everything, as the first or the second of two, or took that back;
    /// <see cref="LogEntry.Detail"/> is which.
    /// </summary>
    ProposedRecovery = 30,
    ApprovedRecovery = 31,
    WithdrewRecovery = 32,

    ProposedCampaign = 60,
    ApprovedCampaign = 61,
    StoppedCampaign = 62,

    /// <summary>Said what some points of campaigns can be spent on; <see cref="LogEntry.Subject"/> is its number.</summary>
    MadePointUse = 63,

    /// <summary>Opened the record that is kept of a member who has left, with the private half of its key.</summary>
    OpenedRecord = 40,

    /// <summary>Put a reward into the catalogue, changed its stock or took it out; <see cref="LogEntry.Detail"/> is which.</summary>
    KeptReward = 70,

    /// <summary>
    /// Named numbers of point cards that leaked, took them out of use as the second of two people, or withdrew that;
    /// <see cref="LogEntry.Subject"/> is the revocation.
    /// </summary>
    ProposedCardRevocation = 80,
    ApprovedCardRevocation = 81,
    WithdrewCardRevocation = 82,

    /// <summary>Opened a shopping centre with a point till.</summary>
    OpenedCentre = 83,

    /// <summary>Brought a file of purchases by credit card that was accepted; <see cref="LogEntry.Subject"/> is the file.</summary>
    DeliveredPurchases = 84,

    /// <summary>Proposed points for a member, gave them as the second of two, or took that back.</summary>
    ProposedGoodwill = 71,
    ApprovedGoodwill = 72,
    WithdrewGoodwill = 73,

    /// <summary>
    /// Proposed a reward or more pieces of one, put it into the catalogue as the second of two, or took that back;
    /// <see cref="LogEntry.Subject"/> is the proposal.
    /// </summary>
    ProposedReward = 74,
    ApprovedReward = 75,
    WithdrewReward = 76,

    /// <summary>
    /// Proposed the bank account to which a merchant is paid, put it in force as the second of two, or took it back;
    /// <see cref="LogEntry.Detail"/> is the merchant.
    /// </summary>
    ProposedPayOutAccount = 90,
    ConfirmedPayOutAccount = 91,
    WithdrewPayOutAccount = 92,
    ClearedPayOutDoubt = 93,

    /// <summary>Was shown a shop's application, with account and photos; <see cref="LogEntry.Subject"/> is which.</summary>
    ViewedApplication = 96,

    /// <summary>Said yes or no to it, as the first or the second of two (<see cref="LogEntry.Detail"/>), or asked back.</summary>
    AcceptedApplication = 97,
    RefusedApplication = 98,
    AskedApplicant = 99,

    /// <summary>Saw who held more than the law lets pass; <see cref="LogEntry.Detail"/> is the day, and how many they were.</summary>
    ViewedHoldings = 100,
}

/// <summary>One row of the log.</summary>
/// <param name="Subject">Whom or what was looked at or changed: a member, a proposal, an account, as everybody writes their ids.</param>
/// <param name="Reason">As the operator gave it.</param>
/// <param name="Detail">What else there is to say; no personal data, for a row is never changed.</param>
public sealed record LogEntry(
    long Number, long AtMs, OperatorAct Act, OperatorId? Operator, PersonId? Person, ActedThrough Through, string? Subject, string? Reason,
    string? Detail)
{
    /// <summary>What the row is chained by: the hash of the one before, and of everything in this one.</summary>
    internal byte[] Hash(ReadOnlySpan<byte> previous)
    {
        var values = new SealedValues();
        values.Begin('O');
        values.Add(previous);
        values.Add(Number);
        values.Add(AtMs);
        values.Add((long)Act);
        values.Add(Operator?.Value);
        values.Add(Person?.Value);
        values.Add((long)Through);
        values.Add(Subject);
        values.Add(Reason);
        values.Add(Detail);
        var hash = new byte[32];
        values.Hash(hash);
        return hash;
    }
}
