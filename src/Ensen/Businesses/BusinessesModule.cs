using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Businesses;

/// <summary>Companies that keep money here, with or without a shop: they pay in from their banks, and each other.</summary>
public static class BusinessesModule
{
    static readonly AccountType s_money = new(50, "BusinessMoney", Unit.Yen) { IsGuarded = true, Claim = Claim.Money };
    static readonly AccountType s_clearing = new(51, "DepositClearing", Unit.Yen);
    static readonly EntryKind s_transfer = new(64, "BusinessTransfer", EntryId.Prefix, "send");
    static readonly EntryKind s_deposit = new(65, "BusinessDeposit", EntryId.Prefix, "charge");
    static readonly SingleUseKind s_paid = new(54, "BusinessTransferPaid", "the payment of {0}", BusinessTransferId.Prefix);
    static readonly SingleUseKind s_booked = new(55, "BusinessDepositBooked", "the booking of deposit {0}", "id");
    static readonly LimitKind s_alone = new(34, "BusinessAlone");

    extension(AccountType)
    {
        /// <summary>What a company holds. The owner is its account (<see cref="BusinessId"/>).</summary>
        public static AccountType BusinessMoney => s_money;

        /// <summary>What the bank owes us for what companies paid in.</summary>
        public static AccountType DepositClearing => s_clearing;
    }

    extension(EntryKind)
    {
        /// <summary>A company paid one other or several, by one transfer.</summary>
        public static EntryKind BusinessTransfer => s_transfer;

        /// <summary>A company paid in from its bank.</summary>
        public static EntryKind BusinessDeposit => s_deposit;
    }

    extension(SingleUseKind)
    {
        /// <summary>Subject: the transfer.</summary>
        public static SingleUseKind BusinessTransferPaid => s_paid;

        /// <summary>Subject: the bank's id of the deposit.</summary>
        public static SingleUseKind BusinessDepositBooked => s_booked;
    }

    extension(LimitKind)
    {
        /// <summary>What people of a company paid on a day without a second one.</summary>
        public static LimitKind BusinessAlone => s_alone;
    }

    public static Module Module { get; } = new("Businesses")
    {
        Declares =
        [
            Schema.Of(typeof(BusinessesModule)),
            IdPrefix.Of<BusinessId>(), IdPrefix.Of<PayeeId>(), IdPrefix.Of<BusinessTransferId>(), IdPrefix.Of<BusinessRequestId>(),
            IdPrefix.Of<TransferFileId>(),
            s_money, s_clearing, s_transfer, s_deposit, s_paid, s_booked, s_alone,
            .. BusinessChecks.DetailChecks, .. BusinessChecks.All,
            Job.Of<ReceiveDeposits>(ReceiveDeposits.JobName, "what companies pay in from their banks is booked", TimeSpan.FromMinutes(1),
                TimeSpan.FromMinutes(10), (receive, ct) => receive.Run(ct)),
            Job.Of<StopBusinessTransfer>("waiting business transfers", "transfers that no second person said yes to for thirty days lapse",
                TimeSpan.FromHours(1), TimeSpan.FromMinutes(10), (stop, ct) => stop.Lapse(ct)),
            Job.Of<TransferFiles>("transfer files", "files of transfers that nobody looks at any more go", TimeSpan.FromHours(24),
                TimeSpan.FromMinutes(10), (files, ct) => files.Forget(ct)),
        ],
        Services = services => services
            .AddSingleton<BusinessAccounts>()
            .AddSingleton<OpenBusiness>()
            .AddSingleton<Payees>()
            .AddSingleton<AddPayee>()
            .AddSingleton<ConfirmPayee>()
            .AddSingleton<RemovePayee>()
            .AddSingleton<BusinessTransfers>()
            .AddSingleton<MakeBusinessTransfer>()
            .AddSingleton<ApproveBusinessTransfer>()
            .AddSingleton<StopBusinessTransfer>()
            .AddSingleton<BusinessRequests>()
            .AddSingleton<AskBusiness>()
            .AddSingleton<CloseBusinessRequest>()
            .AddSingleton<TransferFiles>()
            .AddSingleton<BusinessHistory>()
            .AddSingleton<ReceiveDeposits>(),
    };
}
