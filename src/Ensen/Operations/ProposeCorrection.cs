using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>What one operator wants corrected.</summary>
/// <param name="Corrects">The entry that was wrong.</param>
/// <param name="Legs">What the correction changes, in the accounts of the entry's parties and of the programme.</param>
public sealed record ProposeCorrectionRequest(EntryId Corrects, string Reason, ActingOperator By, IReadOnlyList<Leg> Legs);

/// <summary>Why a correction cannot be asked for.</summary>
public enum ProposeCorrectionRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such entry.</summary>
    NotFound = 2,

    /// <summary>An account of somebody who has no part in the entry, or what lies aside until its own work ends it.</summary>
    NotAParty = 3,

    /// <summary>The legs do not sum to zero, or move nothing.</summary>
    Unbalanced = 4,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 5,
}

/// <summary>
/// The first of the two people: says what was wrong with an entry, why, and what shall be changed. Nothing is posted yet.
/// </summary>
public sealed class ProposeCorrection(Database db, Operators operators, OperatorLog log, TimeProvider clock)
{
    const int MostLegs = 100;

    public async Task<Answer<CorrectionProposal, ProposeCorrectionRefusal>> Run(
        ProposeCorrectionRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Corrections, ct) is not { } by)
            return ProposeCorrectionRefusal.Forbidden;
        await using var connection = await db.Connect(ct);
        var parties = await connection.QuerySingleOrDefaultAsync<byte[]?>(
            "select owners from entry where id = @Corrects", new { request.Corrects }) is { } owners ? Entry.OwnersOf(owners) : null;
        var aside = db.Catalogue.All<ClaimHolder>().Select(h => h.AccountType).ToList();
        if (Decide(request, parties, aside) is not ProposeCorrectionRefusal.None and var refusal)
            return refusal;

        var now = clock.Now();
        var proposal = new CorrectionProposal(
            Id.New<ProposalId>(now), request.Corrects, request.Reason.Trim(), FourEyes.Kept(by.Person), now, request.Legs);
        await db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync(
                "insert into correction_proposal (id, corrects, reason, proposed_by, at_ms) values (@Id, @Corrects, @Reason, @ProposedBy, @at)",
                new { proposal.Id, proposal.Corrects, proposal.Reason, proposal.ProposedBy, at = now.ToUnixTimeMilliseconds() }, tx);
            await tx.Connection!.ExecuteAsync(
                "insert into correction_leg (proposal_id, leg, owner, account_type, term, amount) values (@id, @leg, @owner, @accountType, @term, @amount)",
                proposal.Legs.Select(
                    (l, leg) =>
                    new
                    {
                        id = proposal.Id,
                        leg,
                        owner = l.Owner,
                        accountType = l.AccountType.Number,
                        term = l.Term,
                        amount = l.Amount
                    }), tx);
            await log.Append(tx, OperatorAct.ProposedCorrection, by, request.By, proposal.Id.ToString(), proposal.Reason);
        }, ct);
        return proposal;
    }

    /// <param name="parties">The owners of the entry's accounts; null when there is no such entry.</param>
    /// <param name="aside">
    /// Accounts whose owner is itself on its way (a withdrawal, a link): given back by hand it would arrive as well, and could end no more.
    /// </param>
    internal static ProposeCorrectionRefusal Decide(
        ProposeCorrectionRequest request, IReadOnlyList<Guid>? parties, IReadOnlyCollection<AccountType> aside)
    {
        if (!OperatorLine.IsOne(request.Reason) || request.Legs.Count > MostLegs)
            return ProposeCorrectionRefusal.InvalidRequest;
        if (parties is null) return ProposeCorrectionRefusal.NotFound;
        if (request.Legs.Any(l => l.Owner != Chart.Operator && !parties.Contains(l.Owner) || aside.Contains(l.AccountType)))
            return ProposeCorrectionRefusal.NotAParty;
        return Sums(request.Legs) ? ProposeCorrectionRefusal.None : ProposeCorrectionRefusal.Unbalanced;
    }

    static bool Sums(IReadOnlyList<Leg> legs) =>
        legs.Count >= 2 && legs.All(l => l.Amount is not 0 and > -MostMoved and < MostMoved)
        && Enum.GetValues<Unit>().All(unit => legs.Where(l => l.AccountType.Unit == unit).Sum(l => l.Amount) == 0);

    /// <summary>Far above every movement, far below where a sum of a hundred could overflow.</summary>
    const long MostMoved = 1_000_000_000_000;
}
