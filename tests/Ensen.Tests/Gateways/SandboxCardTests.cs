using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Gateways;

public class SandboxCardTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_card_is_charged_with_the_proof_of_that_purchase_only(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        var card = outdoors.Sandbox.Card;
        var (mine, other) = (await Purchase(outdoors, 5_000), await Purchase(outdoors, 5_000));
        var proof = await card.Authenticate(mine, Ct);
        var proofOfOther = await card.Authenticate(other, Ct);

        (await card.Charge(await Purchase(outdoors, 5_000), null, Ct)).ShouldBe(Reply.Refused("three_d_secure_missing"));
        (await card.Charge(await Purchase(outdoors, 5_000), proof.Proof, Ct)).ShouldBe(Reply.Refused("three_d_secure_mismatch"));
        (await card.Charge(other with { Amount = 9_000.Yen() }, proofOfOther.Proof, Ct)).ShouldBe(Reply.Refused("three_d_secure_mismatch"));
        (await card.Charge(mine, proof.Proof, Ct)).ShouldBe(Reply.Accepted);
        (await card.Charged(Ct)).ShouldBe(5_000.Yen());
    }

    [Theory, BothEngines]
    public async Task Without_a_passed_3_D_Secure_there_is_no_proof(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.ThreeDSecure, FaultMode.Refuse, 1, ct: Ct);
        var purchase = await Purchase(outdoors, 5_000);

        var proof = await outdoors.Sandbox.Card.Authenticate(purchase, Ct);

        proof.Reply.Kind.ShouldBe(ReplyKind.Refused);
        proof.Proof.ShouldBeNull();
    }

    [Theory, BothEngines]
    public async Task A_cardholder_who_takes_time_is_proved_later_by_the_same_request(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);
        await outdoors.Sandbox.Moods.Set(Gateway.ThreeDSecure, FaultMode.TimeOutThenAccept, 1, ct: Ct);
        var purchase = await Purchase(outdoors, 5_000);

        (await outdoors.Sandbox.Card.Authenticate(purchase, Ct)).ShouldBe(new CardholderProof(Reply.Unknown, null));
        outdoors.Clock.Move(TimeSpan.FromSeconds(3));
        var proof = await outdoors.Sandbox.Card.Authenticate(purchase, Ct);

        (await outdoors.Sandbox.Card.Charge(purchase, proof.Proof, Ct)).ShouldBe(Reply.Accepted);
    }

    [Theory, BothEngines]
    public async Task Only_a_token_and_four_digits_are_known_of_a_card(Engine engine)
    {
        await using var outdoors = await Outdoors.Open(engine);

        var card = await outdoors.Sandbox.Card.CardOf(Id.New(outdoors.Clock), Ct);

        card!.LastFour.ShouldMatch("^[0-9]{4}$");
        card.Token.ShouldNotMatch("[0-9]{13}");
    }

    static async Task<CardPurchase> Purchase(Outdoors outdoors, long yen)
    {
        var card = await outdoors.Sandbox.Card.CardOf(Id.New(outdoors.Clock), Ct);
        return new CardPurchase(Id.New(outdoors.Clock), card!.Token, yen.Yen());
    }
}
