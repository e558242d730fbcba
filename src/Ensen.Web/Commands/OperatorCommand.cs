using System.CommandLine;
using Ensen.Basics;
using Ensen.Staff;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>operator</c>, <c>operator invite NAME</c>, <c>operator dismiss OPERATOR</c>: how whoever administers the machine lets the first
/// people into the console (docs/operating/console.md).
/// </summary>
static class OperatorCommand
{
    static readonly Argument<string> s_name = new("NAME") { Description = "the person's name; several words in quotes" };
    static readonly Argument<string> s_account = new("OPERATOR") { Description = "a sign-in name, or opr_…" };
    static readonly Option<string> s_signIn = new("--sign-in")
    { HelpName = "NAME", Required = true, Description = "by what the account signs in: letters, digits and . _ - @ +" };
    static readonly Option<string[]> s_roles = new("--role")
    {
        HelpName = "ROLE",
        Description = $"{string.Join(", ", RoleNames.In(RoleNames.All))}; may be repeated. Without it, all of them",
    };
    static readonly Option<string?> s_person = new("--person")
    { HelpName = "PERSON", Description = "per_… of somebody who has an account: this one is the same person's" };
    static readonly Option<string> s_reason = new("--reason")
    { HelpName = "TEXT", Required = true, Description = "why, in a line; it stands in the log" };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command("operator", "The operators: account, person, sign-in name, state, roles. docs/operating/console.md.")
        { Inviting(), Dismissing() };
        command.SetAction(async (_, ct) => await List((await WorkingBooks.Open(compose, "operator")).GetRequiredService<Operators>(), ct));
        return command;

        Command Inviting()
        {
            var inviting = new Command(
                "invite", "Invites a person into the console and prints a link that is used once; needs no second person's approval.")
            { s_name, s_signIn, s_roles, s_person };
            inviting.SetAction(async (asked, ct) => await Invite(await WorkingBooks.Open(compose, "operator invite"), asked, ct));
            return inviting;
        }

        Command Dismissing()
        {
            var dismissing = new Command("dismiss", "Ends an operator's account for ever, and its sessions at once.")
            { s_account, s_reason };
            dismissing.SetAction(async (asked, ct) => await Dismiss(
                await WorkingBooks.Open(compose, "operator dismiss"), asked.GetRequiredValue(s_account),
                asked.GetRequiredValue(s_reason), ct));
            return dismissing;
        }
    }

    static async Task<int> Invite(IServiceProvider services, ParseResult asked, CancellationToken ct)
    {
        var words = asked.GetValue(s_roles) ?? [];
        if ((words.Length == 0 ? RoleNames.All : RoleNames.Read(words)) is not { } roles)
            return CommandLine.Refuse(1, $"There is no such role. There are: {string.Join(", ", RoleNames.In(RoleNames.All))}.");
        PersonId? person = null;
        if (asked.GetValue(s_person) is { } text)
        {
            if (!Id.TryParse(text, out PersonId known))
                return CommandLine.Refuse(1, $"'{text}' is no person's number.");
            person = known;
        }
        var answer = await services.GetRequiredService<InviteOperator>().Run(
            new InviteOperatorRequest(asked.GetRequiredValue(s_name), asked.GetRequiredValue(s_signIn), roles, person, By: null), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        var invited = answer.Value;
        Console.WriteLine($"Account    {invited.Account}");
        Console.WriteLine($"Person     {invited.Person}");
        Console.WriteLine($"Roles      {string.Join(' ', RoleNames.In(roles))}");
        Console.WriteLine($"Link       {services.GetRequiredService<Programme>().Origin}/console/join/{invited.Token}");
        Console.WriteLine($"The link is shown only now, opens once, and until {JapanDay.InTokyo(invited.Until):yyyy-MM-dd HH:mm}. Whoever has it becomes this operator.");
        return 0;
    }

    static async Task<int> Dismiss(IServiceProvider services, string account, string reason, CancellationToken ct)
    {
        var named = await NamedOperator.Find(services, account, ct);
        var answer = await services.GetRequiredService<DismissOperator>().Run(
            new DismissOperatorRequest(named.Account, reason, By: null), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, answer.Refusal switch
            {
                DismissOperatorRefusal.InvalidRequest => "A reason is a line that can be read, at most 200 characters.",
                DismissOperatorRefusal.NotFound => "There is no such operator; 'operator' lists them.",
                DismissOperatorRefusal.Ended => "That account was dismissed before.",
                var other => $"It was refused: {other}.",
            });
        Console.WriteLine($"Dismissed {answer.Value.Id} of {answer.Value.Name}.");
        return 0;
    }

    static async Task<int> List(Operators operators, CancellationToken ct)
    {
        foreach (var account in await operators.All(ct))
            Console.WriteLine(
                $"{account.Id}  {account.Person}  {account.SignInName}  {account.State.ToString().ToLowerInvariant()}  {string.Join(' ', RoleNames.In(account.Roles))}  {account.Name}");
        return 0;
    }

    static string Why(InviteOperatorRefusal refusal) => refusal switch
    {
        InviteOperatorRefusal.InvalidRequest =>
            "A person has a name on one line, of visible characters; a sign-in name has 2 to 60 letters, digits and . _ - @ +.",
        InviteOperatorRefusal.NotFound => "There is no such person; 'operator' lists them.",
        InviteOperatorRefusal.NameTaken => "Another account signs in by that name.",
        _ => $"It was refused: {refusal}.",
    };
}
