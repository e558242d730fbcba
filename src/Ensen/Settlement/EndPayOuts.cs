using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Settlement;

/// <summary>How many lines of a file ended by what the bank said.</summary>
[StoredAs("pay-outs-ended")]
public sealed record PayOutsEnded(int Paid, int Rejected, int Returned);

/// <summary>Why nothing ended.</summary>
public enum EndPayOutsRefusal
{
    None = 0,

    /// <summary>All of it was booked before.</summary>
    AlreadyEnded = 1,
}

/// <summary>What the bank said of one line.</summary>
sealed record LineEnd(int Line, PayOutOutcome Outcome, string? Reason);

/// <summary>A line and its end.</summary>
sealed record EndedLine(PayOutRow Row, PayOutOutcome Outcome, string? Reason)
{
    public SingleUse Once => Outcome == PayOutOutcome.Returned ? PayOutEnd.CameBack(Row.Settlement, Row.Attempt)
        : PayOutEnd.Ended(Row.Settlement, Row.Attempt);
}

/// <summary>
/// Books what the bank said of a file's lines: what was paid leaves, what was rejected is due again, what came back is due again. Lines of
/// which that is booked already are left out, in the ledger's own step: two answers at once end each line once.
/// </summary>
sealed class EndPayOuts(PayOutFileRow file, IReadOnlyList<EndedLine> lines, PayOutSendingState state, EntryId id, DateTimeOffset now)
    : Draft<PayOutsEnded, EndPayOutsRefusal>
{
    public override Guid Id => id;
    public override IReadOnlyList<Guid> Owners { get; } = [.. lines.Select(l => l.Row.Merchant.Value).Distinct()];
    public override IReadOnlyList<SingleUse> SingleUses { get; } = [.. lines.Select(l => l.Once)];
    public override bool IsPatient => true;
    public override bool IsAlone => true;
    public override JsonTypeInfo<PayOutsEnded> Json => SettlementJson.Default.PayOutsEnded;
    public override EndPayOutsRefusal Reused(IdempotencyKey key) => EndPayOutsRefusal.AlreadyEnded;

    public override Decision<PayOutsEnded, EndPayOutsRefusal> Decide(AccountState accounts) =>
        Decide(file.EntryId, lines, state, accounts, id, now);

    internal static Decision<PayOutsEnded, EndPayOutsRefusal> Decide(PayOutFileId file, IReadOnlyList<EndedLine> lines,
        PayOutSendingState state, AccountState accounts, EntryId id, DateTimeOffset now)
    {
        var ending = lines.Where(l => !accounts.Happened(l.Once)).ToList();

        if (ending.Count == 0) return EndPayOutsRefusal.AlreadyEnded;

        // From here nothing may fail.
        int Count(PayOutOutcome outcome) => ending.Count(l => l.Outcome == outcome);
        var returns = Count(PayOutOutcome.Returned) > 0;
        List<Leg> legs = [];
        foreach (var merchant in ending.GroupBy(l => l.Row.Merchant))
        {
            var (all, due) = (merchant.Sum(l => l.Row.Amount),
                merchant.Where(l => l.Outcome != PayOutOutcome.Paid).Sum(l => l.Row.Amount));
            if (!returns)
                legs.Add(Leg.Of(merchant.Key, AccountType.PayOutTransit, -all));
            if (due > Yen.Zero)
                legs.Add(Leg.Of(merchant.Key, AccountType.MerchantDue, due));
        }
        var left = ending.Where(l => l.Outcome == PayOutOutcome.Paid).Sum(l => l.Row.Amount)
            - ending.Where(l => l.Outcome == PayOutOutcome.Returned).Sum(l => l.Row.Amount);
        if (left != Yen.Zero)
            legs.Add(Leg.Of(Chart.Operator, AccountType.PayOutBank, left));
        return new Decision<PayOutsEnded, EndPayOutsRefusal>(
            new PayOutsEnded(Count(PayOutOutcome.Paid), Count(PayOutOutcome.Rejected), Count(PayOutOutcome.Returned)))
        {
            Entry = new Entry(id, returns ? EntryKind.PayOutReturn : EntryKind.PayOutAnswer, now, Initiator.Job(PayOutFileWork.Kind), legs)
            { Corrects = file },
            SingleUses = [.. ending.Select(l => l.Once)],
            Details =
            [
                .. ending.Select(l => PayOutEnd.Table.Row(new PayOutEnd(id, file, l.Row.Line, l.Row.Settlement, l.Row.Attempt,
                    l.Row.Merchant, (short)l.Outcome, l.Row.Amount, l.Reason))),
            ],
            Alongside = (tx, _) => PayOutSending.Ended(tx, file, state, now),
        };
    }
}
