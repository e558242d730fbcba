using System.CommandLine;
using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>restriction</c>, <c>restriction add MEMBER</c>, <c>restriction lift NUMBER</c>: what members may not do, and why
/// (docs/operating/restrictions.md).
/// </summary>
static class RestrictionCommand
{
    const int Page = 1_000;

    static readonly Argument<string> s_member = new("MEMBER") { Description = "whom: mbr_…" };
    static readonly Argument<string> s_number = new("NUMBER") { Description = "the number that 'restriction add' printed: rst_…" };
    static readonly Option<string> s_by = NamedOperator.Option();
    static readonly Option<string> s_reason = new("--reason")
    { HelpName = "TEXT", Required = true, Description = "why, in a line; operators read it, the member does not" };
    static readonly Option<string?> s_kind = new("--kind")
    {
        HelpName = "WORD",
        Description = "frozen (the default): neither pays nor sends, receives nor charges, and is refunded"
    };
    static readonly Option<string?> s_until = new("--until")
    { HelpName = "DAY", Description = "the last day in Japan on which it holds, 2026-06-30; else until it is lifted" };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "restriction",
            "The restrictions in force: number, whom, what, since when, by whom and why. docs/operating/restrictions.md.") { Adding(),
            Lifting() };
        command.SetAction(async (_, ct) => await List(await WorkingBooks.Open(compose, "restriction"), ct));
        return command;

        Command Adding()
        {
            var adding = new Command(
                "add", "Restricts a member. Once the number is printed, nothing that the restriction forbids is posted any more.") { s_member, s_reason, s_by, s_kind, s_until };
            adding.SetAction(async (asked, ct) => await Add(
                await WorkingBooks.Open(compose, "restriction add"), asked.GetRequiredValue(s_member), asked.GetValue(s_kind),
                asked.GetRequiredValue(s_reason),
                asked.GetRequiredValue(s_by), asked.GetValue(s_until), ct));
            return adding;
        }

        Command Lifting()
        {
            var lifting = new Command("lift", "Ends a restriction before its time. Others that the member is under stay in force.")
            { s_number, s_reason, s_by };
            lifting.SetAction(async (asked, ct) => await Lift(
                await WorkingBooks.Open(compose, "restriction lift"), asked.GetRequiredValue(s_number), asked.GetRequiredValue(s_reason),
                asked.GetRequiredValue(s_by), ct));
            return lifting;
        }
    }

    static async Task<int> Add(IServiceProvider services, string member, string? kind, string reason, string by, string? until,
        CancellationToken ct)
    {
        var kinds = services.GetRequiredService<Catalogue>().All<RestrictionKind>().Where(k => !k.ByRule).ToList();
        var what = kind is null ? RestrictionKind.Frozen : kinds.FirstOrDefault(
            k => string.Equals(k.Name, kind, StringComparison.OrdinalIgnoreCase));
        if (what is null)
            return CommandLine.Refuse(1, $"There is no such kind. There are: {string.Join(", ", kinds.Select(Word))}.");
        if (!Id.TryParse(member, out MemberId id))
            return CommandLine.Refuse(1, $"'{member}' is no member's number.");
        var day = default(DateOnly);
        if (until is not null && !DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            return CommandLine.Refuse(1, $"'{until}' is no day, as in 2026-06-30.");
        var answer = await services.GetRequiredService<Restrict>().Run(
            RestrictRequest.ByOperator(await NamedOperator.Find(services, by, ct), id, what, reason,
                until is null ? null : new JapanDay(day).Next.Start), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        Console.WriteLine(answer.Value.Id);
        return 0;
    }

    static async Task<int> Lift(IServiceProvider services, string number, string reason, string by, CancellationToken ct)
    {
        if (!Id.TryParse(number, out RestrictionId id))
            return CommandLine.Refuse(1, $"'{number}' is no restriction's number.");
        var answer = await services.GetRequiredService<LiftRestriction>().Run(
            new LiftRestrictionRequest(id, reason, await NamedOperator.Find(services, by, ct)), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        Console.WriteLine($"Lifted for {new MemberId(answer.Value.Subject)}.");
        return 0;
    }

    static async Task<int> List(IServiceProvider services, CancellationToken ct)
    {
        var (restrictions, operators) = (services.GetRequiredService<LiftRestriction>(), services.GetRequiredService<Operators>());
        for (var (before, more) = ((RestrictionId?)null, true); more;)
        {
            var some = await restrictions.InForce(Page, before, ct: ct);
            var names = await operators.NamesOf(some.Select(r => r.By.Name), ct);
            foreach (var r in some)
                Console.WriteLine($"{r.Id}  {new MemberId(r.Subject)}  {Word(r.Kind)}  since {JapanDay.Of(r.From)}{Until(r)}, by {By(r, names)}: {r.Reason}");
            more = some.Count == Page;
            before = more ? some[^1].Id : before;
        }
        return 0;
    }

    static string Word(RestrictionKind kind) => kind.Name.ToLowerInvariant();

    static string By(Restriction restriction, IReadOnlyDictionary<string, string> names) => restriction.By.Kind switch
    {
        InitiatorKind.Operator => names[restriction.By.Name],
        InitiatorKind.Member => "the member",
        var kind => $"{kind.ToString().ToLowerInvariant()} {restriction.By.Name}",
    };

    static string Until(Restriction restriction) => restriction.Until is { } end ? $", until {JapanDay.Of(end).Previous}" : "";

    static string Why(RestrictRefusal refusal) => refusal switch
    {
        RestrictRefusal.InvalidRequest => "A reason is a line that can be read, at most 200 characters.",
        RestrictRefusal.InvalidUntil => "The day of --until is over.",
        RestrictRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Security),
        RestrictRefusal.NotFound => "There is no such member.",
        RestrictRefusal.Restricted =>
            "You restricted this member in this way for this reason before, and that is in force; 'restriction' lists it.",
        _ => $"It was refused: {refusal}.",
    };

    static string Why(LiftRestrictionRefusal refusal) => refusal switch
    {
        LiftRestrictionRefusal.InvalidRequest => "A reason is a line that can be read, at most 200 characters.",
        LiftRestrictionRefusal.NotFound => "There is no such restriction; 'restriction' lists those in force.",
        LiftRestrictionRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Security),
        LiftRestrictionRefusal.Ended => "It was lifted before, or its time is over.",
        _ => $"It was refused: {refusal}.",
    };
}
