using Ensen.Cards;
using Ensen.Gateways;
using Ensen.Tests.Support;

namespace Ensen.Tests.Cards;

/// <summary>What <see cref="RegisterPointCard"/> makes of an issuer's answer.</summary>
public class RegisterPointCardDecides
{
    internal static RefusalTable<RegisterPointCardRefusal> Table { get; } = new("""
        refusal            card                       asks
        None               pin existing               existing
        None               pin new                    new
        None               pin existing of-unknown    existing unverified
        None               existing of-same           existing
        None               pin existing of-other      existing unverified
        InvalidRequest     before  PointCardTests.What_is_no_card_is_refused
        InvalidCode        before  PointCardTests.What_is_no_card_is_refused
        NotVerified        before  PointCardTests.A_card_without_a_pin_is_known_by_its_owners_name
        TooManyRequests    before  PointCardTests.Five_wrong_tries_a_day_at_a_card_and_twenty_at_a_device_are_looked_at
        TryAgain           before  PointCardTests.An_issuer_that_is_silent_is_asked_again
        CardRefused        pin unknown lapsed of-other  new
        CardRefused        existing lapsed of-other     new
        DifferentPerson    pin lapsed existing of-other  new
        Lapsed             pin lapsed existing of-same  new
        Lapsed             lapsed existing of-same      existing
        NotEligible        pin existing               new
        NotEligible        pin new                    existing
        AlreadyLinked      before  PointCardTests.One_card_is_one_account_also_when_forty_want_it_at_once
        AlreadyRegistered  before  PointCardTests.One_card_is_one_account_also_when_forty_want_it_at_once
        KeyReused          before  PointCardTests.What_is_no_card_is_refused
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var (card, asks) = (row.In("card"), row.In("asks"));
        var owner = card.Say("of-same") ? "ニシカワ アオイ" : card.Say("of-other") ? "モリ ハナ" : null;
        var standing = card.Say("unknown") ? PointCardStanding.NotConfirmed : card.Say("lapsed") ? PointCardStanding.Lapsed
            : PointCardStanding.InForce;
        return RegisterPointCard.Decide(
            new PointCardIssuer("a", "a", "a", "1", 10, card.Say("pin") ? 4 : 0, false),
            new PointCardFinding(standing, card.Say("existing"), owner), asks.Say("existing"), asks.Say("unverified") ? null : "ﾆｼｶﾜ ｱｵｲ");
    });
}
