using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;

namespace Ensen.Web;

/// <summary><c>send-test-mail ADDRESS</c>: whether the mail server takes what this installation sends.</summary>
static class TestMailCommand
{
    public const string Name = "send-test-mail";

    public static async Task<int> Run(IServiceProvider services, IReadOnlyList<string> words)
    {
        if (words is not [var to] || !EmailAddress.TryParse(to, out var address, out _))
            return Say(2, "send-test-mail ADDRESS: the address of a mailbox that you can read.");
        if (!services.GetRequiredService<Outside>().Has(Gateway.Mail))
            return Say(2, $"No mail is set up here: {MailSettings.Host.Name} is not set.");
        var programme = services.GetRequiredService<Programme>();
        var mail = new Mail(Id.New(services.GetRequiredService<TimeProvider>()), address,
            $"【{programme.Name}】テストメール / test mail", $"{programme.Name} からのメールは届いています。\n\nMail from {programme.Name} arrives: {programme.Origin}\n");
        try
        {
            var reply = await services.GetRequiredService<IMail>().Send(mail, CancellationToken.None);
            return reply.Kind == ReplyKind.Accepted
                ? Say(0, $"The mail server took it, as {Id.Bare(mail.Id)}.")
                : Say(1, $"The mail server does not take it: {reply}.");
        }
        catch (MailNotTakenException e)
        {
            return Say(1, e.Message);
        }
    }

    static int Say(int code, string words)
    {
        (code == 0 ? Console.Out : Console.Error).WriteLine(words);
        return code;
    }
}
