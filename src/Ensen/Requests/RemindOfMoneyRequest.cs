using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Requests;

/// <summary>Why nobody was reminded; the names are the contract's codes.</summary>
public enum RemindOfMoneyRequestRefusal
{
    None = 0,

    /// <summary>None of the member's requests has this number.</summary>
    NotFound = 1,

    /// <summary>It is paid.</summary>
    CodeUsed = 2,

    /// <summary>It was withdrawn or declined.</summary>
    Lapsed = 3,

    /// <summary>It was asked, or reminded of, less than a day ago.</summary>
    TooManyRequests = 4,

    /// <summary>Whoever was asked reminds nobody.</summary>
    InvalidRequest = 5,
}

/// <summary>Tells whoever was asked once more, by mail: a day after it was asked at the earliest, and once a day.</summary>
public sealed class RemindOfMoneyRequest(
    Database db, MoneyRequests requests, MemberDirectory directory, Outbox outbox, TimeProvider clock)
{
    public async Task<Answer<MoneyRequest, RemindOfMoneyRequestRefusal>> Run(
        MemberId asker, MoneyRequestId id, CancellationToken ct = default)
    {
        if (await requests.Find(asker, id, ct) is not { } asked) return RemindOfMoneyRequestRefusal.NotFound;
        if (asked.Asker != asker) return RemindOfMoneyRequestRefusal.InvalidRequest;
        if (asked.State == MoneyRequestState.Paid) return RemindOfMoneyRequestRefusal.CodeUsed;
        if (asked.State != MoneyRequestState.Open) return RemindOfMoneyRequestRefusal.Lapsed;
        var (now, payer) = (clock.Now(), await directory.Find(asked.Payer, ct));
        var (ms, dayAgo) = (now.ToUnixTimeMilliseconds(), (now - MoneyRequest.BetweenReminders).ToUnixTimeMilliseconds());
        var reminded = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                $"""
                update money_request
                set reminded_ms = @ms
                where id = @id and state = {(int)MoneyRequestState.Open} and coalesce(reminded_ms, at_ms) <= @dayAgo
                """, new { id, ms, dayAgo }, tx) == 0)
                return false;
            if (payer is not null && Notice.Of(NoticeKind.MoneyAsked, payer, at: asked.At) is { } notice)
                await notice.Add(outbox, tx, Id.New(now, payer.Id));
            return true;
        }, ct);
        if (!reminded) return RemindOfMoneyRequestRefusal.TooManyRequests;
        outbox.Wake();
        return asked with { RemindedMs = ms };
    }
}
