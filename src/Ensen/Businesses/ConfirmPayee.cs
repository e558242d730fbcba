using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>Why somebody on the list stays as they are; the names are the contract's codes.</summary>
public enum ConfirmPayeeRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>Nobody on the company's list has this number, or not any more.</summary>
    NotFound = 2,

    /// <summary>Whoever named them does not confirm them, nor who came by their invitation.</summary>
    SamePerson = 3,

    /// <summary>They are confirmed.</summary>
    AlreadyDecided = 4,
}

/// <summary>The second of the two people says that a company on the list is who they think.</summary>
public sealed class ConfirmPayee(Database db, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<BusinessPayee, ConfirmPayeeRefusal>> Run(
        ActingShop by, BusinessId business, PayeeId id, CancellationToken ct = default)
    {
        BusinessPayee? found = null;
        var at = clock.Now().ToUnixTimeMilliseconds();
        var refusal = await db.Transact(async tx =>
        {
            // The company's turn is taken first: of two who confirm at once, the second finds it done.
            var may = await TwoPeople.May(tx, by, ShopRight.BusinessApproval);
            found = await Payees.Find(tx.Connection!, business, id, tx);
            var areTwo = may && found is not null && await TwoPeople.Are(tx.Connection!, found.AddedBy, by.Account!.Value, tx);
            if (Decide(found, may, areTwo) is not ConfirmPayeeRefusal.None and var decided)
                return decided;
            await tx.Connection!.ExecuteAsync(
                "update business_payee set confirmed_by = @by, confirmed_ms = @at where id = @id and confirmed_ms is null",
                new { id, by = by.Account, at }, tx);
            await log.Append(tx, ShopAct.ConfirmedPayee, by, by.Account!.Value, found!.Of.ToString());
            return ConfirmPayeeRefusal.None;
        }, ct);
        return refusal == ConfirmPayeeRefusal.None ? found! with { ConfirmedBy = by.Account, ConfirmedMs = at } : refusal;
    }

    /// <param name="areTwo">Whoever named them and whoever confirms them are two people.</param>
    internal static ConfirmPayeeRefusal Decide(BusinessPayee? found, bool may, bool areTwo)
    {
        if (!may) return ConfirmPayeeRefusal.Forbidden;
        if (found is null || found.RemovedMs is not null) return ConfirmPayeeRefusal.NotFound;
        if (!areTwo) return ConfirmPayeeRefusal.SamePerson;
        return found.IsConfirmed ? ConfirmPayeeRefusal.AlreadyDecided : ConfirmPayeeRefusal.None;
    }
}
