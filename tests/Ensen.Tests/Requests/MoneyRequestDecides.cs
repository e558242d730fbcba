using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Requests;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Requests;

/// <summary>
/// What <see cref="AskForMoney"/> and <see cref="PayMoneyRequest"/> decide. In the first row of each refusal everything that is looked at
/// after it is wrong as well.
/// </summary>
public class MoneyRequestDecides
{
    internal static RefusalTable<AskForMoneyRefusal> Asking { get; } = new("""
        refusal          shares                 split
        None             100000                 -
        None             1000                   3500 own:2500
        InvalidAmount    100001 twice           9 note
        InvalidAmount    0                      -
        InvalidAmount    1000                   999 own:-1
        InvalidRequest   1000 twice             9 note
        InvalidRequest   1000 self              -
        InvalidRequest   nobody                 -
        InvalidRequest   many                   -
        InvalidRequest   1000                   note
        SplitMismatch    1000                   3499 own:2500
        SplitMismatch    1000                   3501 own:2500
        KeyReused        before                 MoneyRequestTests.What_cannot_be_asked_is_refused
        NotVerified      before                 MoneyRequestTests.What_cannot_be_asked_is_refused
        NotFound         before                 MoneyRequestTests.What_cannot_be_asked_is_refused
        TooManyRequests  before                 MoneyRequestTests.What_cannot_be_asked_is_refused
        """);

    internal static RefusalTable<PayMoneyRequestRefusal> Paying { get; } = new("""
        refusal              request     payer                asker
        None                 -           1000                 -
        NotFound             -           left unverified      -
        NotFound             -           1000                 left
        KeyReused            before      MoneyRequestTests.The_same_key_pays_once
        CodeUsed             paid        frozen unverified    frozen
        CodeUsed             happened    1000                 -
        Lapsed               withdrawn   frozen unverified    frozen
        Lapsed               declined    1000                 -
        NotVerified          -           unverified frozen    1000000
        Frozen               -           frozen               1000000
        OverLimit            -           1000 day:99001       -
        OverLimit            -           1000                 999001
        InsufficientBalance  -           999                  1000000
        TooManyRequests      -           1000 tried:5         1000000
        InvalidRequest       before      MoneyRequestTests.Somebody_is_reminded_once_a_day
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_asker = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly MemberId s_payer = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));

    [Fact]
    public void Each_asking_is_decided_as_the_table_says() => Asking.ShouldHold(row =>
    {
        var (shares, split) = (row.In("shares"), row.In("split"));
        var one = new Share(shares.Say("self") ? s_asker : s_payer, shares.Amount.Yen());
        IReadOnlyList<Share> all = shares.Say("nobody") ? []
            : shares.Say("many") ? [.. Enumerable.Range(0, 21).Select(_ => new Share(new MemberId(Guid.CreateVersion7()), 1.Yen()))]
            : shares.Say("twice") ? [one, one] : [one];
        return AskForMoney.Decide(new AskForMoneyRequest(s_asker, all, split.Amount > 0 ? split.Amount.Yen() : null, (split.Named("own") ?? 0).Yen(),
            split.Say("note") ? new string('x', 101) : null, IdempotencyKey.Of(s_asker, "k")), new Programme());
    });

    [Fact]
    public void Each_payment_is_decided_as_the_table_says() => Paying.ShouldHold(row =>
    {
        var (request, payer, asker) = (row.In("request"), row.In("payer"), row.In("asker"));
        var state = new AccountState();
        state.Open(s_payer).Load(AccountType.Money, 0, payer.Amount);
        state.Of(s_payer).Load(DecisionCase.Used(s_payer, LimitKind.Transfer, payer, s_now));
        state.Of(s_payer).Load(SpendingLimit.Fresh(s_payer, LimitKind.TransferWithoutRoom).Use(payer.Named("tried") ?? 0, JapanDay.Of(s_now)));
        state.Open(s_asker).Load(AccountType.Money, 0, asker.Amount);
        DecisionCase.Restrict(state.Of(s_payer), payer);
        DecisionCase.Restrict(state.Of(s_asker), asker);
        var asked = new MoneyRequest(new MoneyRequestId(Guid.CreateVersion7()), s_asker, s_payer, 1_000.Yen(), null, null, 0,
            request.Say("paid") ? MoneyRequestState.Paid : request.Say("withdrawn") ? MoneyRequestState.Withdrawn
            : request.Say("declined") ? MoneyRequestState.Declined : MoneyRequestState.Open, null, null, null);
        if (request.Say("happened"))
            state.Load(new SingleUse(SingleUseKind.MoneyRequestPaid, asked.Id));
        return PayMoneyRequest.Decide(asked, new TransferRequest(
            new Payer(s_payer, !payer.Say("unverified")), new Payer(s_asker, true), 1_000.Yen(), null, Initiator.Member(s_payer), []),
            state, new TransferId(Guid.CreateVersion7()), s_now, new Programme()).Answer.Refusal;
    });
}
