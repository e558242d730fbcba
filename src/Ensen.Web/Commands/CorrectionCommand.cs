using System.CommandLine;
using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>correction</c>, <c>correction propose ENTRY</c>, <c>correction approve PROPOSAL</c>, <c>correction withdraw PROPOSAL</c>: two
/// operators set right what an entry did (docs/operating/corrections.md).
/// </summary>
static class CorrectionCommand
{
    const string Programme = "programme";

    static readonly Argument<string> s_entry = new("ENTRY") { Description = "what was wrong: pay_…, ref_…, chg_…, trf_…, ent_… or cor_…" };
    static readonly Argument<string> s_proposal = new("PROPOSAL") { Description = "the number that 'correction propose' printed" };
    static readonly Option<string> s_by = NamedOperator.Option();
    static readonly Option<string> s_reason = new("--reason")
    { HelpName = "TEXT", Required = true, Description = "why, in a line; the member reads it" };
    static readonly Option<string> s_why = new("--reason")
    { HelpName = "TEXT", Required = true, Description = "why, in a line; for operators" };
    static readonly Option<string[]> s_moves = new("--move")
    {
        HelpName = "OWNER:ACCOUNT:AMOUNT",
        Required = true,
        Description =
            "mbr_…:money:500, str_…:payable:-500, programme:suspense:-500, mbr_…:points@2028-03-31:12; repeated, and the sum is zero",
    };

    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command("correction", "The corrections that wait for a second person. docs/operating/corrections.md.")
        { Proposing(), Approving(), Withdrawing() };
        command.SetAction(async (_, ct) => await List(await WorkingBooks.Open(compose, "correction"), ct));
        return command;

        Command Proposing()
        {
            var propose = new Command("propose", "Asks for a correction of an entry; nothing is posted until another operator approves.")
            { s_entry, s_moves, s_reason, s_by };
            propose.SetAction(async (asked, ct) => await Propose(
                await WorkingBooks.Open(compose, "correction propose"), asked.GetRequiredValue(s_entry), asked.GetRequiredValue(s_moves),
                asked.GetRequiredValue(s_reason), asked.GetRequiredValue(s_by), ct));
            return propose;
        }

        Command Approving()
        {
            var approve = new Command("approve", "Posts a correction that another operator asked for.") { s_proposal, s_by };
            approve.SetAction(async (asked, ct) => await Approve(
                await WorkingBooks.Open(compose, "correction approve"), asked.GetRequiredValue(s_proposal),
                asked.GetRequiredValue(s_by), ct));
            return approve;
        }

