using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Businesses;

/// <summary>
/// What the verbs of companies' accounts decide. In the first row of each refusal everything that is looked at after it is wrong as well.
/// </summary>
public class BusinessDecides
{
    internal static RefusalTable<OpenBusinessRefusal> Opening { get; } = new("""
        refusal            name
        None               name
        InvalidName        -
        NotFound           before  BusinessApiTests.A_company_lives_a_day_by_script
        AlreadyRegistered  before  BusinessApiTests.A_company_lives_a_day_by_script
        """);

    internal static RefusalTable<AddPayeeRefusal> Adding { get; } = new("""
        refusal         may   payee           list
        None            may   other           -
        Forbidden       -     -               known 1000
        NotFound        may   -               known 1000
        InvalidRequest  may   self            known 1000
        AlreadyRegistered  may   other           known 1000
        OverLimit       may   other           1000
        """);

    internal static RefusalTable<ConfirmPayeeRefusal> Confirming { get; } = new("""
        refusal         may   payee              people
        None            may   added              two
        Forbidden       -     -                  -
        NotFound        may   -                  -
        NotFound        may   removed            -
        SamePerson      may   confirmed          -
        AlreadyDecided  may   confirmed          two
        """);

    internal static RefusalTable<MakeBusinessTransferRefusal> Making { get; } = new("""
        refusal              line               asked              company
        None                 1000               -                  1000
        None                 1000000            -                  0
        None                 1000               -                  0 day:99001
        InvalidAmount        0 text self        program withdrawn  frozen
        InvalidRequest       1000001 text       program withdrawn  frozen
        InvalidRequest       1000001 self       program withdrawn  frozen
        KeyReused            before             BusinessTransferTests.The_same_key_makes_and_approves_once
        Forbidden            1000001 unlisted   program withdrawn  frozen
        NotFound             1000001 unlisted   paid               frozen
        OverLimit            1000001            paid               frozen
        CodeUsed             1000000            made withdrawn     frozen
        CodeUsed             1000000            paid               frozen
        Lapsed               1000000            withdrawn          frozen
        Lapsed               1000               declined           1000
        Frozen               1000               open               frozen
        Frozen               1000 frozen        open               0
        InsufficientBalance  1000               open               999
        """);

    internal static RefusalTable<ApproveBusinessTransferRefusal> Approving { get; } = new("""
        refusal              by        transfer           people             company
        None                 person    waiting            two listed         1000
        KeyReused            before    BusinessTransferTests.The_same_key_makes_and_approves_once
        Forbidden            program   -                  -                  frozen
        NotFound             person    -                  -                  frozen
        SamePerson           person    paid withdrawn     -                  frozen
        AlreadyDecided       person    paid withdrawn     two                frozen
        AlreadyDecided       person    refused            two listed         1000
        AlreadyDecided       person    waiting happened   two listed         1000
        NotEligible          person    waiting withdrawn  two                frozen
        Lapsed               person    waiting withdrawn  two listed         frozen
        Lapsed               person    waiting old        two listed         frozen
        Lapsed               person    lapsed             two listed         1000
        Frozen               person    waiting            two listed         frozen
        InsufficientBalance  person    waiting            two listed         999
        """);

    internal static RefusalTable<StopBusinessTransferRefusal> Stopping { get; } = new("""
        refusal         may   transfer
        None            may   waiting
        Forbidden       -     -
        Forbidden       -     paid
        NotFound        may   -
        AlreadyDecided  may   paid
        """);

    internal static RefusalTable<AskBusinessRefusal> Asking { get; } = new("""
        refusal         amount         due
        None            1000000        0
        InvalidAmount   0 text         3661
        InvalidRequest  1000001 text   0
        InvalidRequest  1000001        3661
        InvalidRequest  1000001        past
        OverLimit       1000001        3660
        KeyReused       before         BusinessTransferTests.A_request_is_paid_once_whoever_pays_it_at_once
        Forbidden       before         BusinessApiTests.A_company_lives_a_day_by_script
        NotFound        before         BusinessApiTests.A_company_lives_a_day_by_script
        """);

    internal static RefusalTable<CloseBusinessRequestRefusal> Closing { get; } = new("""
        refusal    may   request
        None       may   open
        Forbidden  -     -
        NotFound   may   -
        NotFound   may   theirs
        CodeUsed   may   paid
        Lapsed     may   declined
        """);

