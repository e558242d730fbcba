using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>
/// What <see cref="Transfer"/> decides. In the first row of each refusal everything that is looked at after it is wrong as well.
/// </summary>
public class TransferDecides
{
    internal static RefusalTable<TransferRefusal> Table { get; } = new("""
        refusal              sender               limits                 receiver              asks
        None                 100000               -                      -                     100000
        None                 1000                 day:99000 tried:4      prepaid:999000        1000
        None                 10000                low day:20000          low                   10000
        InvalidAmount        before               TransferTests.What_cannot_be_sent_is_refused
        InvalidRequest       before               TransferTests.What_cannot_be_sent_is_refused
        NotFound             unverified           left frozen tried:5    1000000               100001
        NotFound             1000                 -                      left                  1000
        KeyReused            before               TransferTests.The_same_key_sends_once
        NotVerified          unverified           frozen tried:5         frozen 1000000        100001
        NotVerified          1000                 -                      unverified            1000
        Frozen               -                    frozen tried:5         1000000               100001
        Frozen               1000                 -                      frozen                1000
        OverLimit            -                    tried:5                1000000               100001
        OverLimit            1000                 day:99001              -                     1000
        OverLimit            1000                 month:499001           -                     1000
        OverLimit            1000                 own:999                -                     1000
        OverLimit            1000                 tried:4                999001                1000
        OverLimit            1000                 -                      1000 prepaid:998001   1000
        OverLimit            1000                 -                      998000 arriving:1001  1000
        OverLimit            10001                low                    -                     10001
        OverLimit            10000                low day:20001          -                     10000
        OverLimit            10000                low paid:20001         -                     10000
        InsufficientBalance  999                  tried:5                1000000               1000
        InsufficientBalance  prepaid:1000         -                      -                     1000
        TooManyRequests      1000                 tried:5                1000000               1000
        TooManyRequests      1000                 tried:5                -                     1000
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_sender = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly MemberId s_receiver = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => Decide(row).Answer.Refusal);

    /// <summary>
    /// Only a transfer that the receiver had no room for counts as a try, and only "too many" may be asked again under its key.
    /// </summary>
    [Fact]
    public void A_refusal_leaves_nothing_behind_but_a_try_that_found_no_room()
    {
        foreach (var (row, decision) in Table.Rows.Where(row => row.ShownBy is null && row.Refusal != "None")
            .Select(row => (row, Decide(row))))
        {
            decision.Entry.ShouldBeNull(row.ToString());
            decision.IsForNow.ShouldBe(row.Refusal == "TooManyRequests", row.ToString());
            var noRoom = row.Refusal == "OverLimit" && row.Cells["receiver"] != "-" && row.Cells["asks"] == "1000";
            decision.Uses.Select(use => (use.Owner, use.Kind, use.Amount)).ShouldBe(
                noRoom ? [(s_sender, LimitKind.TransferWithoutRoom, 1L)] : [], row.ToString());
        }
    }

    static Decision<Transferred, TransferRefusal> Decide(TableRow row)
    {
        var (sender, limits, receiver) = (row.In("sender"), row.In("limits"), row.In("receiver"));
        var state = new AccountState();
        foreach (var (id, holds) in new[] { (s_sender, sender), (s_receiver, receiver) })
        {
            state.Open(id).Load(AccountType.Money, 0, holds.Amount);
            state.Open(id).Load(AccountType.Prepaid, 0, holds.Named("prepaid") ?? 0);
        }
        var today = JapanDay.Of(s_now);
        state.Of(s_sender).Load(DecisionCase.Used(s_sender, LimitKind.Transfer, limits, s_now));
        state.Of(s_sender).Load(SpendingLimit.Fresh(s_sender, LimitKind.TransferWithoutRoom).Use(limits.Named("tried") ?? 0, today));
        state.Of(s_sender).Load(SpendingLimit.Fresh(s_sender, LimitKind.Pay).Use(limits.Named("paid") ?? 0, today));
        DecisionCase.Restrict(state.Of(s_sender), limits);
        DecisionCase.Restrict(state.Of(s_receiver), receiver);
        state.Of(s_receiver).Load(DecisionCase.Used(s_receiver, LimitKind.Pay, receiver, s_now));
        var onTheWay = LimitUse.OnTheWay(s_receiver, receiver.Named("arriving") ?? 0);
        state.Of(s_receiver).Load(SpendingLimit.Fresh(s_receiver, LimitKind.Arriving).Use(onTheWay.Amount, onTheWay.Day));

        var request = new TransferRequest(
            new Payer(s_sender, !sender.Say("unverified")), new Payer(s_receiver, !receiver.Say("unverified")), row.In("asks").Amount.Yen(),
            null, Initiator.Member(s_sender), []);
        return Transfer.Decide(request, state, new TransferId(Guid.CreateVersion7()), s_now, new Programme());
    }
}
