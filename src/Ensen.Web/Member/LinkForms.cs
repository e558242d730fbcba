using Ensen.Access;
using Ensen.Basics;
using Ensen.Links;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>Making a link under the intent that its page was given, taking one back, and claiming one that was opened.</summary>
static class LinkForms
{
    const string Page = "/send/link";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/send/link", Create).NeedsDevice(Spending.Links);
        member.MapForm("/send/links/back", TakeBack);
        member.MapForm("/l/claim", Claim);
    }

    /// <summary>After a proof, where the browser could not sign: the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Links, Page, (http, typed, _) => Task.FromResult(Results.LocalRedirect(
            http.RequestServices.GetRequiredService<SentBack>().Address(http, Page, typed)))),
    ];

    static async Task<IResult> Create(
        HttpContext http, [FromForm] string? intent, [FromForm] string? amount, [FromForm] string? note, CreateLink create,
        MemberDirectory directory, Intents intents, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key) || !TypedAmount.TryRead(amount, out var yen))
            return http.Answer(FormAnswer.RefusedAt(sentBack.Address(http, Page, ("fault", "AmountMissing"))));
        var sender = await http.Payer(directory, ct);
        var text = note?.Trim() is { Length: > 0 } written ? written : null;
        Answer<LinkCreated, CreateLinkRefusal> answer;
        try
        {
            answer = await create.Run(new CreateLinkRequest(
                sender, yen, text, [IdempotencyKey.Of(sender.MemberId, key, "page link", yen.Value, text)]), ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return intents.Unknown(http, IntentKind.Link, intent!);
        }
        if (answer.Accepted)
            return http.Answer(FormAnswer.Done($"/send/links/{answer.Value.LinkId}"));
        // The next try is another link: this one's answer is remembered.
        var fault = answer.Refusal switch
        {
            CreateLinkRefusal.InsufficientBalance => SendForms.Lacking,
            CreateLinkRefusal.InvalidRequest => "NoteFault",
            var other => Problem.Code(other.ToString()),
        };
        return http.Answer(FormAnswer.RefusedAt(sentBack.Address(http, Page, ("fault", fault), ("intent", Id.New(clock).ToString()))));
    }

    static async Task<IResult> TakeBack(
        HttpContext http, [FromForm] string? link, ReturnLink back, CancellationToken ct)
    {
        if (!Id.TryParse(link, out LinkId id))
            return Results.LocalRedirect("/send/links");
        // Of one link there is one end: pressed twice it is the same, whatever the key.
        await back.Withdraw(http.MemberId(), id, [], ct);
        return Results.LocalRedirect($"/send/links/{id}");
    }

    static async Task<IResult> Claim(
        HttpContext http, [FromForm] string? intent, [FromForm] string? token, ClaimLink claim, MemberDirectory directory,
        CancellationToken ct)
    {
        var address = "/l/" + Uri.EscapeDataString(token ?? "");
        if (!FormInput.TryIntent(intent, out var key))
            return Results.LocalRedirect(address);
        var receiver = await http.Payer(directory, ct);
        var answer = await claim.Run(new ClaimLinkRequest(
            receiver, token ?? "", [IdempotencyKey.Of(receiver.MemberId, key, "page claim", token)]), ct);
        return Results.LocalRedirect(answer.Accepted ? address : $"{address}?fault={answer.Refusal}");
    }
}
