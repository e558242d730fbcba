using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record RegistrationBody(
    string Name, string Email, string Telephone, string Password, string Language, bool Newsletter = false, bool PostalMail = false);

/// <summary>What happened is told to the mailbox alone; <paramref name="Status"/> is always <c>mailed</c>.</summary>
sealed record RegistrationAnswer(string Status);

/// <summary>Whether the address is the account's, now that its owner has said so.</summary>
sealed record AddressAnswer(bool Confirmed);

/// <summary>The secret of a mail's link: what stands behind <c>token=</c>.</summary>
sealed record MailTokenBody(string Token);

/// <summary>
/// Becoming a member. Whoever asks hears the same whether or not the address is somebody's; the mailbox hears which.
/// </summary>
static class RegistrationsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var open = api.MapGroup("/registrations").AllowAnonymous();
        open.MapPost("", Create)
            .Named("register",
                "Registers a person. Answered 202 whether or not the address is taken: a mail goes to it, with a link that confirms it or says that "
                + "it is registered already. A password against the programme's rule is refused (invalid_request).")
            .Produces<RegistrationAnswer>(202).Refuses(400, 429);
        open.MapPost("/confirmations", Confirm)
            .Named("confirmAddress", "Says that the address is the member's, with the token of the mail's link. It is used once.")
            .Produces<AddressAnswer>().Refuses(400, 409, 410);
        open.MapPost("/releases", Release)
            .Named("releaseAddress",
                "Says that the address is not the member's: somebody typed it by mistake. It is free again, and the account is left without one.")
            .Produces<AddressAnswer>().Refuses(400, 409, 410);
    }

    static async Task<IResult> Create(HttpContext context, Body<RegistrationBody> body, Register register, Programme programme,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Languages.Find(asked.Language) is null) return Problem.Invalid("language");
        var wanted = new RegisterRequest(asked.Name, asked.Email, asked.Telephone, asked.Password, asked.Language,
            RequestDevice.AddressOf(context), asked.Newsletter, asked.PostalMail);
        var answer = await register.Run(wanted, ct);
        return answer.Refusal switch
        {
            RegisterRefusal.None or RegisterRefusal.EmailTaken => Results.Json(new RegistrationAnswer("mailed"), statusCode: 202),
            RegisterRefusal.TooManyRequests => new Problem("too_many_requests", Register.ComeAgain),
            _ => Problem.Invalid([.. Register.Check(programme.Membership, wanted).Select(FieldOf).OfType<string>()]),
        };
    }

    static string? FieldOf(RegisterRefusal refusal) => refusal switch
    {
        RegisterRefusal.InvalidName => "name",
        RegisterRefusal.InvalidEmail => "email",
        RegisterRefusal.InvalidTelephone => "telephone",
        RegisterRefusal.WeakPassword => "password",
        _ => null,
    };

    static async Task<IResult> Confirm(Body<MailTokenBody> body, ConfirmMail confirm, CancellationToken ct) =>
        body.Value is { } asked ? Of(await confirm.Run(asked.Token, ct)) : body.Problem!;

    static async Task<IResult> Release(Body<MailTokenBody> body, ConfirmMail confirm, CancellationToken ct) =>
        body.Value is { } asked ? Of(await confirm.Release(asked.Token, ct)) : body.Problem!;

    static IResult Of(Answer<Member, ConfirmMailRefusal> answer) =>
        answer.Accepted ? Results.Ok(new AddressAnswer(answer.Value.MailConfirmed)) : Problem.OfLink(answer.Refusal);
}
