using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>The form of the charge page: one intent is one charge.</summary>
static class ChargeForms
{
    /// <summary>What the page is told when no amount was typed.</summary>
    public const string AmountMissing = "AmountMissing";

    const string Page = "/charge";

    public static void Map(IEndpointRouteBuilder member) => member.MapForm("/charge", Submit);

    /// <summary>A source as forms and addresses name it.</summary>
    public static string NameOf(ChargeSource source) => source.ToString().ToLowerInvariant();

    /// <summary>The source of a name; null when there is none such.</summary>
    public static ChargeSource? SourceOf(string? name) =>
        Enum.GetValues<ChargeSource>().Cast<ChargeSource?>().FirstOrDefault(source => NameOf(source!.Value) == name);

    static async Task<IResult> Submit(
        HttpContext http, [FromForm] string? intent, [FromForm] string? source, [FromForm] string? amount, [FromForm] string? then,
        Charge charge, ChargeLimits limits, MemberDirectory directory, Intents intents, SentBack sentBack, TimeProvider clock,
        CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key) || !TypedAmount.TryRead(amount, out var yen))
            return http.Answer(FormAnswer.RefusedAt(sentBack.Address(http, Page, ("fault", AmountMissing))));
        var payer = await http.Payer(directory, ct);
        // Where no source is open to the member, the form sends none: the first one says why.
        var from = SourceOf(source) ?? (await limits.Of(payer, ct))[0].Source;
        var once = IdempotencyKey.Of(payer.MemberId, key, "page charge", from, yen.Value);
        Answer<Charged, ChargeRefusal> answer;
        try
        {
            answer = await charge.Run(new ChargeRequest(payer, from, yen, once), ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return intents.Unknown(http, IntentKind.Charge, intent!);
        }
        if (answer.Accepted)
            return http.Answer(FormAnswer.Done(
                $"/charge/{answer.Value.ChargeId}"
                    + (string.IsNullOrEmpty(then) ? "" : $"?then={Uri.EscapeDataString(RequestDevice.Then(then))}")));
        // The next try is another charge: this one's answer is remembered.
        return http.Answer(FormAnswer.RefusedAt(
            sentBack.Address(http, Page, ("fault", answer.Refusal.ToString()), ("intent", Id.New(clock).ToString()))));
    }
}
