using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record EmailBody(string Email);

sealed record TelephoneBody(string Telephone);

/// <summary>What happens next: a mail was sent (<c>mailed</c>), or the new telephone is to call (<c>awaited</c>).</summary>
sealed record ContactAnswer(string Status);

/// <summary>A change under way: to what, masked, and until when that is waited for.</summary>
sealed record ContactChangeAnswer(string To, DateTimeOffset Until);

/// <summary>What is under way; null where nothing is.</summary>
sealed record ContactChangesAnswer(ContactChangeAnswer? Email, ContactChangeAnswer? Telephone);

/// <summary>The member's own address and telephone, and what the links of the mails do.</summary>
static class ContactApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/me/email", ChangeEmail)
            .Named("changeEmail",
                "Asks for another address; takes a Step-Up (purpose `change_email`). Answered the same whether or not the address is somebody's: a "
                + "mail goes to it, and one with a link that takes the change back to the address before.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Challenges).MayTakeStepUp()
            .Produces<ContactAnswer>(202).Refuses(400, 422, 429);
        api.MapPut("/me/telephone", ChangeNumber)
            .Named("changeTelephone",
                "Names another telephone; takes a Step-Up (purpose `change_telephone`). Then a challenge with purpose `new_telephone` by `call` is "
                + "passed from the new one.")
            .RequireAuthorization(Policies.Member).RequireRateLimiting(RateLimits.Challenges).MayTakeStepUp()
            .Produces<ContactAnswer>(202).Refuses(400);
        api.MapPost("/me/telephone/confirmation", FinishNumber)
            .Named("finishTelephone",
                "Makes the telephone that was named the registered one; takes a Step-Up (purpose `new_telephone`). Low caps hold for a while after it.")
            .RequireAuthorization(Policies.Member).MayTakeStepUp().Produces<ProfileAnswer>().Refuses(404);
        api.MapGet("/me/changes", ReadChanges)
            .Named("readContactChanges", "The address and the telephone that are still to be shown, masked, and until when each is waited for.")
            .RequireAuthorization(Policies.Member).Produces<ContactChangesAnswer>();
        api.MapDelete("/me/changes", WithdrawChanges)
            .Named("withdrawContactChanges", "Withdraws whatever change of address or telephone is under way; it takes no Step-Up.")
            .RequireAuthorization(Policies.Member).Produces(204);
        var open = api.MapGroup("/registrations/email-changes").AllowAnonymous();
        open.MapPost("/confirmations", Confirm)
            .Named("confirmEmailChange", "Makes a change of address, with the token of the link in the mail to the new one. It is used once.")
            .Produces<AddressAnswer>().Refuses(400, 409, 410);
        open.MapPost("/undos", Undo)
            .Named("undoEmailChange",
                "Takes a change of address back, with the token of the link in the mail to the address before: the wallet is frozen, every session "
                + "ends, and the password opens nothing until another is set.")
            .Produces<AddressAnswer>().Refuses(400, 409, 410);
    }

    static async Task<IResult> ChangeEmail(HttpContext context, Body<EmailBody> body, ChangeMail change, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await change.Ask(new ChangeMailRequest(
            context.MemberId(), asked.Email, context.Proof(), RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context)), ct);
        return answer.Refusal switch
        {
            ChangeMailRefusal.None => Results.Json(new ContactAnswer("mailed"), statusCode: 202),
            ChangeMailRefusal.StepUpRequired => Problem.StepUpRequired,
            ChangeMailRefusal.InvalidRequest => Problem.Invalid("email"),
            _ => Problem.Of(answer.Refusal, answer.Refusal == ChangeMailRefusal.TooManyRequests ? TimeSpan.FromHours(1) : null),
        };
    }

    static async Task<IResult> ChangeNumber(HttpContext context, Body<TelephoneBody> body, ChangeTelephone change, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        return await change.Ask(new ChangeTelephoneRequest(context.MemberId(), asked.Telephone, context.Proof()), ct) switch
        {
            ChangeTelephoneRefusal.None => Results.Json(new ContactAnswer("awaited"), statusCode: 202),
            ChangeTelephoneRefusal.StepUpRequired => Problem.StepUpRequired,
            _ => Problem.Invalid("telephone"),
        };
    }

    static async Task<IResult> ReadChanges(HttpContext context, ChangeMail mail, ChangeTelephone telephone, CancellationToken ct) =>
        Results.Ok(new ContactChangesAnswer(
            Of(await mail.UnderWay(context.MemberId(), ct)), Of(await telephone.UnderWay(context.MemberId(), ct))));

    static async Task<IResult> WithdrawChanges(HttpContext context, ChangeMail mail, ChangeTelephone telephone, CancellationToken ct)
    {
        await mail.Withdraw(context.MemberId(), ct);
        await telephone.Withdraw(context.MemberId(), ct);
        return Results.NoContent();
    }

    static ContactChangeAnswer? Of(ChangeUnderWay? change) =>
        change is null ? null : new ContactChangeAnswer(change.Masked, JapanDay.InTokyo(change.Until));

    static async Task<IResult> FinishNumber(HttpContext context, ChangeTelephone change, CancellationToken ct)
    {
        var answer = await change.Finish(context.MemberId(), context.Proof(), RequestDevice.DeviceOf(context), ct);
        return answer.Accepted ? Results.Ok(ProfileAnswer.Of(answer.Value))
            : answer.Refusal == ChangeTelephoneRefusal.StepUpRequired ? Problem.StepUpRequired
            : Problem.Of(answer.Refusal);
    }

    static async Task<IResult> Confirm(Body<MailTokenBody> body, ChangeMail change, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await change.Confirm(asked.Token, ct);
        return answer.Accepted ? Results.Ok(new AddressAnswer(true)) : Problem.OfLink(answer.Refusal);
    }

    static async Task<IResult> Undo(HttpContext context, Body<MailTokenBody> body, UndoMailChange undo, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await undo.Run(asked.Token, RequestDevice.DeviceOf(context), ct);
        return answer.Accepted ? Results.Ok(new AddressAnswer(true)) : Problem.OfLink(answer.Refusal);
    }
}
