using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>
/// The two forms of the send page: whom and how much, then the transfer itself under the intent that the first form was given.
/// </summary>
static class SendForms
{
    /// <summary>What the page is told when there is less money than was asked to be sent.</summary>
    public const string Lacking = "Lacking";

    const string Page = "/send";
    const int LongestNote = 100;

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/send/find", Find);
        member.MapForm("/send", Send).NeedsDevice(Spending.Transfers);
    }

    /// <summary>After a proof, where the browser could not sign: the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Transfers, Page, (http, typed, _) => Task.FromResult(Results.LocalRedirect(
            http.RequestServices.GetRequiredService<SentBack>().Address(http, Page, typed)))),
    ];

    static async Task<IResult> Find(
        HttpContext http, [FromForm] string? to, [FromForm] string? person, [FromForm] string? amount, [FromForm] string? note,
        MemberDirectory directory, Balances balances, Receivers receivers, Intents intents, SentBack sentBack, CancellationToken ct)
    {
        var sender = await http.Payer(directory, ct);
        var fault = !TypedAmount.TryRead(amount, out var yen) ? "AmountMissing"
            : yen > (await balances.Of(sender, ct)).Money ? Lacking
            : IsNote(note) ? null
            : "NoteFault";
        if (fault is not null)
            return Results.LocalRedirect(sentBack.Address(http, Page, ("fault", fault)));

        var found = await receivers.Open(person, ct) ?? (await receivers.MayLook(sender.MemberId, ct) ? await receivers.Find(to, ct)
            : null);
        // Of those to whom nothing can be sent nobody learns whether they are members.
        fault = found?.Id == sender.MemberId ? "ToMyself" : found is { Verified: true } ? null : "NoReceiver";
        return Results.LocalRedirect(fault is null
            ? sentBack.Address(http, Page, ("receiver", receivers.Seal(found!.Id)),
                ("intent", await intents.Open(http, IntentKind.Transfer, ct)))
            : sentBack.Address(http, Page, ("fault", fault)));
    }

    static async Task<IResult> Send(
        HttpContext http, [FromForm] string? intent, [FromForm] string? receiver, [FromForm] string? amount, [FromForm] string? note,
        Transfer transfer, MemberDirectory directory, Receivers receivers, Intents intents, SentBack sentBack, TimeProvider clock,
        CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key) || !TypedAmount.TryRead(amount, out var yen)
            || await receivers.Open(receiver, ct) is not { } to)
            return http.Answer(FormAnswer.RefusedAt(sentBack.Address(http, Page, ("fault", "invalid_request"), ("receiver", ""))));
        var sender = await http.Payer(directory, ct);
        var text = note?.Trim() is { Length: > 0 } written ? written : null;
        var once = IdempotencyKey.Of(sender.MemberId, key, "page transfer", to.Id, yen.Value, text);
        Answer<Transferred, TransferRefusal> answer;
        try
        {
            answer = await transfer.Run(
                new TransferRequest(sender, Payer.Of(to, clock.GetUtcNow()), yen, text, Initiator.Member(sender.MemberId), [once]), ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return intents.Unknown(http, IntentKind.Transfer, intent!);
        }
        if (answer.Accepted)
            return http.Answer(FormAnswer.Done($"/send/done/{answer.Value.TransferId}"));
        // The next try is another transfer: this one's answer is remembered.
        var fault = answer.Refusal == TransferRefusal.InsufficientBalance ? Lacking : Problem.Code(answer.Refusal.ToString());
        return http.Answer(FormAnswer.RefusedAt(sentBack.Address(http, Page, ("fault", fault), ("intent", Id.New(clock).ToString()))));
    }

    static bool IsNote(string? note) => NoteText.IsFine(note?.Trim(), LongestNote);
}
