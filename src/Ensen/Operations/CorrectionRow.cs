using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;

namespace Ensen.Operations;

/// <summary>A correction as it was posted: what it corrects, why, and the two persons (<c>per_…</c>).</summary>
public sealed record CorrectionRow(
    EntryId EntryId, ProposalId ProposalId, EntryId Corrects, string Reason, string ProposedBy, string ApprovedBy)
{
    internal static DetailTable<CorrectionRow> Table { get; } = new DetailTable<CorrectionRow>("correction")
        .Uuid("entry_id", c => c.EntryId)
        .Uuid("proposal_id", c => c.ProposalId)
        .Uuid("corrects", c => c.Corrects)
        .Text("reason", c => c.Reason)
        .Text("proposed_by", c => c.ProposedBy)
        .Text("approved_by", c => c.ApprovedBy);

    /// <summary>Two people, and the entry and the proposal that its own seal names.</summary>
    internal static DetailCheck Check { get; } = new DetailCheck<CorrectionRow>(Table, EntryKind.Correction, c => c.EntryId, (row, entry) =>
        entry.Head.Corrects != row.Corrects ? $"{IdPlaceholder.Entry(row.EntryId)} corrected another entry than its row says"
        : row.ProposedBy == row.ApprovedBy ? $"{IdPlaceholder.Entry(row.EntryId)} was approved by whoever proposed it"
        : !entry.SingleUses.Contains(new SingleUse(SingleUseKind.CorrectionPosted, row.ProposalId))
          || !entry.SingleUses.Contains(new SingleUse(SingleUseKind.EntryCorrected, row.Corrects))
            ? $"{IdPlaceholder.Entry(row.EntryId)} is not of the proposal that its row names"
        : null)
    { NoteColumn = "reason" };
}

/// <summary>What became of a proposed correction.</summary>
public enum ProposalState
{
    /// <summary>It waits for a second person.</summary>
    Waiting = 0,
    Posted = 1,
    Withdrawn = 2,
}

/// <summary>A correction that was asked for, whatever became of it.</summary>
/// <param name="Legs">What it would change; they sum to zero.</param>
public sealed record CorrectionProposal(ProposalId Id, EntryId Corrects, string Reason, string ProposedBy, DateTimeOffset At,
    IReadOnlyList<Leg> Legs)
{
    public ProposalState State { get; init; }
}

/// <summary>Who took a proposal back (a person, as <see cref="Staff.FourEyes"/> keeps them), why and when.</summary>
sealed record Withdrawal(string By, string Reason, DateTimeOffset At);

/// <summary>Reading proposals, and ending them.</summary>
static class Proposals
{
    public static async Task<CorrectionProposal?> Find(DbConnection connection, Catalogue catalogue, ProposalId id)
    {
        if (await connection.QuerySingleOrDefaultAsync<(EntryId Corrects, string Reason, string ProposedBy, long AtMs, short State)?>(
            "select corrects, reason, proposed_by, at_ms, state from correction_proposal where id = @id", new { id }) is not { } found)
            return null;
        var legs = await connection.QueryAsync<(Guid Owner, short AccountType, int Term, long Amount)>(
            "select owner, account_type, term, amount from correction_leg where proposal_id = @id order by leg", new { id });
        return new CorrectionProposal(
            id, found.Corrects, found.Reason, found.ProposedBy, DateTimeOffset.FromUnixTimeMilliseconds(found.AtMs),
            [.. legs.Select(l => new Leg(l.Owner, catalogue.Numbered<AccountType>(l.AccountType), l.Term, l.Amount))])
        { State = (ProposalState)found.State };
    }

    /// <summary>Those that wait for a second person, the newest first; at most a hundred.</summary>
    public static async Task<IReadOnlyList<CorrectionProposal>> Waiting(DbConnection connection, Catalogue catalogue)
    {
        var ids = await connection.QueryAsync<ProposalId>(
            """
            select id
            from correction_proposal
            where state = @waiting
            order by id desc
            limit 100
            """,
            new { waiting = (short)ProposalState.Waiting });
        var proposals = new List<CorrectionProposal>();
        foreach (var id in ids)
            if (await Find(connection, catalogue, id) is { } proposal)
                proposals.Add(proposal);
        return proposals;
    }

    /// <summary>Ends a proposal that waits, as posted or withdrawn; false when somebody else ended it first.</summary>
    public static async Task<bool> End(DbTransaction tx, ProposalId id, ProposalState how, Withdrawal? withdrawn = null) =>
        await tx.Connection!.ExecuteAsync(
            """
            update correction_proposal
            set state = @how, withdrawn_by = @by, withdrawn_reason = @reason, withdrawn_ms = @at
            where id = @id and state = @waiting
            """,
            new
            {
                id,
                how = (short)how,
                waiting = (short)ProposalState.Waiting,
                by = withdrawn?.By,
                reason = withdrawn?.Reason,
                at = withdrawn?.At.ToUnixTimeMilliseconds(),
            },
            tx) == 1;
}
