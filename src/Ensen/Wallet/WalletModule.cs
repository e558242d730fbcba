using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Wallet;

/// <summary>Paying, giving back, sending, charging, and what was.</summary>
public static class WalletModule
{
    static readonly AccountType s_money = new(1, "Money", Unit.Yen) { IsGuarded = true, Claim = Claim.Money };
    static readonly AccountType s_prepaid = new(2, "Prepaid", Unit.Yen) { IsGuarded = true, Claim = Claim.Prepaid };
    static readonly AccountType s_card = new(20, "CardClearing", Unit.Yen);
    static readonly AccountType s_bank = new(21, "BankClearing", Unit.Yen);
    static readonly AccountType s_atm = new(22, "AtmClearing", Unit.Yen);

    static readonly EntryKind s_charge = new(1, "Charge", ChargeId.Prefix, "charge");
    static readonly EntryKind s_payment = new(2, "Payment", PaymentId.Prefix, "pay");
    static readonly EntryKind s_refund = new(3, "Refund", RefundId.Prefix, "refund");
    static readonly EntryKind s_transfer = new(4, "Transfer", TransferId.Prefix, "send");

    static readonly SingleUseKind s_orderPaid = new(2, "OrderPaid", "the payment of order {0}", "id");
    static readonly SingleUseKind s_refundOf = new(4, "RefundOf", "a refund of {0}", PaymentId.Prefix);
    static readonly SingleUseKind s_settled = new(5, "ChargeSettled", "the settling of {0}", ChargeId.Prefix);

    extension(AccountType)
    {
        /// <summary>A member's money, from bank, ATM, transfers: can be spent and sent.</summary>
        public static AccountType Money => s_money;

        /// <summary>A member's prepaid value, charged by card: can only be spent.</summary>
        public static AccountType Prepaid => s_prepaid;

        /// <summary>What the card company owes us for charges.</summary>
        public static AccountType CardClearing => s_card;

        /// <summary>What banks owe us for charges.</summary>
        public static AccountType BankClearing => s_bank;

        /// <summary>What the ATM network owes us for notes.</summary>
        public static AccountType AtmClearing => s_atm;
    }

    extension(EntryKind)
    {
        public static EntryKind Charge => s_charge;
        public static EntryKind Payment => s_payment;
        public static EntryKind Refund => s_refund;
        public static EntryKind Transfer => s_transfer;
    }

    extension(SingleUseKind)
    {
        /// <summary>
        /// A store's order was paid, whatever way. Subject: the store and the order; number: 0, and the amount once more.
        /// </summary>
        public static SingleUseKind OrderPaid => s_orderPaid;

        /// <summary>The n-th refund of a payment. Subject: the payment; number: n from 1.</summary>
        public static SingleUseKind RefundOf => s_refundOf;

        /// <summary>A charge was settled. Subject: the charge.</summary>
        public static SingleUseKind ChargeSettled => s_settled;
    }

    /// <summary>What a member's yen can be: money and prepaid value, which together are the balance that caps count.</summary>
    public static IReadOnlyList<AccountType> Spendable { get; } = [s_money, s_prepaid];

    public static Module Module { get; } = new("Wallet")
    {
        Declares =
        [
            Schema.Of(typeof(WalletModule)),
            .. WalletKept.All,
            ChangeOwnCaps.Purpose,
            IdPrefix.Of<PaymentId>(), IdPrefix.Of<RefundId>(), IdPrefix.Of<TransferId>(), IdPrefix.Of<ChargeId>(),
            s_money, s_prepaid, s_card, s_bank, s_atm,
            s_charge, s_payment, s_refund, s_transfer,
            .. WalletLimits.All,
            s_orderPaid, s_refundOf, s_settled,
            new OutboxWork(ChargeWork.Kind, services => services.GetRequiredService<ChargeWork>().Start()),
            .. WalletChecks.All, .. WalletChecks.DetailChecks,
            .. ChargeChecks.All, ChargeChecks.DetailCheck, ChargeChecks.Open,
        ],
        Services = services => services
            .AddSingleton<Pay>()
            .AddSingleton<OrdersShown>()
            .AddSingleton<ResolvePayee>()
            .AddSingleton<PayAtStore>()
            .AddSingleton<TakePayment>()
            .AddSingleton<RefusedAtTill>()
            .AddSingleton<Refund>()
            .AddSingleton<RefundOutlook>()
            .AddSingleton<Transfer>()
            .AddSingleton<Charge>()
            .AddSingleton<ChargeLimits>()
            .AddSingleton<ChargeOutcome>()
            .AddSingleton<ChargeWork>()
            .AddSingleton<Balances>()
            .AddSingleton<ChangeOwnCaps>()
            .AddSingleton<History>()
            .AddSingleton<MonthStatements>()
            .AddSingleton<OwnPayments>()
            .AddSingleton<OwnCharges>()
            .AddSingleton<StoreDay>()
            .AddSingleton<FindReceipt>()
            .AddSingleton<GiveReceipt>()
            .AddSingleton<ReceiptCheck>(),
    };
}

/// <summary>What the wallet's caps count.</summary>
public static class WalletLimits
{
    static readonly LimitKind s_transfer = new(2, "Transfer");
    static readonly LimitKind s_chargeCard = new(3, "ChargeCard");
    static readonly LimitKind s_chargeBank = new(4, "ChargeBank");
    static readonly LimitKind s_chargeAtm = new(5, "ChargeAtm");
    static readonly LimitKind s_withdrawal = new(31, "Withdrawal");
    static readonly LimitKind s_withoutRoom = new(7, "TransferWithoutRoom");

    extension(LimitKind)
    {
        public static LimitKind Transfer => s_transfer;
        public static LimitKind ChargeCard => s_chargeCard;
        public static LimitKind ChargeBank => s_chargeBank;
        public static LimitKind ChargeAtm => s_chargeAtm;

        /// <summary>Money that went to bank accounts of the member's own.</summary>
        public static LimitKind Withdrawal => s_withdrawal;

        /// <summary>
        /// Transfers that the receiver had no room for, counted and not summed: each tells something of what somebody else holds.
        /// </summary>
        public static LimitKind TransferWithoutRoom => s_withoutRoom;
    }

    internal static IReadOnlyList<LimitKind> All { get; } =
        [s_transfer, s_chargeCard, s_chargeBank, s_chargeAtm, s_withdrawal, s_withoutRoom];
}