        Command Withdrawing()
        {
            var withdraw = new Command("withdraw", "Takes back a correction that waits: it is neither listed nor approved any more.")
            { s_proposal, s_why, s_by };
            withdraw.SetAction(async (asked, ct) => await Withdraw(
                await WorkingBooks.Open(compose, "correction withdraw"), asked.GetRequiredValue(s_proposal),
                asked.GetRequiredValue(s_why), asked.GetRequiredValue(s_by), ct));
            return withdraw;
        }
    }

    static async Task<int> Propose(IServiceProvider services, string entry, string[] moves, string reason, string by, CancellationToken ct)
    {
        if (!Ids.TryParseEntry(entry, out var known))
            return CommandLine.Refuse(1, $"'{entry}' is no entry's number.");
        var legs = new List<Leg>();
        foreach (var move in moves)
            if (Read(move, services.GetRequiredService<Catalogue>()) is { } leg)
                legs.Add(leg);
            else
                return CommandLine.Refuse(
                    1, $"'{move}' is not OWNER:ACCOUNT:AMOUNT, as in mbr_…:money:500; points have a day, points@2028-03-31.");
        var acting = await NamedOperator.Find(services, by, ct);
        await using var connection = await services.GetRequiredService<Database>().Connect(ct);
        var answer = await services.GetRequiredService<ProposeCorrection>().Run(
            new ProposeCorrectionRequest(
                (await Charges.Find(connection, new ChargeId(known)))?.EntryId ?? known, reason, acting, legs), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        Console.WriteLine(answer.Value.Id);
        Console.WriteLine("Nothing is posted yet: another operator says 'correction approve' with this number.");
        return 0;
    }

    static async Task<int> Approve(IServiceProvider services, string proposal, string by, CancellationToken ct)
    {
        if (!Id.TryParse(proposal, out ProposalId id))
            return CommandLine.Refuse(1, $"'{proposal}' is no proposal's number.");
        await using var ledger = services.GetRequiredService<GeneralLedger>();
        var answer = await services.GetRequiredService<ApproveCorrection>().Run(id, await NamedOperator.Find(services, by, ct), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        Console.WriteLine($"Posted as {Id.Format(EntryKind.Correction.Prefix, answer.Value.EntryId)}.");
        return 0;
    }

    static async Task<int> Withdraw(IServiceProvider services, string proposal, string reason, string by, CancellationToken ct)
    {
        if (!Id.TryParse(proposal, out ProposalId id))
            return CommandLine.Refuse(1, $"'{proposal}' is no proposal's number.");
        var answer = await services.GetRequiredService<WithdrawCorrection>().Run(
            new WithdrawCorrectionRequest(id, reason, await NamedOperator.Find(services, by, ct)), ct);
        if (!answer.Accepted)
            return CommandLine.Refuse(1, Why(answer.Refusal));
        Console.WriteLine($"Withdrawn; nothing was posted for {answer.Value.Corrects}.");
        return 0;
    }

    static async Task<int> List(IServiceProvider services, CancellationToken ct)
    {
        var corrections = services.GetRequiredService<ApproveCorrection>();
        var waiting = await corrections.Waiting(ct);
        var names = await services.GetRequiredService<Operators>().NamesOf(waiting.Select(p => p.ProposedBy), ct);
        foreach (var proposal in waiting)
        {
            var owners = await corrections.OwnersOf(proposal, ct);
            Console.WriteLine($"{proposal.Id}  {JapanDay.Of(proposal.At)}  of {proposal.Corrects}, by {names[proposal.ProposedBy]}: {proposal.Reason}");
            foreach (var leg in proposal.Legs)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {leg.AccountType.Word,-15}{leg.Amount,14:+#,0;-#,0}  {(leg.Owner == Chart.Operator ? Programme : owners[leg.Owner])}"));
        }
        return 0;
    }

    /// <summary>One <c>OWNER:ACCOUNT:AMOUNT</c>; null when it is not of that form.</summary>
    static Leg? Read(string move, Catalogue catalogue)
    {
        if (move.Split(':') is not [var who, var where, var amount] || Owner(who, catalogue) is not { } owner)
            return null;
        var (name, day) = where.Split('@') is [var word, var last] ? (word, last) : (where, null);
        var term = 0;
        if (day is not null)
        {
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return null;
            term = new JapanDay(date).Number;
        }
        return catalogue.All<AccountType>().FirstOrDefault(t => t.Word == name) is { } type
            && (type is { IsGuarded: true, IsPool: false, Unit: Unit.Point }) == (term > 0)
            && long.TryParse(amount, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? new Leg(owner, type, term, value)
                : null;
    }

    static Guid? Owner(string who, Catalogue catalogue)
    {
        if (who == Programme)
            return Chart.Operator;
        foreach (var prefix in catalogue.All<IdPrefix>().Where(p => p.OwnersTable is not null))
            if (Id.TryParse(prefix.Name, who, out var id))
                return id;
        return null;
    }

    static string Why(ProposeCorrectionRefusal refusal) => refusal switch
    {
        ProposeCorrectionRefusal.InvalidRequest =>
            "A reason is a line that can be read, at most 200 characters; a correction has at most 100 moves.",
        ProposeCorrectionRefusal.NotFound => "There is no such entry.",
        ProposeCorrectionRefusal.NotAParty =>
            "A correction moves what belongs to the entry's own parties and to the programme, and nobody else's.",
        ProposeCorrectionRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Corrections),
        ProposeCorrectionRefusal.Unbalanced => "The moves do not sum to zero, in yen and in points; and each moves something.",
        _ => $"It was refused: {refusal}.",
    };

    static string Why(ApproveCorrectionRefusal refusal) => refusal switch
    {
        ApproveCorrectionRefusal.NotFound => "There is no such proposal; 'correction' lists those that wait.",
        ApproveCorrectionRefusal.SamePerson => "Whoever proposed a correction does not approve it, too, by whichever account.",
        ApproveCorrectionRefusal.Posted => "It was posted already.",
        ApproveCorrectionRefusal.Withdrawn => "It was withdrawn; what is still wrong is proposed anew.",
        ApproveCorrectionRefusal.AlreadyCorrected =>
            "It was corrected or refunded already: correct what is still wrong in that correction or refund, by its own number.",
        ApproveCorrectionRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Corrections),
        ApproveCorrectionRefusal.InsufficientBalance => "An account that never falls below zero would; nothing was posted.",
        _ => $"It was refused: {refusal}.",
    };

    static string Why(WithdrawCorrectionRefusal refusal) => refusal switch
    {
        WithdrawCorrectionRefusal.InvalidRequest => "A reason is a line that can be read, at most 200 characters.",
        WithdrawCorrectionRefusal.NotFound => "There is no such proposal; 'correction' lists those that wait.",
        WithdrawCorrectionRefusal.Posted => "It was posted already: what is wrong with it is corrected in the correction, by its own number.",
        WithdrawCorrectionRefusal.Forbidden => NamedOperator.MayNot(OperatorRoles.Corrections),
        WithdrawCorrectionRefusal.Withdrawn => "It was withdrawn before.",
        _ => $"It was refused: {refusal}.",
    };
}
