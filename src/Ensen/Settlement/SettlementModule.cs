using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Settlement;

/// <summary>What merchants are owed is closed by the day, and paid out.</summary>
public static class SettlementModule
{
    static readonly AccountType s_due = new(11, "MerchantDue", Unit.Yen) { IsGuarded = true, Claim = Claim.Payee };
    static readonly AccountType s_carried = new(12, "MerchantCarried", Unit.Yen);
    static readonly AccountType s_fees = new(13, "MerchantFees", Unit.Yen);
    static readonly AccountType s_tax = new(14, "FeeTax", Unit.Yen);
    static readonly AccountType s_transit = new(15, "PayOutTransit", Unit.Yen) { IsGuarded = true, Claim = Claim.Payee };
    static readonly AccountType s_bank = new(42, "PayOutBank", Unit.Yen);

    static readonly EntryKind s_settlement = new(50, "Settlement", SettlementId.Prefix, "chart");
    static readonly EntryKind s_payOut = new(51, "PayOut", PayOutFileId.Prefix, "out");
    static readonly EntryKind s_answer = new(52, "PayOutAnswer", EntryId.Prefix, "check");
    static readonly EntryKind s_return = new(53, "PayOutReturn", EntryId.Prefix, "refund");

    static readonly SingleUseKind s_day = new(40, "DaySettled", "the close of a day of {0}", "mer");
    static readonly SingleUseKind s_number = new(41, "SettlementNumbered", "a settlement of {0}", "mer");
    static readonly SingleUseKind s_attempted = new(42, "PayOutAttempted", "an attempt to pay out {0}", SettlementId.Prefix);
    static readonly SingleUseKind s_ended = new(43, "PayOutEnded", "the end of an attempt to pay out {0}", SettlementId.Prefix);
    static readonly SingleUseKind s_file = new(44, "PayOutFileNumbered", "a file of pay-outs of {0}", "id");

    extension(AccountType)
    {
        /// <summary>What a merchant is to be paid of days that are closed.</summary>
        public static AccountType MerchantDue => s_due;

        /// <summary>What a merchant owes us of days on which it gave back more than it took: 0 or below.</summary>
        public static AccountType MerchantCarried => s_carried;

        /// <summary>The fees of merchants.</summary>
        public static AccountType MerchantFees => s_fees;

        /// <summary>The tax on those fees, which is owed to the state.</summary>
        public static AccountType FeeTax => s_tax;

        /// <summary>What a file has put on its way to a merchant and the bank has not answered.</summary>
        public static AccountType PayOutTransit => s_transit;

        /// <summary>What the bank has paid out for us.</summary>
        public static AccountType PayOutBank => s_bank;
    }

    extension(EntryKind)
    {
        /// <summary>A merchant's business day was closed.</summary>
        public static EntryKind Settlement => s_settlement;

        /// <summary>A file put what is due to merchants on its way.</summary>
        public static EntryKind PayOut => s_payOut;

        /// <summary>The bank said which lines of a file it paid and which it did not; it names the file.</summary>
        public static EntryKind PayOutAnswer => s_answer;

        /// <summary>Lines that were paid came back; it names the file.</summary>
        public static EntryKind PayOutReturn => s_return;
    }

    extension(SingleUseKind)
    {
        /// <summary>Subject: the merchant; number: the day.</summary>
        public static SingleUseKind DaySettled => s_day;

        /// <summary>Subject: the merchant; number: the so-many-th settlement.</summary>
        public static SingleUseKind SettlementNumbered => s_number;

        /// <summary>Subject: the settlement; number: the so-many-th attempt.</summary>
        public static SingleUseKind PayOutAttempted => s_attempted;

        /// <summary>Subject: the settlement; number: twice the attempt, one more where it came back after it was paid.</summary>
        public static SingleUseKind PayOutEnded => s_ended;

        /// <summary>Subject: the programme; number: the day and the so-many-th file.</summary>
        public static SingleUseKind PayOutFileNumbered => s_file;
    }

    public static Module Module { get; } = new("Settlement")
    {
        Declares =
        [
            Schema.Of(typeof(SettlementModule)),
            IdPrefix.Of<SettlementId>(), IdPrefix.Of<PayOutFileId>(), IdPrefix.Of<PayOutAccountId>(),
            s_due, s_carried, s_fees, s_tax, s_transit, s_bank,
            s_settlement, s_payOut, s_answer, s_return,
            s_day, s_number, s_attempted, s_ended, s_file,
            new OutboxWork(PayOutFileWork.Kind, services => services.GetRequiredService<PayOutFileWork>().Start()),
            SettlementRow.Check, SettlementStore.Check, PayOutFileRow.Check, PayOutRow.Check, PayOutEnd.Check,
            .. SettlementChecks.All,
            Job.Of<CloseSettlements>(CloseSettlements.JobName, "what merchants took is settled and put on its way to them",
                TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), (close, ct) => close.Run(ct)),
            Job.Of<PayOutFileWork>("pay-out returns", "transfers to merchants that came back are booked", TimeSpan.FromMinutes(30),
                TimeSpan.FromMinutes(10), (work, ct) => work.AskAgain(ct)),
        ],
        Services = services => services
            .AddSingleton<BusinessDays>()
            .AddSingleton<SettleDay>()
            .AddSingleton<CloseSettlements>()
            .AddSingleton<MakePayOutFile>()
            .AddSingleton<PayOutFileWork>()
            .AddSingleton<PayOutAccounts>()
            .AddSingleton<ProposePayOutAccount>()
            .AddSingleton<ConfirmPayOutAccount>()
            .AddSingleton<WithdrawPayOutAccount>()
            .AddSingleton<PayOutDoubts>()
            .AddSingleton<ClearPayOutDoubt>()
            .AddSingleton<SettlementMeter>()
            .AddSingleton<Settlements>()
            .AddSingleton<PayOutFiles>(),
    };
}
