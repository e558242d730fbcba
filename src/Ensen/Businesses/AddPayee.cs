using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>Whom a company wants to pay from now on, by the number or the id of their account.</summary>
public sealed record AddPayeeRequest(ActingShop By, Business Business, string? To);

/// <summary>Why nobody is put on the list, in the order it is checked; the names are the contract's codes.</summary>
public enum AddPayeeRefusal
{
    None = 0,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 1,

    /// <summary>Nobody has this account.</summary>
    NotFound = 2,

    /// <summary>It is the company's own.</summary>
    InvalidRequest = 3,

    /// <summary>They are on the list.</summary>
    AlreadyRegistered = 4,

    /// <summary>There are as many on the list as there may be.</summary>
    OverLimit = 5,
}

/// <summary>Puts a company on the list of another one's payees. It is paid once somebody else has confirmed it.</summary>
public sealed class AddPayee(Database db, BusinessAccounts businesses, ShopLog log, TimeProvider clock)
{
    public async Task<Answer<BusinessPayee, AddPayeeRefusal>> Run(AddPayeeRequest request, CancellationToken ct = default)
    {
        var (now, of) = (clock.Now(), await businesses.Find(request.To, ct));
        var id = Id.New<PayeeId>(now);
        BusinessPayee? added = null;
        var refusal = await db.Transact(async tx =>
        {
            var may = await TwoPeople.May(tx, request.By, ShopRight.Business);
            var has = await tx.Connection!.ExecuteScalarAsync<int>(
                "select count(*) from business_payee where business = @Id and removed_ms is null", new { request.Business.Id }, tx);
            var known = of is not null && await Payees.OnList(tx.Connection!, request.Business.Id, of.Id, tx) is not null;
            if (Decide(request, of, may, known, has) is not AddPayeeRefusal.None and var decided)
                return decided;
            await tx.Connection!.ExecuteAsync(
                """
                insert into business_payee (id, business, payee, added_by, added_ms)
                values (@id, @business, @payee, @by, @at)
                """,
                new { id, business = request.Business.Id, payee = of!.Id, by = request.By.Account, at = now.ToUnixTimeMilliseconds() }, tx);
            await log.Append(tx, ShopAct.AddedPayee, request.By, request.By.Account!.Value, of.Id.ToString());
            added = await Payees.Find(tx.Connection!, request.Business.Id, id, tx);
            return AddPayeeRefusal.None;
        }, ct);
        return refusal == AddPayeeRefusal.None ? added! : refusal;
    }

    /// <param name="of">Who has that account; null when nobody has.</param>
    /// <param name="has">How many are on the list.</param>
    internal static AddPayeeRefusal Decide(AddPayeeRequest request, Business? of, bool may, bool known, int has)
    {
        if (!may) return AddPayeeRefusal.Forbidden;
        if (of is null) return AddPayeeRefusal.NotFound;
        if (of.Id == request.Business.Id) return AddPayeeRefusal.InvalidRequest;
        if (known) return AddPayeeRefusal.AlreadyRegistered;
        return has >= Payees.Most ? AddPayeeRefusal.OverLimit : AddPayeeRefusal.None;
    }
}
