using System.CommandLine;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Web.Commands;

/// <summary><c>send-test-mail ADDRESS</c>: whether the mail server takes what this installation sends (docs/operating/mail.md).</summary>
static class TestMailCommand
{
    static readonly Argument<string> s_to = new("ADDRESS")
    {
        Description = "a mailbox that you can read",
        CustomParser = given =>
        {
            if (EmailAddress.TryParse(given.Tokens[0].Value, out var address, out _))
                return address;
            given.AddError($"'{given.Tokens[0].Value}' is no e-mail address.");
            return "";
        },
    };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "send-test-mail", "Sends one mail as the server would, and says what the mail server answered. Ends with 0 when it was taken, "
            + "1 when not, 2 when no mail is set up. docs/operating/mail.md.") { s_to };
        command.SetAction(async (asked, ct) =>
        {
            var services = await WorkingBooks.Open(compose, command.Name);
            if (!services.GetRequiredService<ExternalGateways>().Has(Gateway.Mail))
                throw new NotAskedException($"No mail is set up here: {MailSettings.Host.Name} is not set.");
            return await Send(services, asked.GetRequiredValue(s_to), ct);
        });
        return command;
    }

    static async Task<int> Send(IServiceProvider services, string to, CancellationToken ct)
    {
        var programme = services.GetRequiredService<Programme>();
        var mail = new Mail(Id.New(services.GetRequiredService<TimeProvider>()), to,
            $"【{programme.Name}】テストメール / test mail",
            $"{programme.Name} からのメールは届いています。\n\nMail from {programme.Name} arrives: {programme.Origin}\n");
        try
        {
            var reply = await services.GetRequiredService<IMail>().Send(mail, ct);
            if (reply.Kind != ReplyKind.Accepted)
                return CommandLine.Refuse(1, $"The mail server does not take it: {reply}.");
            Console.WriteLine($"The mail server took it, as {Id.Bare(mail.Id)}.");
            return 0;
        }
        catch (MailNotTakenException e)
        {
            return CommandLine.Refuse(1, e.Message);
        }
    }
}
