using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Businesses;

/// <summary>What a company asks another to pay, and by which day.</summary>
public sealed record AskBusinessRequest(
    ActingShop By, Business Business, string? From, Yen Amount, string Text, JapanDay DueOn, IdempotencyKey Key);

/// <summary>Why nobody is asked, in the order it is checked; the names are the contract's codes.</summary>
public enum AskBusinessRefusal
{
    None = 0,
    InvalidAmount = 1,

    /// <summary>A text that cannot be kept, a day that is past or far away, or the company asks itself.</summary>
    InvalidRequest = 2,

    /// <summary>More than the law allows in one transfer.</summary>
    OverLimit = 3,
    KeyReused = 4,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 5,

    /// <summary>Nobody has that account.</summary>
    NotFound = 6,
}

/// <summary>Asks another company to pay: nothing moves, and nobody has to. Its address is a link that can be sent.</summary>
public sealed class AskBusiness(Database db, BusinessAccounts businesses, ShopLog log, TimeProvider clock)
{
    /// <summary>Ten years.</summary>
    const int MostDaysAhead = 3_660;

    public async Task<Answer<BusinessRequest, AskBusinessRefusal>> Run(AskBusinessRequest request, CancellationToken ct = default)
    {
        if (await Stored(request, ct) is { } stored)
            return stored;
        var (now, payer) = (clock.Now(), await businesses.Find(request.From, ct));
        if (Decide(request, JapanDay.Of(now)) is not AskBusinessRefusal.None and var refusal)
            return refusal;
        var id = Id.New<BusinessRequestId>(now, request.Business.Id);
        var outcome = await db.Transact(async tx =>
        {
            if (!await TwoPeople.May(tx, request.By, ShopRight.Business)) return AskBusinessRefusal.Forbidden;
            if (payer is null) return AskBusinessRefusal.NotFound;
            if (payer.Id == request.Business.Id) return AskBusinessRefusal.InvalidRequest;
            if (!await IdempotencyKeys.Take(tx, request.Key, now)) return AskBusinessRefusal.KeyReused;
            await tx.Connection!.ExecuteAsync(
                """
                insert into business_request (id, asker, payer, amount_yen, text, due_on, made_by, made_ms, state)
                values (@id, @asker, @payer, @yen, @Text, @due, @by, @at, @state)
                """,
                new
                {
                    id,
                    asker = request.Business.Id,
                    payer = payer.Id,
                    yen = request.Amount.Value,
                    request.Text,
                    due = request.DueOn.Number,
                    by = request.By.Account,
                    at = now.ToUnixTimeMilliseconds(),
                    state = (short)BusinessRequestState.Open,
                }, tx);
            await IdempotencyKeys.Answer(tx, request.Key.Caller, request.Key.Key, id.ToString());
            await log.Append(tx, ShopAct.AskedBusiness, request.By, request.By.Account!.Value, id.ToString());
            return AskBusinessRefusal.None;
        }, ct);
        if (outcome == AskBusinessRefusal.KeyReused)
            return await Stored(request, ct) ?? AskBusinessRefusal.KeyReused;
        if (outcome != AskBusinessRefusal.None)
            return outcome;
        await using var connection = await db.Connect(ct);
        return await BusinessRequests.Find(connection, id) ?? throw new InvalidOperationException($"{id} is gone.");
    }

    /// <summary>The checks of what was asked alone, in the order of the refusals.</summary>
    internal static AskBusinessRefusal Decide(AskBusinessRequest request, JapanDay today)
    {
        if (!Movement.IsAmount(request.Amount.Value)) return AskBusinessRefusal.InvalidAmount;
        if (string.IsNullOrWhiteSpace(request.Text) || !NoteText.IsFine(request.Text, MakeBusinessTransfer.LongestText)
            || request.DueOn < today || request.DueOn.Date.DayNumber > today.Date.DayNumber + MostDaysAhead)
            return AskBusinessRefusal.InvalidRequest;
        return request.Amount.Value > BusinessRules.MostOfOne ? AskBusinessRefusal.OverLimit : AskBusinessRefusal.None;
    }

    async Task<Answer<BusinessRequest, AskBusinessRefusal>?> Stored(AskBusinessRequest request, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await IdempotencyKeys.Find(connection, request.Key) is not { } found)
            return null;
        return request.Key.IsSameRequest(found) && Id.TryParse(found.Answer, out BusinessRequestId id)
            && await BusinessRequests.Find(connection, id) is { } asked
                ? ((Answer<BusinessRequest, AskBusinessRefusal>)asked.AsAsked).AsReplay()
                : AskBusinessRefusal.KeyReused;
    }
}
