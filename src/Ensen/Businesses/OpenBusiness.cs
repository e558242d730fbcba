using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Businesses;

/// <summary>Whose account is opened: that of a merchant who is known, or of a company of this name that has no shop.</summary>
public sealed record OpenBusinessRequest(string? Name, MerchantId? Merchant = null);

/// <summary>Why no account is opened, in the order it is checked.</summary>
public enum OpenBusinessRefusal
{
    None = 0,
    InvalidName = 1,

    /// <summary>No such merchant.</summary>
    NotFound = 2,

    /// <summary>The merchant has one.</summary>
    AlreadyRegistered = 3,
}

/// <summary>
/// Opens the account of a company, and the desk at which its people sign in where it has no shop. Each account has a number of its own, to
/// which the company pays from its bank and by which others name it.
/// </summary>
public sealed class OpenBusiness(Database db, BusinessAccounts businesses, TimeProvider clock)
{
    const int MostNumbers = 100;

    public async Task<Answer<Business, OpenBusinessRefusal>> Run(OpenBusinessRequest request, CancellationToken ct = default)
    {
        if (Decide(request) is not OpenBusinessRefusal.None and var refusal)
            return refusal;
        var now = clock.Now();
        var merchant = request.Merchant ?? Id.New<MerchantId>(now);
        var outcome = await db.Transact(async tx =>
        {
            var at = now.ToUnixTimeMilliseconds();
            if (request.Merchant is null)
                await tx.Connection!.ExecuteAsync("insert into merchant (id, name, created_ms) values (@merchant, @name, @at)",
                    new { merchant, name = request.Name!.Trim(), at }, tx);
            else if (await tx.Connection!.ExecuteScalarAsync<int?>(
                "select 1 from merchant where id = @merchant", new { merchant }, tx) is null)
                return OpenBusinessRefusal.NotFound;
            for (var tries = 0; tries < MostNumbers; tries++)
            {
                // Nothing is inserted where the number is somebody's, or where the merchant has an account.
                if (await tx.Connection!.ExecuteAsync(
                    """
                    insert into business (id, merchant, number, opened_ms)
                    values (@id, @merchant, @number, @at)
                    on conflict do nothing
                    """, new { id = Id.New<BusinessId>(now), merchant, number = BusinessNumber.Draw(), at }, tx) == 1)
                    return OpenBusinessRefusal.None;
                if (await tx.Connection!.ExecuteScalarAsync<int?>(
                    "select 1 from business where merchant = @merchant", new { merchant }, tx) is not null)
                    return OpenBusinessRefusal.AlreadyRegistered;
            }
            throw new InvalidOperationException("There are hardly any account numbers left.");
        }, ct);
        return outcome == OpenBusinessRefusal.None
            ? await businesses.Of(merchant, ct) ?? throw new InvalidOperationException($"The account of {merchant} is gone.")
            : outcome;
    }

    internal static OpenBusinessRefusal Decide(OpenBusinessRequest request) =>
        request.Merchant is null && !OneLineName.TryParse(request.Name, out _) ? OpenBusinessRefusal.InvalidName : OpenBusinessRefusal.None;
}
