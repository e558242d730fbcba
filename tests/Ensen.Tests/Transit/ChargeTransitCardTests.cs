using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Transit;

namespace Ensen.Tests.Transit;

/// <summary>Points go to a card once, or are back in their lots, whatever the transit company answers.</summary>
public class ChargeTransitCardTests
{
    internal static RefusalTable<ChargeTransitCardRefusal> Table { get; } = new("""
        refusal             card     company  member  asks
        None                linked   there    -       500
        None                linked   there    -       300
        InvalidAmount       before   ChargeTransitCardTests.What_is_no_amount_moves_nothing
        KeyReused           before   ChargeTransitCardTests.It_is_charged_once_for_its_key
        NotFound            none     away     frozen  501
        NotFound            other    away     frozen  501
        NotFound            removed  away     frozen  501
        Lapsed              lapsed   away     frozen  501
        NotAvailable        linked   away     frozen  501
        MemberLeft          linked   there    left    501
        Frozen              linked   there    frozen  501
        InsufficientPoints  linked   there    -       501
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        var member = state.Open(s_member);
        member.Load(AccountType.ChargeOnlyPoints, 0, 200);
        member.Load(AccountType.Points, 20260601, 300);
        member.Load(AccountType.Points, 20260531, 1_000);
        DecisionCase.Restrict(member, row.In("member"));
        var (card, request) = (row.In("card"), new ChargeTransitCardRequest(
            s_member, new TransitCardId(Guid.CreateVersion7()), row.In("asks").Amount.Points(), Town.Key(s_member, null)));
        var linked = new TransitCard(
            request.Card, card.Say("other") ? new MemberId(Guid.CreateVersion7()) : s_member, Guid.CreateVersion7(), "1234", 0, 0,
            card.Say("removed") || card.Say("lapsed") ? 1 : null, "t", TransitCardForm.Plastic, 0, card.Say("lapsed"));
        return ChargeTransitCard.Decide(
            request, card.Say("none") ? null : linked, row.In("company").Say("there"), member, JapanDay.Parse("2026-06-01"));
    });

    [Theory, BothEngines]
    public async Task What_is_no_amount_moves_nothing(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await station.WithPoints(charge: 300);
        foreach (var points in new[] { 0L, -1, 20_001, long.MaxValue })
            (await station.Charge(aoi, card, points)).Refusal.ShouldBe(ChargeTransitCardRefusal.InvalidAmount);
        (await station.Points(aoi)).ShouldBe(300);
    }

    [Theory, BothEngines]
    public async Task It_is_charged_once_for_its_key(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await station.WithPoints(charge: 200, basic: 300);

        var charged = await station.Charge(aoi, card, 250, "k");

        charged.Value!.State.ShouldBe(TransitChargeState.Completed);
        (await station.Charge(aoi, card, 250, "k")).ShouldSatisfyAllConditions(
            a => a.Replayed.ShouldBeTrue(), a => a.Value.ShouldBe(charged.Value));
        (await station.Charge(aoi, card, 251, "k")).Refusal.ShouldBe(ChargeTransitCardRefusal.KeyReused);
        (await station.Points(aoi)).ShouldBe(0, "charge-only ones go first");
        (await station.Basic(aoi)).ShouldBe(250);
        (await station.World.Transit.Loaded(Ct)).Value.ShouldBe(250);
    }

    [Theory, BothEngines]
    public async Task Forty_at_once_take_no_more_than_there_is(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await station.WithPoints(charge: 200, basic: 300);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => station.Charge(aoi, card, 100), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(5);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == ChargeTransitCardRefusal.InsufficientPoints);
        await station.Work();
        (await station.World.Transit.Loaded(Ct)).Value.ShouldBe(500);
    }

    [Theory]
    [BothEngines(FaultMode.Refuse, 0)]
    [BothEngines(FaultMode.TimeOutThenRefuse, 0)]
    [BothEngines(FaultMode.LateRefuse, 0)]
    [BothEngines(FaultMode.TimeOutThenAccept, 250)]
    [BothEngines(FaultMode.Lost, 250)]
    [BothEngines(FaultMode.LateAccept, 250)]
    [BothEngines(FaultMode.Twice, 250)]
    [BothEngines(FaultMode.CallbackFirst, 250)]
    public async Task Whatever_the_company_answers_nothing_is_lost_or_doubled(Engine engine, FaultMode mode, long onTheCard)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await station.WithPoints(charge: 200, basic: 300);
        await station.World.Moods.Set(Gateway.Transit, mode, 1, TimeSpan.FromSeconds(5), Ct);

        var first = await station.Charge(aoi, card, 250, "k");
        (await station.Points(aoi) + await station.Basic(aoi)).ShouldBe(mode == FaultMode.Refuse ? 500 : 250, "reserved until it is known");
        for (var i = 0; i < 4; i++)
        {
            station.Clock.Move(TimeSpan.FromSeconds(40));
            await station.Work();
        }

        (await station.Charge(aoi, card, 250, "k")).Value!.State
            .ShouldBe(onTheCard > 0 ? TransitChargeState.Completed : TransitChargeState.Failed);
        first.Accepted.ShouldBeTrue();
        (await station.World.Transit.Loaded(Ct)).Value.ShouldBe(onTheCard);
        (await station.Points(aoi), await station.Basic(aoi)).ShouldBe(onTheCard > 0 ? (0, 250) : (200, 300));
    }

    [Theory, BothEngines]
    public async Task What_comes_back_to_a_lot_that_has_lapsed_lapses(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, card) = await station.WithPoints(charge: 200, basic: 300);
        station.Clock.Set("2028-03-31 23:59:59");
        await station.World.Moods.Set(Gateway.Transit, FaultMode.TimeOutThenRefuse, 1, TimeSpan.FromSeconds(5), Ct);
        (await station.Charge(aoi, card, 250)).Value!.State.ShouldBe(TransitChargeState.Requested);
        station.Clock.Set("2028-04-01 00:01:00");
        await station.Get<Expire>().Run(JapanDay.Parse("2028-04-01"), Ct);
        await station.Work();
        (await station.Points(aoi), await station.Basic(aoi)).ShouldBe((200, 0));
    }

    [Theory, BothEngines]
    public async Task Consent_is_off_until_it_is_given_and_withdrawn_at_once(Engine engine)
    {
        await using var station = await Station.Open(engine);
        var (aoi, consent) = (await station.Member(), station.Get<RideConsent>());
        (await consent.Given(aoi, Ct)).ShouldBeFalse();
        await consent.Set(aoi, true, Ct);
        await consent.Set(aoi, true, Ct);
        (await consent.Given(aoi, Ct)).ShouldBeTrue();
        await consent.Set(aoi, false, Ct);
        (await consent.Given(aoi, Ct)).ShouldBeFalse();
    }
}
