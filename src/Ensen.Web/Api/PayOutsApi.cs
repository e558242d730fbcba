using Ensen.Basics;
using Ensen.Formats;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Web.Edge;
using Ensen.Web.Observability;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Api;

/// <summary>A file of pay-outs. <paramref name="Day"/>: on which the bank transfers.</summary>
/// <param name="Status">made (the bank may not have it yet), taken, answered or refused.</param>
sealed record PayOutFileAnswer(PayOutFileId FileId, string Day, int Number, int Lines, long Total, string Status, DateTimeOffset MadeAt,
    long Paid, long Rejected, long Returned);

sealed record PayOutFilesAnswer(IReadOnlyList<PayOutFileAnswer> Items);

/// <param name="Status">sent, paid, rejected or returned.</param>
sealed record PayOutLineAnswer(int Line, string Merchant, MerchantId MerchantId, SettlementId SettlementId, long Attempt, long Amount,
    string Status, string? Reason);

/// <param name="Zengin">The file as it was sent: records of 120 characters, each of which is one byte of Shift_JIS.</param>
sealed record PayOutFileDetails(PayOutFileId FileId, string Day, int Number, int Lines, long Total, string Status, DateTimeOffset MadeAt,
    DateTimeOffset? TakenAt, DateTimeOffset? AnsweredAt, string Zengin, IReadOnlyList<PayOutLineAnswer> Items);

/// <param name="Kind">ordinary, current or savings.</param>
sealed record PayOutAccountBody(
    string MerchantId, string BankCode, string BranchCode, string Kind, string Number, string HolderKana, string Reason);

/// <param name="Status">proposed, in_force or withdrawn.</param>
/// <param name="Holder">As it will stand in the bank's file.</param>
sealed record PayOutAccountAnswer(PayOutAccountId AccountId, string Status, MerchantId MerchantId, string Merchant, string BankCode,
    string BranchCode, string Kind, string LastFour, string Holder, string Reason, string ProposedBy, DateTimeOffset ProposedAt);

sealed record PayOutAccountsAnswer(IReadOnlyList<PayOutAccountAnswer> Items);

