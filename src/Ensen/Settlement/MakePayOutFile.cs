using System.Data.Common;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Settlement;

/// <summary>A file of pay-outs was made, and waits for the bank.</summary>
[StoredAs("pay-out-file")]
public sealed record PayOutFileMade(PayOutFileId FileId, int Lines, Yen Total);

/// <summary>Why no file is made.</summary>
public enum MakePayOutFileRefusal
{
    None = 0,

    /// <summary>No bank is set up here.</summary>
    NotAvailable = 1,

    /// <summary>The bank is closed today: nothing is given to it.</summary>
    BankClosed = 2,

    /// <summary>Nothing is due to anybody who can be paid.</summary>
    NothingDue = 3,

    /// <summary>Another node made it first.</summary>
    AlreadyMade = 4,
}

/// <summary>
/// Puts what is due to merchants into one file for the bank. Entry, lines, text and the order to send it are one step of the ledger's, so
/// there is no file without its entry and no line in two files, whatever dies when. What is tried again after it was rejected or returned
/// is a new attempt, and only once its merchant has another account in force (or, where the bank refused the whole file, on another day).
/// </summary>
public sealed class MakePayOutFile(Database db, GeneralLedger ledger, ExternalGateways outside, BusinessDays days, Outbox outbox,
    Programme programme, TimeProvider clock, ILogger<MakePayOutFile> log)
{
    /// <summary>A merchant's account can change between the look and the step: then one looks again, so often at most.</summary>
    const int Tries = 20;

    public async Task<Answer<PayOutFileMade, MakePayOutFileRefusal>> Run(CancellationToken ct = default)
    {
        if (!outside.Has(Gateway.PayOuts)) return MakePayOutFileRefusal.NotAvailable;
        for (var attempt = 1; ; attempt++)
        {
            var now = clock.Now();
            if (days.TransferDay(now) is not { } day) return MakePayOutFileRefusal.BankClosed;
            IReadOnlyList<DuePayOut> due;
            int number;
            await using (var connection = await db.Connect(ct))
            {
                (due, var unwritten) = await DuePayOut.ForFile(connection, day, now, programme.Settlement.MostLines);
                await KeepApart(unwritten, ct);
                number = 1 + await connection.ExecuteScalarAsync<int>(
                    "select coalesce(max(number), 0) from pay_out_file where day = @day", new { day = day.Number });
            }
            if (due.Count == 0) return MakePayOutFileRefusal.NothingDue;
            try
            {
                var made = await ledger.Post(
                    new FileDraft(due, day, number, programme.Settlement, Id.New<PayOutFileId>(now), now, outbox), ct);
                if (made.Refusal != MakePayOutFileRefusal.AlreadyMade || attempt == Tries) return made;
            }
            catch (AccountChangedException) when (attempt < Tries)
            {
                // One of the accounts is another than the one that was read, or another is proposed.
            }
        }
    }

    /// <summary>
    /// No file can name these accounts: nothing is paid to them until another is in force, and the console says so. All others are paid.
    /// </summary>
    async Task KeepApart(IReadOnlyList<DuePayOut> unwritten, CancellationToken ct)
    {
        foreach (var account in unwritten.DistinctBy(d => d.Account))
        {
            log.LogError("{Account} of {Merchant} cannot be written in a file for the bank, and is held", account.Account, account.Merchant);
            await db.Transact(tx => PayOutAccounts.Hold(tx, account.Account), ct);
        }
    }

    /// <summary>The checks, in the order of the refusals; from there nothing may fail.</summary>
    internal static Decision<PayOutFileMade, MakePayOutFileRefusal> Decide(IReadOnlyList<DuePayOut> due, JapanDay day, int number,
        SettlementRules rules, AccountState state, PayOutFileId id, DateTimeOffset now, Outbox? outbox = null)
    {
        var numbered = PayOutFileRow.Numbered(day, number);
        // Who is frozen is not paid; the money waits.
        var free = due.Where(d => !state.Of(d.Merchant).IsFrozen).ToList();

        if (free.Count == 0) return MakePayOutFileRefusal.NothingDue;
        if (state.Happened(numbered) || free.Any(d => state.Happened(d.Once))) return MakePayOutFileRefusal.AlreadyMade;

        // From here nothing may fail.
        List<PayOutRow> lines = [.. free.Select((d, at) => new PayOutRow(
            id, at + 1, d.Settlement, d.Attempt, d.Merchant, d.Account, d.Amount))];
        var text = ZenginFile.Write(
            new ZenginSender(rules.SenderCode, rules.SenderName, rules.SenderBank, rules.SenderBranch, rules.SenderAccount),
            day.Date.Month, day.Date.Day,
            [.. free.Select((d, at) => d.Line(at + 1))]);
        var total = lines.Sum(l => l.Amount);
        List<Leg> legs = [];
        foreach (var merchant in lines.GroupBy(l => l.Merchant))
        {
            var sum = merchant.Sum(l => l.Amount);
            legs.Add(Leg.Of(merchant.Key, AccountType.MerchantDue, -sum));
            legs.Add(Leg.Of(merchant.Key, AccountType.PayOutTransit, sum));
        }
        return new Decision<PayOutFileMade, MakePayOutFileRefusal>(new PayOutFileMade(id, lines.Count, total))
        {
            Entry = new Entry(id, EntryKind.PayOut, now, Initiator.Job(CloseSettlements.JobName), legs),
            SingleUses = [numbered, .. free.Select(d => d.Once)],
            Details =
            [
                PayOutFileRow.Table.Row(new PayOutFileRow(id, day.Number, number, lines.Count, total, text)),
                .. lines.Select(l => PayOutRow.Table.Row(l)),
            ],
            Alongside = outbox is null ? null : async (tx, _) =>
            {
                await AccountsAreTheSame(tx, id, lines.Select(l => l.Account).Distinct().Count());
                await PayOutSending.Begin(tx, id, now);
                await outbox.Add(tx, id, PayOutFileWork.Kind, "");
            },
        };
    }

    /// <summary>
    /// Each account of the file, whose lines are written already, is still in force and no other proposed; whoever changes one of them
    /// meanwhile waits. Nor has the bank cast doubt on what became of an earlier attempt.
    /// </summary>
    static async Task AccountsAreTheSame(DbTransaction tx, PayOutFileId file, int accounts)
    {
        var doubts = await tx.Connection!.ExecuteScalarAsync<long>(
            """
            select count(*)
            from pay_out p
            join pay_out_doubt b on b.settlement = p.settlement and b.cleared_ms is null
            where p.entry_id = @file
            """,
            new { file }, tx);
        if (doubts > 0 || await tx.Connection!.ExecuteAsync(
            """
            update pay_out_account
            set held = false
            where state = @inForce
              and held = false
              and id in (select account from pay_out where entry_id = @file)
            """,
            new { inForce = (short)PayOutAccountState.InForce, file }, tx) != accounts)
            throw new AccountChangedException();
    }

    sealed class AccountChangedException() : Exception("An account of a merchant changed meanwhile.");

    sealed class FileDraft(IReadOnlyList<DuePayOut> due, JapanDay day, int number, SettlementRules rules, PayOutFileId id,
        DateTimeOffset now, Outbox outbox) : Draft<PayOutFileMade, MakePayOutFileRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [.. due.Select(d => d.Merchant.Value).Distinct()];
        public override IReadOnlyList<SingleUse> SingleUses { get; } = [PayOutFileRow.Numbered(day, number), .. due.Select(d => d.Once)];
        public override bool IsPatient => true;
        public override bool IsAlone => true;
        public override JsonTypeInfo<PayOutFileMade> Json => SettlementJson.Default.PayOutFileMade;
        public override MakePayOutFileRefusal Reused(IdempotencyKey key) => MakePayOutFileRefusal.AlreadyMade;

        public override Decision<PayOutFileMade, MakePayOutFileRefusal> Decide(AccountState state) =>
            MakePayOutFile.Decide(due, day, number, rules, state, id, now, outbox);
    }
}
