using System.Text.Json.Nodes;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sandbox.Gateways;
using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary>The account to which a merchant is paid, in force at once; nothing named: one that the sandbox makes up.</summary>
/// <param name="Kind">ordinary, current or savings.</param>
sealed record SandboxPayOutAccountBody(string? BankCode = null, string? BranchCode = null, string? Kind = null, string? Number = null,
    string? HolderKana = null);

sealed record SandboxPayOutAccountAnswer(string AccountId, string LastFour, string Holder);

/// <summary>Lines that the bank does not pay; of a file that it has carried out already, lines that come back.</summary>
sealed record SandboxBankAnswerBody(IReadOnlyList<int>? Rejected = null);

sealed record SandboxBankAnswerAnswer(string FileId, int Paid, int Rejected, int Returned);

/// <summary><paramref name="Kind"/>: transfer or return.</summary>
sealed record SandboxStatementItem(DateTimeOffset At, string Kind, string FileId, int Line, string Holder, long Amount);

/// <summary>What left the account and what came back to it.</summary>
sealed record SandboxStatementAnswer(string Day, IReadOnlyList<SandboxStatementItem> Items, long Out, long Back);

/// <summary>Plays the bank that pays merchants out, and the merchant who says to which account.</summary>
sealed class SandboxPayOutsApi(
    SandboxGateways world, SandboxPayOutAccounts accounts, PayOutFiles files, Outbox outbox, TimeProvider clock)
{
    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxPayOutAccountBody, SandboxPayOutAccountAnswer>(
            "/merchants/{id}/pay-out-account",
            new("setPayOutAccount", "The bank account to which a merchant is paid, in force at once. In the console two people do this.",
                Makes: true, new JsonObject
                {
                    ["bankCode"] = "0005",
                    ["branchCode"] = "001",
                    ["kind"] = "ordinary",
                    ["number"] = "1234567",
                    ["holderKana"] = "パンコウボウ ツルハシ",
                }),
            (context, asked, ct) => Of(context).SetAccount(context.Request.RouteValues["id"] as string, asked, ct));
        api.Post<SandboxBankAnswerBody, SandboxBankAnswerAnswer>(
            "/bank/pay-outs/{id}/answer",
            new("answerPayOuts", "The bank carries a file of pay-outs out now, but for the lines that are named. Of a file that it has "
                + "carried out already, those lines come back. Unasked it carries a file out at three o'clock of its day.",
                Example: new JsonObject { ["rejected"] = new JsonArray(2) }),
            (context, asked, ct) => Of(context).Answer(context.Request.RouteValues["id"] as string, asked, ct));
        api.Get<SandboxStatementAnswer>(
            "/bank/statement",
            new("readBankStatement", "What that bank moved on a day, by its own books; day: 2026-11-30, today where none is named."),
            (context, ct) => Of(context).Statement(context, ct));
    }

    static SandboxPayOutsApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxPayOutsApi>();

    async Task<SandboxAnswer<SandboxPayOutAccountAnswer>> SetAccount(string? id, SandboxPayOutAccountBody asked, CancellationToken ct)
    {
        if (!Id.TryParse(id, out MerchantId merchant)) return new(null, "not_found");
        var set = asked == new SandboxPayOutAccountBody()
            ? await accounts.MakeUp(merchant, ct)
            : await accounts.Set(merchant, asked.BankCode, asked.BranchCode, asked.Kind, asked.Number, asked.HolderKana, ct);
        return set is null ? new(null, "invalid_request")
            : new(new SandboxPayOutAccountAnswer(set.Id.ToString(), set.LastFour, set.Holder));
    }

    async Task<SandboxAnswer<SandboxBankAnswerAnswer>> Answer(string? id, SandboxBankAnswerBody asked, CancellationToken ct)
    {
        if (!Id.TryParse(id, out PayOutFileId file) || await files.Find(file, ct) is not { } known) return new(null, "not_found");
        if (asked.Rejected?.Any(line => line < 1 || line > known.Row.Lines) == true) return new(null, "invalid_request");
        // A file that was made a moment ago may still be on its way to the bank.
        await outbox.RunNow(file, ct);
        if (!await world.PayOuts.Answer(file, asked.Rejected ?? [], ct)) return new(null, "try_again");
        var after = (await files.Find(file, ct))!.Value.Seen;
        return new(new SandboxBankAnswerAnswer(
            file.ToString(), (int)(after.Paid - after.Returned), (int)after.Rejected, (int)after.Returned));
    }

    async Task<SandboxStatementAnswer> Statement(HttpContext context, CancellationToken ct)
    {
        var day = JapanDay.TryParse(context.Request.Query["day"], out var asked) ? asked : JapanDay.Of(clock.GetUtcNow());
        var moved = await world.PayOuts.Statement(day, ct);
        return new SandboxStatementAnswer(day.ToString(),
            [.. moved.Select(m => new SandboxStatementItem(JapanDay.InTokyo(Instant.OfMilliseconds(m.AtMs)), m.Back ? "return" : "transfer",
                new PayOutFileId(m.File).ToString(), m.Line, m.Holder, m.Amount))],
            moved.Where(m => !m.Back).Sum(m => m.Amount), moved.Where(m => m.Back).Sum(m => m.Amount));
    }
}
