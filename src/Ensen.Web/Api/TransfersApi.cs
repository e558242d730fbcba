using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Members;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <param name="To">A member's id, their confirmed e-mail address or their telephone.</param>
sealed record TransferBody(string To, [property: JsonConverter(typeof(WholeAmount))] long Amount, string? Note = null);

sealed record TransferAnswer(string TransferId, string Status, long Amount, long Balance);

/// <summary>Money from member to member.</summary>
static class TransfersApi
{
    const int LongestNote = 100;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/transfers", Create)
            .Named("transfer", "Sends money to another member.")
            .RequireAuthorization(Policies.Member).MovesValue<TransferAnswer>().NeedsProgram(Spending.Transfers);

    static async Task<IResult> Create(HttpContext context, Body<TransferBody> body, Transfer transfer, MemberDirectory directory,
        Receivers receivers, TimeProvider clock, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Keys.Key(context, context.MemberId(), "transfer", asked.To, asked.Amount, asked.Note) is not { } key)
            return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");
        if (!NoteText.IsFine(asked.Note, LongestNote)) return Problem.Invalid("note");
        if (await transfer.Earlier([key], ct) is { } earlier) return await Answer(context, earlier, ct);
        var (to, problem) = await Addressee.Find(context, receivers, asked.To, ct);
        if (to is not { } found || await directory.Find(found, ct) is not { HasLeft: false } receiver)
            return problem ?? new Problem("not_found");

        var sender = await context.Payer(directory, ct);
        var answer = await transfer.Run(new TransferRequest(
            sender, Payer.Of(receiver, clock.GetUtcNow()), asked.Amount.Yen(), asked.Note, Initiator.Member(sender.MemberId),
            [key]), ct);
        return await Answer(context, answer, ct);
    }

    static async Task<IResult> Answer(HttpContext context, Answer<Transferred, TransferRefusal> answer, CancellationToken ct)
    {
        Keys.Mark(context, answer);
        return answer.Accepted
            ? Results.Created((string?)null, new TransferAnswer(
                answer.Value.TransferId.ToString(), "completed", answer.Value.Amount.Value, answer.Value.Balance.Value))
            : answer.Refusal == TransferRefusal.OverLimit ? await Problem.OverLimit(context, ct)
            : Problem.Of(answer.Refusal);
    }
}
