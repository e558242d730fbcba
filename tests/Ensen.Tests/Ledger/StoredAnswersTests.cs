using System.Reflection;
using System.Text;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Tests.Ledger;

/// <summary>
/// What lies beside idempotency keys for as long as keys live, 400 days: a text that changes here is an answer that a repeat no longer finds,
/// or a repeat that is taken for another request. Nothing here is ever changed.
/// </summary>
public class StoredAnswersTests
{
    static readonly Guid s_one = Guid.Parse("01890000-0000-7000-8000-000000000001");
    static readonly Guid s_two = Guid.Parse("01890000-0000-7000-8000-000000000002");
    static readonly DateTimeOffset s_at = new(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Each_answer_is_kept_as_it_always_was()
    {
        Text(new Paid(new PaymentId(s_one), new MemberId(s_one), new StoreId(s_two), "Café", 900.Yen(), 800.Yen(), 100.Points(), 4.Points(), s_at),
            WalletJson.Default.Paid).ShouldBe(
            """=paid {"PaymentId":"pay_01h4000000e008000000000001","MemberId":"mbr_01h4000000e008000000000001","StoreId":"str_01h4000000e008000000000002","StoreName":"Caf\u00E9","Amount":900,"Yen":800,"Points":100,"PointsEarned":4,"PaidAt":"2026-05-01T12:00:00+09:00"}""");
        Text(new Refunded(new RefundId(s_one), new PaymentId(s_two), new StoreId(s_two), 900.Yen(), 800.Yen(), 100.Points(), 4.Points(), s_at),
            WalletJson.Default.Refunded).ShouldBe(
            """=refunded {"RefundId":"ref_01h4000000e008000000000001","PaymentId":"pay_01h4000000e008000000000002","StoreId":"str_01h4000000e008000000000002","Amount":900,"Yen":800,"Points":100,"PointsTakenBack":4,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new Transferred(new TransferId(s_one), 900.Yen(), 100.Yen(), s_at), WalletJson.Default.Transferred).ShouldBe(
            """=transferred {"TransferId":"trf_01h4000000e008000000000001","Amount":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new Charged(new ChargeId(s_one), ChargeState.Completed, 900.Yen(), 100.Yen(), "why", new AtmNumbers("1", "2", s_at)),
            WalletJson.Default.Charged).ShouldBe(
            """=charged {"ChargeId":"chg_01h4000000e008000000000001","State":2,"Amount":900,"Balance":100,"Reason":"why","Atm":{"CompanyNumber":"1","CustomerNumber":"2","Until":"2026-05-01T12:00:00+09:00"}}""");
        Text(new ChargeSettled(new ChargeId(s_one), true), WalletJson.Default.ChargeSettled).ShouldBe(
            """=charge-settled {"ChargeId":"chg_01h4000000e008000000000001","First":true}""");
        Text(new LinkCreated(new LinkId(s_one), 900.Yen(), 100.Yen(), s_at, s_at.AddDays(7)), LinksJson.Default.LinkCreated).ShouldBe(
            """=link-created {"LinkId":"lnk_01h4000000e008000000000001","Amount":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00","Until":"2026-05-08T12:00:00+09:00"}""");
        Text(new LinkClaimed(new EntryId(s_one), 900.Yen(), 100.Yen(), s_at), LinksJson.Default.LinkClaimed).ShouldBe(
            """=link-claimed {"ClaimId":"ent_01h4000000e008000000000001","Amount":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new WithdrawalBegun(new WithdrawalId(s_one), 900.Yen(), 100.Yen(), s_at), WithdrawalsJson.Default.WithdrawalBegun).ShouldBe(
            """=withdrawal-begun {"WithdrawalId":"wdr_01h4000000e008000000000001","Amount":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new WithdrawalEnded(new WithdrawalId(s_one), WithdrawalEnding.Paid, true), WithdrawalsJson.Default.WithdrawalEnded).ShouldBe(
            """=withdrawal-ended {"WithdrawalId":"wdr_01h4000000e008000000000001","How":1,"First":true}""");
        Text(new LinkReturned(new LinkId(s_one), 900.Yen(), s_at), LinksJson.Default.LinkReturned).ShouldBe(
            """=link-returned {"LinkId":"lnk_01h4000000e008000000000001","Amount":900,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new CardMigrated(new PointCardId(s_one), 10.Points()), CardsJson.Default.CardMigrated).ShouldBe(
            """=card-migrated {"CardId":"pcd_01h4000000e008000000000001","Points":10}""");
        Text(new Awarded("r1", 10.Points(), 110.Points(), s_at), CentresJson.Default.Awarded).ShouldBe(
            """=points-awarded {"Receipt":"r1","Points":10,"Balance":110,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new Spent("r1", 10.Points(), 110.Points(), s_at), CentresJson.Default.Spent).ShouldBe(
            """=points-spent {"Receipt":"r1","Points":10,"Balance":110,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new PointsCancelled("r1", 10.Points(), 110.Points(), 4.Yen(), s_at), CentresJson.Default.PointsCancelled).ShouldBe(
            """=points-cancelled {"Receipt":"r1","Points":10,"Balance":110,"Withheld":4,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new RewardOrdered(new RewardOrderId(s_one), 900.Points(), 100.Yen()), RewardsJson.Default.RewardOrdered).ShouldBe(
            """=reward-ordered {"OrderId":"rwo_01h4000000e008000000000001","Points":900,"Yen":100}""");
        Text(new GoodwillGiven(new GoodwillId(s_one), new EntryId(s_one), 300.Points()), GoodwillJson.Default.GoodwillGiven).ShouldBe(
            """=goodwill-given {"GoodwillId":"gdw_01h4000000e008000000000001","EntryId":"ent_01h4000000e008000000000001","Points":300}""");
        Text(new RewardReturned(new RewardOrderId(s_one)), RewardsJson.Default.RewardReturned).ShouldBe(
            """=reward-returned {"OrderId":"rwo_01h4000000e008000000000001"}""");
        Text(new TransitCharged(new TransitChargeId(s_one), TransitChargeState.Requested, 300.Points(), null), TransitJson.Default.TransitCharged)
            .ShouldBe("""=transit-charged {"chargeId":"tch_01h4000000e008000000000001","state":1,"points":300,"reason":null}""");
        Text(new BusinessTransferMade(new BusinessTransferId(s_one), BusinessTransferState.Waiting, 900.Yen(), 100.Yen(), s_at),
            BusinessesJson.Default.BusinessTransferMade).ShouldBe(
            """=business-transfer-made {"TransferId":"btr_01h4000000e008000000000001","State":1,"Total":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00"}""");
        Text(new BusinessTransferApproved(new BusinessTransferId(s_one), 900.Yen(), 100.Yen(), s_at), BusinessesJson.Default.BusinessTransferApproved)
            .ShouldBe("""=business-transfer-approved {"TransferId":"btr_01h4000000e008000000000001","Total":900,"Balance":100,"At":"2026-05-01T12:00:00+09:00"}""");
        StoredAnswer.Write<Paid, PayRefusal>(PayRefusal.InsufficientBalance, WalletJson.Default.Paid).ShouldBe("!paid 13");
    }

    [Fact]
    public void Each_type_that_is_kept_says_under_which_word() =>
        string.Join(' ', typeof(Paid).Assembly.GetTypes().Select(type => type.GetCustomAttribute<StoredAsAttribute>()?.Name)
            .Where(name => name is not null).Order(StringComparer.Ordinal))
            .ShouldBe(
                "business-deposit business-transfer-approved business-transfer-made campaign-closed campaign-opened card-migrated charge-settled charged corrected credit-card-points expired goodwill-given left link-claimed link-created link-returned paid pay-out-file pay-outs-ended points-awarded points-cancelled points-released points-spent refunded reward-ordered reward-returned ride-points settled transferred transit-charged transit-returned withdrawal-begun withdrawal-ended");

    [Fact]
    public void A_request_is_hashed_by_what_is_in_it_and_by_no_name_of_ours()
    {
        IdempotencyKey Key(params object?[] parts) => IdempotencyKey.Of(s_one, "k", parts);

        Convert.ToHexStringLower(Key("pay", s_two, 900L, PayWay.Tag, null, true).RequestHash).ShouldBe(
            "b4506e275ebbf6e61e815c6bc6d03aba085ccdc7edcce153dbf615047953720f");
        Key(new StoreId(s_two)).RequestHash.ShouldBe(Key(s_two).RequestHash);
        Key(PayWay.Tag).RequestHash.ShouldBe(Key(2L).RequestHash);
        foreach (var (one, other) in new (object?[], object?[])[] { ([null], [""]), (["a", "b"], ["ab", ""]), (["1"], [1L]), (["0:"], [null, ""]) })
            Key(one).RequestHash.ShouldNotBe(Key(other).RequestHash);
        Should.Throw<NotSupportedException>(() => Key(900.Yen()));
    }

    [Fact]
    public void An_order_is_paid_once_under_the_same_subject_for_ever() =>
        Order.SingleUses(new StoreId(s_one), "A-1", 900).Paid.Subject.ToString("N").ShouldBe("679ce3d1981d5ea55cf00aae438b2714");

    [Fact]
    public void A_typed_id_has_no_other_text_than_its_own()
    {
        var id = new StoreId(s_one);
        $"{id}".ShouldBe(id.ToString());
        Should.Throw<FormatException>(() => $"{id:N}");
    }

    static string Text<TValue>(TValue value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TValue> json)
        where TValue : class =>
        StoredAnswer.Write<TValue, PayRefusal>(value, json);
}