    internal static RefusalTable<ReceiveDepositRefusal> Receiving { get; } = new("""
        refusal  booked
        None     -
        None     happened
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly BusinessId s_own = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly BusinessId s_other = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly Business s_company = new() { Id = s_own };
    static readonly TransferFilePreview s_madeBefore =
        new(new TransferFile(), [], TransferFileFault.None, 0, Yen.Zero, new BusinessTransferId(Guid.Parse("00000000-0000-7000-8000-000000000004")));
    static readonly ShopAccountId s_person = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    [Fact]
    public void Each_is_decided_as_its_table_says()
    {
        Opening.ShouldHold(row => OpenBusiness.Decide(new OpenBusinessRequest(row.In("name").Say("name") ? "天満印刷" : " ")));
        Adding.ShouldHold(row => AddPayee.Decide(new AddPayeeRequest(By(false), s_company, ""),
            row.In("payee").Say("other") ? new Business { Id = s_other } : row.In("payee").Say("self") ? s_company : null,
            row.In("may").Say("may"), row.In("list").Say("known"), (int)row.In("list").Amount));
        Confirming.ShouldHold(row => ConfirmPayee.Decide(row.In("payee").Words.Count == 0 ? null : new BusinessPayee
        {
            ConfirmedBy = row.In("payee").Say("confirmed") ? s_person : null,
            RemovedMs = row.In("payee").Say("removed") ? 1 : null,
        }, row.In("may").Say("may"), row.In("people").Say("two")));
        Stopping.ShouldHold(row => StopBusinessTransfer.Decide(Transfer(row.In("transfer")), row.In("may").Say("may")));
        Asking.ShouldHold(row => AskBusiness.Decide(new AskBusinessRequest(By(false), s_company, "", row.In("amount").Amount.Yen(),
            row.In("amount").Say("text") ? "" : "請求", new JapanDay(JapanDay.Of(s_now).Date.AddDays(
                row.In("due").Say("past") ? -1 : (int)row.In("due").Amount)), IdempotencyKey.Of(s_own, "k")), JapanDay.Of(s_now)));
        Closing.ShouldHold(row => CloseBusinessRequest.Decide(
            row.In("request") is { Words.Count: > 0 } words ? Request(words) with { Asker = words.Say("theirs") ? s_other : s_own, Payer = s_other } : null,
            s_own, row.In("may").Say("may")));
        Receiving.ShouldHold(row =>
        {
            var (state, deposit) = (new AccountState(), new BankDeposit(Guid.CreateVersion7(), 1, "1", 5.Yen(), "x"));
            if (row.In("booked").Say("happened"))
                state.Load(new SingleUse(SingleUseKind.BusinessDepositBooked, deposit.Id));
            var decided = ReceiveDeposits.Decide(deposit, null, state, new EntryId(Guid.CreateVersion7()), s_now);
            (decided.Entry is null).ShouldBe(row.In("booked").Say("happened"));
            return decided.Answer.Refusal;
        });
    }

    [Fact]
    public void Each_transfer_is_decided_as_the_table_says() => Making.ShouldHold(row =>
    {
        var (line, asked) = (row.In("line"), row.In("asked"));
        var request = new MakeBusinessTransferRequest(By(asked.Say("program")), s_company,
            [new TransferLine(1, line.Say("self") ? s_own : s_other, line.Amount.Yen(), line.Say("text") ? new string('x', 61) : "4月分")], [],
            asked.Words.Except(["program"]).Any() ? Request(asked) : null, asked.Say("made") ? s_madeBefore : null);
        return MakeBusinessTransfer.Check(request) is not MakeBusinessTransferRefusal.None and var refusal ? refusal
            : MakeBusinessTransfer.Decide(request, !line.Say("unlisted"), State(row.In("company"), line), new BusinessTransferId(Guid.CreateVersion7()),
                new EntryId(Guid.CreateVersion7()), s_now, new Programme()).Answer.Refusal;
    });

    [Fact]
    public void Each_approval_is_decided_as_the_table_says() => Approving.ShouldHold(row =>
    {
        var (transfer, people) = (row.In("transfer"), row.In("people"));
        var found = Transfer(transfer);
        var state = State(row.In("company"), new CellWords([]));
        if (transfer.Say("happened"))
            state.Load(new SingleUse(SingleUseKind.BusinessTransferPaid, found!.Id));
        return ApproveBusinessTransfer.Decide(
            new ApproveBusinessTransferRequest(By(row.In("by").Say("program")), s_own, found?.Id ?? default, []),
            new ApproveBusinessTransfer.Found(found, [new TransferLine(1, s_other, 1_000.Yen(), "4月分")], people.Say("two"), people.Say("listed"),
                transfer.Say("withdrawn") ? BusinessRequestState.Withdrawn : null),
            state, new EntryId(Guid.CreateVersion7()), s_now).Answer.Refusal;
    });

    static ActingShop By(bool program) => new(new MerchantId(s_own.Value), program ? null : s_person);

    static BusinessTransfer? Transfer(CellWords words) => words.Words.Count == 0 ? null : new BusinessTransfer
    {
        Id = new BusinessTransferId(Guid.CreateVersion7()),
        Business = s_own,
        MadeMs = (s_now - (words.Say("old") ? BusinessTransfers.Waits : TimeSpan.FromDays(29))).ToUnixTimeMilliseconds(),
        State = words.Say("paid") ? BusinessTransferState.Paid : words.Say("refused") ? BusinessTransferState.Refused
            : words.Say("lapsed") ? BusinessTransferState.Lapsed : BusinessTransferState.Waiting,
    };

    static BusinessRequest Request(CellWords words) => new()
    {
        State = words.Say("paid") ? BusinessRequestState.Paid : words.Say("withdrawn") ? BusinessRequestState.Withdrawn
            : words.Say("declined") ? BusinessRequestState.Declined : BusinessRequestState.Open,
    };

    static AccountState State(CellWords company, CellWords payee)
    {
        var state = new AccountState();
        state.Open(s_own).Load(AccountType.BusinessMoney, 0, company.Amount);
        state.Of(s_own).Load(DecisionCase.Used(s_own, LimitKind.BusinessAlone, company, s_now));
        DecisionCase.Restrict(state.Of(s_own), company);
        DecisionCase.Restrict(state.Open(s_other), payee);
        return state;
    }
}
