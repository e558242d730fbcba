using Ensen.Banking;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Settlement;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Settlement;

/// <summary>What is decided about settlements, files, answers and accounts, without a database.</summary>
public class SettlementDecides
{
    internal static RefusalTable<SettleDayRefusal> Settling { get; } = new("""
        refusal         happened
        None            -
        AlreadySettled  day
        AlreadySettled  number
        """);

    internal static RefusalTable<MakePayOutFileRefusal> Making { get; } = new("""
        refusal       merchants  happened
        None          free       -
        None          free frozen  -
        NotAvailable  before     PayOutsWithoutABankTests.Without_a_bank_no_file_is_made_and_the_money_waits
        BankClosed    before     SettlementTests.On_a_holiday_the_bank_gets_nothing_and_after_its_cut_off_a_file_for_the_next_business_day
        NothingDue    frozen     number
        AlreadyMade   free       number
        AlreadyMade   free       attempt
        """);

    internal static RefusalTable<EndPayOutsRefusal> Ending { get; } = new("""
        refusal       lines  ended
        None          2      -
        None          2      1
        AlreadyEnded  2      2
        """);

    internal static RefusalTable<ProposePayOutAccountRefusal> Proposing { get; } = new("""
        refusal         reason  account  holder  merchant
        None            said    right    kana    known
        InvalidRequest  -       wrong    kanji   -
        InvalidAccount  said    wrong    kanji   -
        InvalidKana     said    right    kanji   -
        InvalidKana     said    right    long    -
        NotFound        said    right    kana    -
        Held            before  PayOutAccountTests.A_changed_account_holds_pay_outs_until_a_second_person_has_confirmed_it
        Forbidden       before  PayOutAccountTests.Under_one_key_it_is_proposed_once
        KeyReused       before  PayOutAccountTests.Under_one_key_it_is_proposed_once
        """);

    internal static RefusalTable<ConfirmPayOutAccountRefusal> Confirming { get; } = new("""
        refusal         state      by
        None            Proposed   Ito
        NotFound        -          Suzuki
        SamePerson      Withdrawn  Suzuki
        AlreadyDecided  Withdrawn  Ito
        AlreadyDecided  InForce    Ito
        Forbidden       before     PayOutAccountTests.Who_may_not_decides_nothing
        """);

    internal static RefusalTable<WithdrawPayOutAccountRefusal> Withdrawing { get; } = new("""
        refusal         state     reason
        None            Proposed  said
        InvalidRequest  -         -
        NotFound        -         said
        AlreadyDecided  InForce   said
        Forbidden       before    PayOutAccountTests.Who_may_not_decides_nothing
        """);

    static readonly MerchantId s_free = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly MerchantId s_frozen = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly SettlementId s_settlement = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-00000000000d"));
    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-00000000000e"));
    static readonly DateTimeOffset s_now = new(2026, 6, 2, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly JapanDay s_day = JapanDay.Parse("2026-06-01");

    [Fact]
    public void Settling_is_decided_as_the_table_says() => Settling.ShouldHold(row =>
    {
        var state = new AccountState();
        if (row.In("happened").Say("day"))
            state.Load(SettlementRow.DayClosed(s_free, s_day));
        if (row.In("happened").Say("number"))
            state.Load(SettlementRow.Numbered(s_free, 7));
        var store = new SettlementStore(s_settlement, new StoreId(Guid.CreateVersion7()), 1, 1_000.Yen(), 0, 0.Yen(), 0.Yen(), 0.Yen());
        var settled = SettleDay.Row(s_settlement, s_free, 7, s_day, (-5).Yen(), [store], new SettlementRules());
        settled.PayOut.Value.ShouldBe(1_000 - 19 - 1 - 5);
        return SettleDay.Decide(settled, [store], state, s_now).Answer.Refusal;
    });

    [Fact]
    public void Making_a_file_is_decided_as_the_table_says() => Making.ShouldHold(row =>
    {
        var state = new AccountState();
        state.Open(s_free);
        state.Open(s_frozen).Load(RestrictionKind.Frozen);
        var due = row.In("merchants").Words.Select(word => new DuePayOut(
            word == "free" ? s_settlement : new SettlementId(Guid.CreateVersion7()), word == "free" ? s_free : s_frozen, 1_000.Yen(), 1,
            new PayOutAccountId(Guid.CreateVersion7()), "0005", "001", 1, "1234567", "ﾊﾟﾝ")).ToList();
        if (row.In("happened").Say("number"))
            state.Load(PayOutFileRow.Numbered(s_day, 1));
        if (row.In("happened").Say("attempt"))
            state.Load(PayOutRow.Attempted(s_settlement, 1));
        var decided = MakePayOutFile.Decide(due, s_day, 1, new SettlementRules(), state, new PayOutFileId(Guid.CreateVersion7()), s_now);
        if (decided.Answer.Accepted)
            decided.Answer.Value!.Lines.ShouldBe(1);
        return decided.Answer.Refusal;
    });

    [Fact]
    public void An_answer_is_decided_as_the_table_says() => Ending.ShouldHold(row =>
    {
        var state = new AccountState();
        List<EndedLine> lines = [.. Enumerable.Range(1, (int)row.In("lines").Amount).Select(line => new EndedLine(
            new PayOutRow(new PayOutFileId(Guid.CreateVersion7()), line, new SettlementId(Guid.CreateVersion7()), 1, s_free,
                new PayOutAccountId(Guid.CreateVersion7()), 1_000.Yen()), line == 1 ? PayOutOutcome.Paid : PayOutOutcome.Rejected, null))];
        foreach (var line in lines.Take((int)row.In("ended").Amount))
            state.Load(line.Once);
        return EndPayOuts.Decide(lines[0].Row.EntryId, lines, PayOutSendingState.Answered, state, new EntryId(Guid.CreateVersion7()), s_now)
            .Answer.Refusal;
    });

    [Fact]
    public void A_proposal_is_decided_as_the_table_says() => Proposing.ShouldHold(row => ProposePayOutAccount.Decide(
        new ProposePayOutAccountRequest(s_free, null, null, null, null, string.Concat(row.In("holder").Words) switch
        {
            "kana" => "パンコウボウ",
            "kanji" => "山田",
            _ => new string('ガ', 16),
        }, row.In("reason").Say("said") ? "New bank" : "", default),
        row.In("account").Say("right") ? new BankAccountNumber("0005", "001", BankAccountKind.Ordinary, "1234567") : null,
        row.In("merchant").Say("known") ? "Bread" : null));

    [Fact]
    public void Confirming_is_decided_as_the_table_says() => Confirming.ShouldHold(row =>
        ConfirmPayOutAccount.Decide(Account(row.In("state")), row.In("by").Say("Ito") ? s_ito : s_suzuki));

    [Fact]
    public void Withdrawing_is_decided_as_the_table_says() => Withdrawing.ShouldHold(row => WithdrawPayOutAccount.Decide(
        new WithdrawPayOutAccountRequest(default, row.In("reason").Say("said") ? "Not theirs" : "", default), Account(row.In("state"))));

    static PayOutAccount? Account(CellWords state) => string.Concat(state.Words) is { Length: > 0 } word
        ? new PayOutAccount(default, s_free, "Bread", "0005", "001", 1, "1234567", "ﾊﾟﾝ", (short)Enum.Parse<PayOutAccountState>(word),
            FourEyes.Kept(s_suzuki), "New bank", 0)
        : null;
}
