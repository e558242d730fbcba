using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>Why a revocation is not decided about, in the order it is checked; the names are the contract's codes.</summary>
public enum DecideCardRevocationRefusal
{
    None = 0,

    /// <summary>Whoever decides may not.</summary>
    Forbidden = 1,
    NotFound = 2,

    /// <summary>The second person is the first, by whichever account.</summary>
    SamePerson = 3,
    AlreadyDecided = 4,
}

/// <summary>
/// The second of two people: takes the numbers out of use, all in one transaction; or one person alone withdraws what was proposed. From
/// the commit on they earn nothing and nobody registers them; their members are told after it, however the node fares.
/// </summary>
public sealed class DecideCardRevocation(Database db, Operators operators, OperatorLog log, RevokedCards revoked, TimeProvider clock)
{
    public async Task<Answer<CardRevocation, DecideCardRevocationRefusal>> Run(
        CardRevocationId id, bool approve, ActingOperator acting, CancellationToken ct = default)
    {
        var by = await operators.Acting(acting, OperatorRoles.Security, ct);
        CardRevocation? found;
        await using (var connection = await db.Connect(ct))
            found = await CardRevocations.Find(connection, id);
        if (Decide(by, found, approve) is not DecideCardRevocationRefusal.None and var refusal)
            return refusal;
        var isFirst = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                "update card_revocation set state = @to, decided_by = @person, decided_ms = @at where id = @id and state = 1",
                new
                {
                    id,
                    to = (short)(approve ? CardRevocationState.Approved : CardRevocationState.Withdrawn),
                    person = FourEyes.Kept(by!.Person),
                    at = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                }, tx) == 0)
                return false;
            if (approve)
                await revoked.TakeOut(tx, id);
            await log.Append(tx, approve ? OperatorAct.ApprovedCardRevocation : OperatorAct.WithdrewCardRevocation, by, acting,
                id.ToString(), found!.Reason);
            return true;
        }, ct);
        if (!isFirst)
            return DecideCardRevocationRefusal.AlreadyDecided;
        if (approve)
            await revoked.CarryOn(ct);
        await using var after = await db.Connect(ct);
        return (await CardRevocations.Find(after, id))!;
    }

    /// <summary>The checks in the order of the refusals.</summary>
    internal static DecideCardRevocationRefusal Decide(Operator? by, CardRevocation? found, bool approve)
    {
        if (by is null) return DecideCardRevocationRefusal.Forbidden;
        if (found is null) return DecideCardRevocationRefusal.NotFound;
        if (approve && !FourEyes.AreTwo(found.ProposedBy, by.Person)) return DecideCardRevocationRefusal.SamePerson;
        return found.State == CardRevocationState.Proposed
            ? DecideCardRevocationRefusal.None : DecideCardRevocationRefusal.AlreadyDecided;
    }
}
