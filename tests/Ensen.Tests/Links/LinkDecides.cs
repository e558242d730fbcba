using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Links;

/// <summary>
/// What <see cref="CreateLink"/>, <see cref="ClaimLink"/> and <see cref="ReturnLink"/> decide. In the first row of each refusal everything
/// that is looked at after it is wrong as well.
/// </summary>
public class LinkDecides
{
    internal static RefusalTable<CreateLinkRefusal> Creating { get; } = new("""
        refusal              sender               limits                 asks
        None                 100000               -                      100000
        None                 10000                low day:20000          10000
        InvalidAmount        before               LinkTests.What_cannot_be_sent_by_link_is_refused
        InvalidRequest       before               LinkTests.What_cannot_be_sent_by_link_is_refused
        KeyReused            before               LinkTests.The_token_is_in_no_row_as_it_is_and_the_sender_reads_it_again
        NotFound             unverified           left frozen            100001
        NotVerified          unverified           frozen                 100001
        Frozen               -                    frozen                 100001
        OverLimit            -                    -                      100001
        OverLimit            1000                 day:99001              1000
        OverLimit            1000                 month:499001           1000
        OverLimit            1000                 own:999                1000
        OverLimit            10000                low paid:20001         10000
        InsufficientBalance  999                  -                      1000
        InsufficientBalance  prepaid:1000         -                      1000
        """);

    internal static RefusalTable<ClaimLinkRefusal> Claiming { get; } = new("""
        refusal              receiver              sender     link
        None                 990000                -          -
        None                 low                   low        -
        NotFound             left unverified       frozen     used over own
        NotFound             before                LinkTests.The_token_is_in_no_row_as_it_is_and_the_sender_reads_it_again
        KeyReused            before                LinkTests.The_same_key_does_it_once
        InvalidRequest       unverified 1000000    frozen     own used over
        CodeUsed             unverified 1000000    frozen     used over
        Lapsed               unverified 1000000    frozen     over
        Lapsed               -                     -          back
        NotVerified          unverified 1000000    frozen     -
        Frozen               frozen 1000000        -          -
        Frozen               -                     frozen     -
        OverLimit            990001                -          -
        OverLimit            980000 arriving:10001  -          -
        """);

    internal static RefusalTable<ReturnLinkRefusal> Returning { get; } = new("""
        refusal              link
        None                 -
        None                 frozen
        NotFound             before   LinkTests.The_token_is_in_no_row_as_it_is_and_the_sender_reads_it_again
        KeyReused            before   LinkTests.The_same_key_does_it_once
        CodeUsed             used
        Lapsed               back
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_sender = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly MemberId s_receiver = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly LinkId s_link = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    [Fact]
    public void Each_link_is_made_as_the_table_says() => Creating.ShouldHold(row => Create(row).Answer.Refusal);

    [Fact]
    public void Each_claim_is_decided_as_the_table_says() => Claiming.ShouldHold(row => Claim(row).Answer.Refusal);

    [Fact]
    public void Each_return_is_decided_as_the_table_says() => Returning.ShouldHold(row => Return(row).Answer.Refusal);

    [Fact]
    public void A_refusal_leaves_nothing_behind()
    {
        foreach (var row in Creating.Rows.Where(r => r.ShownBy is null && r.Refusal != "None"))
            (Create(row) is { Entry: null, Uses: [], SingleUses: [], IsForNow: false }).ShouldBeTrue(row.ToString());
        foreach (var row in Claiming.Rows.Where(r => r.ShownBy is null && r.Refusal != "None"))
            (Claim(row) is { Entry: null, Uses: [], SingleUses: [], IsForNow: false }).ShouldBeTrue(row.ToString());
    }

    static Decision<LinkCreated, CreateLinkRefusal> Create(TableRow row)
    {
        var (sender, limits) = (row.In("sender"), row.In("limits"));
        var state = new AccountState();
        state.Open(s_sender).Load(AccountType.Money, 0, sender.Amount);
        state.Of(s_sender).Load(AccountType.Prepaid, 0, sender.Named("prepaid") ?? 0);
        state.Of(s_sender).Load(DecisionCase.Used(s_sender, LimitKind.Transfer, limits, s_now));
        state.Of(s_sender).Load(SpendingLimit.Fresh(s_sender, LimitKind.Pay).Use(limits.Named("paid") ?? 0, JapanDay.Of(s_now)));
        DecisionCase.Restrict(state.Of(s_sender), limits);
        return CreateLink.Decide(
            new Payer(s_sender, !sender.Say("unverified")), Row(row.In("asks").Amount, s_now.AddDays(7)), state, s_now, new Programme());
    }

    static Decision<LinkClaimed, ClaimLinkRefusal> Claim(TableRow row)
    {
        var (receiver, sender, link) = (row.In("receiver"), row.In("sender"), row.In("link"));
        var state = new AccountState();
        var who = link.Say("own") ? s_sender : s_receiver;
        state.Open(who).Load(AccountType.Money, 0, receiver.Amount);
        var onTheWay = LimitUse.OnTheWay(who, receiver.Named("arriving") ?? 0);
        state.Of(who).Load(SpendingLimit.Fresh(who, LimitKind.Arriving).Use(onTheWay.Amount, onTheWay.Day));
        DecisionCase.Restrict(state.Of(who), receiver);
        DecisionCase.Restrict(state.Open(s_sender), sender);
        End(state, link);
        return ClaimLink.Decide(new Payer(who, !receiver.Say("unverified")), Row(10_000, link.Say("over") ? s_now : s_now.AddMilliseconds(1)),
            state, new EntryId(Guid.CreateVersion7()), s_now, new Programme());
    }

    static Decision<LinkReturned, ReturnLinkRefusal> Return(TableRow row)
    {
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_sender), row.In("link"));
        End(state, row.In("link"));
        return ReturnLink.Decide(Row(10_000, s_now), LinkState.Lapsed, Initiator.Job("links"), state, new EntryId(Guid.CreateVersion7()), s_now);
    }

    static void End(AccountState state, CellWords link)
    {
        if (link.Say("used") || link.Say("back"))
            state.Load(ClaimLink.Ended(s_link));
        if (link.Say("used"))
            state.Load(ClaimLink.Ended(s_link, LinkState.Claimed));
    }

    static LinkRow Row(long amount, DateTimeOffset until) => new(
        s_link, s_sender, amount.Yen(), s_now.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds(), null, "hash", "kept");
}
