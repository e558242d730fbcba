using Ensen.Basics;
using Ensen.Sandbox;

namespace Ensen.Tests.Basics;

/// <summary>
/// What the books keep as numbers. A number is never changed and never given to another thing, so nothing here is ever changed: a new kind
/// gets a new line.
/// </summary>
public class NumbersInTheBooks
{
    const string Fixed = """
        AccountType 1 Money
        AccountType 2 Prepaid
        AccountType 3 Points
        AccountType 4 CampaignPoints
        AccountType 5 ChargeOnlyPoints
        AccountType 6 PendingPoints
        AccountType 10 Payable
        AccountType 11 MerchantDue
        AccountType 12 MerchantCarried
        AccountType 13 MerchantFees
        AccountType 14 FeeTax
        AccountType 15 PayOutTransit
        AccountType 20 CardClearing
        AccountType 21 BankClearing
        AccountType 22 AtmClearing
        AccountType 30 PointLiability
        AccountType 31 PointFunding
        AccountType 32 Breakage
        AccountType 33 CampaignBudget
        AccountType 36 CentrePayable
        AccountType 37 IssuerClearing
        AccountType 38 TransitClearing
        AccountType 39 CreditCardClearing
        AccountType 40 Suspense
        AccountType 41 RewardSales
        AccountType 42 PayOutBank
        AccountType 46 LinkHeld
        AccountType 47 WithdrawalTransit
        AccountType 50 BusinessMoney
        AccountType 51 DepositClearing
        EntryKind 1 Charge
        EntryKind 2 Payment
        EntryKind 3 Refund
        EntryKind 4 Transfer
        EntryKind 5 Expiry
        EntryKind 6 Correction
        EntryKind 7 Leaving
        EntryKind 20 CampaignOpened
        EntryKind 22 CampaignClosed
        EntryKind 23 PointsReleased
        EntryKind 30 RewardOrder
        EntryKind 31 RewardReturn
        EntryKind 32 Goodwill
        EntryKind 35 PointAward
        EntryKind 36 PointSpending
        EntryKind 37 PointCancellation
        EntryKind 38 CardMigration
        EntryKind 40 RidePoints
        EntryKind 41 TransitCharge
        EntryKind 42 TransitReturn
        EntryKind 44 CreditCardPoints
        EntryKind 45 CreditCardTakeBack
        EntryKind 50 Settlement
        EntryKind 51 PayOut
        EntryKind 52 PayOutAnswer
        EntryKind 53 PayOutReturn
        EntryKind 56 Link
        EntryKind 57 LinkClaim
        EntryKind 58 LinkReturn
        EntryKind 60 Withdrawal
        EntryKind 61 WithdrawalPaid
        EntryKind 62 WithdrawalReturn
        EntryKind 63 WithdrawalContradicted
        EntryKind 64 BusinessTransfer
        EntryKind 65 BusinessDeposit
        LimitKind 1 Pay
        LimitKind 2 Transfer
        LimitKind 3 ChargeCard
        LimitKind 4 ChargeBank
        LimitKind 5 ChargeAtm
        LimitKind 6 Arriving
        LimitKind 7 TransferWithoutRoom
        LimitKind 20 CampaignDay
        LimitKind 21 CampaignInAll
        LimitKind 22 CampaignEntered
        LimitKind 30 StaffRefund
        LimitKind 31 Withdrawal
        LimitKind 34 BusinessAlone
        RestrictionKind 1 Frozen
        RestrictionKind 2 LowCaps
        RestrictionKind 3 Left
        SingleUseKind 1 CodeUsed
        SingleUseKind 2 OrderPaid
        SingleUseKind 3 TagTouched
        SingleUseKind 4 RefundOf
        SingleUseKind 5 ChargeSettled
        SingleUseKind 6 CorrectionPosted
        SingleUseKind 7 EntryCorrected
        SingleUseKind 20 BudgetOpened
        SingleUseKind 21 BudgetClosed
        SingleUseKind 22 GiftReleased
        SingleUseKind 25 RewardReturned
        SingleUseKind 26 GoodwillPosted
        SingleUseKind 28 PointReceipt
        SingleUseKind 29 PointsCancelled
        SingleUseKind 30 CardMigrated
        SingleUseKind 33 RidePointsPosted
        SingleUseKind 34 TransitChargeReturned
        SingleUseKind 35 CreditCardPointsPosted
        SingleUseKind 40 DaySettled
        SingleUseKind 41 SettlementNumbered
        SingleUseKind 42 PayOutAttempted
        SingleUseKind 43 PayOutEnded
        SingleUseKind 44 PayOutFileNumbered
        SingleUseKind 45 LinkEnded
        SingleUseKind 46 MoneyRequestPaid
        SingleUseKind 50 WithdrawalEnded
        SingleUseKind 51 WithdrawalAnsweredAgain
        SingleUseKind 54 BusinessTransferPaid
        SingleUseKind 55 BusinessDepositBooked
        """;

    [Fact]
    public void Each_number_means_for_ever_what_it_means() =>
        string.Join('\n', SandboxModule.Catalogue.All<INumbered>().OrderBy(n => n.GetType().Name, StringComparer.Ordinal)
            .ThenBy(n => n.Number)
            .Select(n => $"{n.GetType().Name} {n.Number} {n.Name}")).ShouldBe(Fixed.ReplaceLineEndings("\n"));

    [Fact]
    public void A_number_and_a_name_belong_to_one_thing()
    {
        Should.Throw<InvalidOperationException>(() => Of(new Thing(1, "a"), new Thing(1, "b")))
            .Message.ShouldContain("Thing 1 is declared by Test and by Test");
        Should.Throw<InvalidOperationException>(() => Of(new Thing(1, "a"), new Thing(2, "a")))
            .Message.ShouldContain("Thing a is declared by Test and by Test");
        Of(new Thing(1, "a"), new Thing(2, "b"), new Other(1, "a")).All<Thing>().Count.ShouldBe(2);
    }

    [Fact]
    public void A_number_that_nobody_declares_is_said()
    {
        var things = Of(new Thing(1, "a")).Numbers<Thing>();
        things[1].Name.ShouldBe("a");
        things.Find(2).ShouldBeNull();
        things.Find(1L << 40).ShouldBeNull();
        Should.Throw<UndeclaredNumberException>(() => things[2]).Message.ShouldBe("There is no Thing 2.");
    }

    static Catalogue Of(params IDeclared[] things) => new([new Module("Test") { Declares = things }]);

    sealed record Thing(short Number, string Name) : INumbered;

    sealed record Other(short Number, string Name) : INumbered;
}
