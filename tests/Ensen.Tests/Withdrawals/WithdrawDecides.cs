using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Tests.Withdrawals;

/// <summary>
/// What <see cref="Withdraw"/> and <see cref="EndWithdrawal"/> decide. In the first row of each refusal everything that is looked at after
/// it is wrong as well.
/// </summary>
public class WithdrawDecides
{
    internal static RefusalTable<WithdrawRefusal> Table { get; } = new("""
        refusal              member                 limits                 bank          proof    asks
        None                 500000                 -                      there linked  -        500000
        None                 10000                  low day:20000          there linked  -        10000
        None                 1000                   paid:999999            there linked  -        1000
        None                 1000                   -                      there linked  needed given  1000
        InvalidAmount        before                 WithdrawTests.Only_money_leaves_and_only_to_an_own_account
        KeyReused            before                 WithdrawTests.The_same_key_does_it_once
        MemberLeft           unverified left        frozen                 -             needed   500001
        NotVerified          unverified             frozen                 -             needed   500001
        Frozen               -                      frozen                 -             needed   500001
        NotAvailable         -                      -                      linked        needed   500001
        NoBankAccount        -                      -                      there         needed   500001
        OverLimit            -                      -                      there linked  needed   500001
        OverLimit            1000                   day:499001             there linked  -        1000
        OverLimit            1000                   month:999001           there linked  -        1000
        OverLimit            1000                   own:999                there linked  -        1000
        OverLimit            10000                  low paid:20001         there linked  -        10000
        OverLimit            10000                  low sent:20001         there linked  -        10000
        InsufficientBalance  999                    -                      there linked  needed   1000
        InsufficientBalance  prepaid:1000           -                      there linked  -        1000
        StepUpRequired       1000                   -                      there linked  needed   1000
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly WithdrawalId s_withdrawal = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));
    static readonly BankAccount s_account =
        new(new BankAccountId(Guid.CreateVersion7()), s_member, "acct", "Loop Line Bank", "1234", 0);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (cell, limits, bank, proof) = (row.In("member"), row.In("limits"), row.In("bank"), row.In("proof"));
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Money, 0, cell.Amount);
        member.Load(AccountType.Prepaid, 0, cell.Named("prepaid") ?? 0);
        member.Load(DecisionCase.Used(s_member, LimitKind.Withdrawal, limits, s_now) with { PerDay = null });
        member.Load(SpendingLimit.Fresh(s_member, LimitKind.Pay).Use(limits.Named("paid") ?? 0, JapanDay.Of(s_now))
            with
        { PerDay = limits.Named("own") });
        member.Load(SpendingLimit.Fresh(s_member, LimitKind.Transfer).Use(limits.Named("sent") ?? 0, JapanDay.Of(s_now)));
        DecisionCase.Restrict(member, limits);
        DecisionCase.Restrict(member, cell);
        return Withdraw.Decide(
            new WithdrawRequest(new Payer(s_member, !cell.Say("unverified")), row.In("asks").Amount.Yen(), null,
                BankCounter.Nobody(s_member), MustProve: false, []),
            new WithdrawalStanding(bank.Say("linked") ? s_account : null, bank.Say("there"), proof.Say("needed"), proof.Say("given")),
            member, s_now, new Programme());
    });

    [Theory]
    [InlineData("", true, 0, WithdrawalEnding.Paid)]
    [InlineData("left", false, 1_000_000, WithdrawalEnding.GivenBack)]
    [InlineData("paid", true, 0, null)]
    [InlineData("back", false, 0, null)]
    [InlineData("paid", false, 990_000, WithdrawalEnding.CameBack)]
    [InlineData("paid", false, 990_001, WithdrawalEnding.CameBackToSuspense)]
    [InlineData("paid left", false, 0, WithdrawalEnding.CameBackToSuspense)]
    [InlineData("paid frozen", false, 0, WithdrawalEnding.CameBack)]
    [InlineData("back", true, 0, WithdrawalEnding.PaidAfterAll)]
    [InlineData("paid twice", false, 0, null)]
    [InlineData("back twice", true, 0, null)]
    public void Each_word_of_the_bank_comes_to_this(string before, bool isPaid, long held, WithdrawalEnding? then)
    {
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.Money, 0, held);
        if (before.Contains("left"))
            member.Load(RestrictionKind.Left);
        if (before.Contains("frozen"))
            member.Load(RestrictionKind.Frozen);
        if (before.Contains("paid") || before.Contains("back"))
            state.Load(EndWithdrawal.Ended(s_withdrawal));
        if (before.Contains("paid"))
            state.Load(EndWithdrawal.Ended(s_withdrawal, WithdrawalEnding.Paid));
        if (before.Contains("twice"))
            state.Load(EndWithdrawal.Contradicted(s_withdrawal));
        EndWithdrawal.Decide(
            new WithdrawalRow(s_withdrawal, s_member, s_account.Id, "acct", "Loop Line Bank", "1234", 10_000.Yen(), 0),
            isPaid, state, new Programme().BalanceCap).ShouldBe(then);
    }
}