/// <summary>Files of pay-outs, and the accounts to which merchants are paid, by two people.</summary>
static class PayOutsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var files = api.MapGroup("/console/pay-out-files").RequireAuthorization(Policies.Corrections);
        files.MapGet("", List).WithPriority(RequestPriority.CanWait)
            .Named("listPayOutFiles", "The files of a day in their order, or the latest of all; at most a hundred.")
            .Produces<PayOutFilesAnswer>().Refuses(400);
        files.MapGet("/{id}", Find).WithPriority(RequestPriority.CanWait)
            .Named("getPayOutFile", "One file as it was sent to the bank, and what became of each of its lines.")
            .Produces<PayOutFileDetails>().Refuses(404);
        var accounts = api.MapGroup("/console/pay-out-accounts").RequireAuthorization(Policies.Corrections);
        accounts.MapGet("", Waiting).WithPriority(RequestPriority.CanWait)
            .Named("listPayOutAccounts", "Accounts of merchants that wait for a second person, the newest first; at most a hundred.")
            .Produces<PayOutAccountsAnswer>();
        accounts.MapPost("", Propose)
            .Named("proposePayOutAccount",
                "Proposes the bank account to which a merchant is paid. From now on nothing is paid to the one before, until another person "
                + "has confirmed this one or it is withdrawn.")
            .WithMetadata(new ApiSetup.NeedsKey()).Produces<PayOutAccountAnswer>(201).Refuses(400, 404, 409, 422);
        accounts.MapPost("/{id}/approval", Confirm)
            .Named("confirmPayOutAccount", "Puts the account in force, as another person than the one who proposed it (same_person).")
            .Produces<PayOutAccountAnswer>().Refuses(404, 409);
        accounts.MapPost("/{id}/withdrawal", Withdraw)
            .Named("withdrawPayOutAccount", "Takes a proposed account back; the one before is paid again. Takes a reason.")
            .Produces<PayOutAccountAnswer>().Refuses(400, 404, 409);
    }

    static async Task<IResult> List(string? day, PayOutFiles files, CancellationToken ct)
    {
        JapanDay? of = JapanDay.TryParse(day, out var asked) ? asked : null;
        if (day is not null && of is null) return Problem.Invalid("day");
        return Results.Ok(new PayOutFilesAnswer([.. (await files.List(of, ct)).Select(f => new PayOutFileAnswer(f.FileId,
            JapanDay.FromNumber(f.Day).ToString(), f.Number, f.Lines, f.Total.Value, StatusOf(f.State), At(f.MadeMs), f.Paid, f.Rejected,
            f.Returned))]));
    }

    static async Task<IResult> Find(string id, PayOutFiles files, CancellationToken ct)
    {
        if (!Id.TryParse(id, out PayOutFileId file) || await files.Find(file, ct) is not { } found) return new Problem("not_found");
        var (seen, row, lines) = found;
        return Results.Ok(new PayOutFileDetails(row.EntryId, JapanDay.FromNumber(row.Day).ToString(), row.Number, row.Lines,
            row.Total.Value, StatusOf(seen.State), At(seen.MadeMs), seen.TakenMs is { } taken ? At(taken) : null,
            seen.AnsweredMs is { } answered ? At(answered) : null, row.Zengin,
            [.. lines.Select(l => new PayOutLineAnswer(l.Row.Line, l.Merchant, l.Row.Merchant, l.Row.Settlement, l.Row.Attempt,
                l.Row.Amount.Value, SettlementsApi.StatusOf((short?)l.Outcome), l.Reason))]));
    }

    static async Task<IResult> Waiting(PayOutAccounts accounts, CancellationToken ct) =>
        Results.Ok(new PayOutAccountsAnswer([.. (await accounts.Waiting(ct)).Select(Of)]));

    static async Task<IResult> Propose(
        HttpContext context, Body<PayOutAccountBody> body, ProposePayOutAccount propose, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.OperatorId(), "pay-out account") is not { } key) return new Problem("key_required");
        var answer = await propose.Run(new ProposePayOutAccountRequest(
            Id.TryParse(asked.MerchantId, out MerchantId merchant) ? merchant : default, asked.BankCode, asked.BranchCode, asked.Kind,
            asked.Number, asked.HolderKana, asked.Reason, context.OperatorId(), key.Key), ct);
        Keys.Mark(context, answer);
        if (answer.Refusal == ProposePayOutAccountRefusal.InvalidKana)
        {
            ZenginKana.TryWrite(asked.HolderKana, out _, out var stranger);
            return new Problem("invalid_kana", told: services => HolderTold.Of(
                services.GetRequiredService<IStringLocalizer<ConsoleWords>>(), stranger), fields: ["holderKana"]);
        }
        return answer.Accepted ? Results.Created((string?)null, Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Confirm(HttpContext context, string id, ConfirmPayOutAccount confirm, CancellationToken ct)
    {
        var answer = await confirm.Run(Account(id), context.OperatorId(), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Withdraw(
        HttpContext context, string id, Body<OperatorReasonBody> body, WithdrawPayOutAccount withdraw, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await withdraw.Run(new WithdrawPayOutAccountRequest(Account(id), asked.Reason, context.OperatorId()), ct);
        return answer.Accepted ? Results.Ok(Of(answer.Value)) : Problem.Of(answer.Refusal);
    }

    /// <summary>What is no account's number is none's.</summary>
    static PayOutAccountId Account(string? id) => Id.TryParse(id, out PayOutAccountId account) ? account : default;

    static PayOutAccountAnswer Of(PayOutAccount a) => new(a.Id, Problem.Code(((PayOutAccountState)a.State).ToString()), a.Merchant,
        a.MerchantName, a.Bank, a.Branch, a.KindName, a.LastFour, a.Holder, a.Reason, a.ProposedBy, At(a.AtMs));

    static string StatusOf(short state) => Problem.Code(((PayOutSendingState)state).ToString());

    static DateTimeOffset At(long ms) => JapanDay.InTokyo(Instant.OfMilliseconds(ms));
}
