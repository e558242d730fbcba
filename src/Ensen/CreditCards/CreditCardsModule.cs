using Dapper;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.CreditCards;

/// <summary>Credit cards of the programme that members link, their purchases, and the points that these bring.</summary>
public static class CreditCardsModule
{
    static readonly AccountType s_clearing = new(39, "CreditCardClearing", Unit.Yen);
    static readonly EntryKind s_points = new(44, "CreditCardPoints", EntryId.Prefix, "card");
    static readonly EntryKind s_takeBack = new(45, "CreditCardTakeBack", EntryId.Prefix, "refund");
    static readonly SingleUseKind s_posted = new(35, "CreditCardPointsPosted", "a posting for purchases of {0}", Members.MemberId.Prefix);

    extension(AccountType)
    {
        /// <summary>What the company of the credit cards owes us for points that purchases brought.</summary>
        public static AccountType CreditCardClearing => s_clearing;
    }

    extension(EntryKind)
    {
        /// <summary>Points for a card's purchases of a month.</summary>
        public static EntryKind CreditCardPoints => s_points;

        /// <summary>Purchases were corrected: points that were given too many are taken back.</summary>
        public static EntryKind CreditCardTakeBack => s_takeBack;
    }

    extension(SingleUseKind)
    {
        /// <summary>The n-th posting for a member's purchases by credit card. Subject: the member.</summary>
        public static SingleUseKind CreditCardPointsPosted => s_posted;
    }

    /// <summary>A linked card keeps its member from leaving: the programme's points would go on coming to nobody.</summary>
    public static LeavingObstacle CardLinked { get; } = new("credit_card_linked", "/credit-cards",
        async (connection, tx, member, _) => await connection.ExecuteScalarAsync<long>(
            "select count(*) from credit_card_claim where member = @member", new { member }, tx) > 0);

    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    public static Module Module { get; } = new("CreditCards")
    {
        Declares =
        [
            Schema.Of(typeof(CreditCardsModule)),
            IdPrefix.Of<CreditCardId>(), IdPrefix.Of<PurchaseFileId>(),
            PersonalTable.Exported("credit_card", "creditCards", "member = @member order by linked_ms desc")
                .Id<CreditCardId>("id", "creditCardId").Text("brand").Text("last_four").Moment("linked_ms").Moment("removed_ms")
                .Without("member", "card", "counts_from_ms")
                .Blanked("brand = '', last_four = ''", "from when on the purchases of a card count for whoever links it next"),
            PersonalTable.NotExported("credit_card_claim", "that a card is linked once: a hash of its company's name for it")
                .Erased("member = @member"),
            PersonalTable.Exported("card_purchase", "creditCardPurchases",
                    "month in (select m.month from purchase_month m) and card in (select t.card from credit_card t where t.member = @member) "
                    + "and exists (select 1 from purchase_file f where f.id = card_purchase.file and f.state = 2) "
                    + "and exists (select 1 from credit_card t where t.member = @member and t.card = card_purchase.card "
                    + "and card_purchase.at_ms >= t.counts_from_ms and (t.removed_ms is null or card_purchase.at_ms < t.removed_ms)) "
                    + "order by month desc")
                .Number("month").Word("class", n => ((PurchaseClass)n).ToString()).Number("amount").Moment("at_ms")
                .Without("card", "item", "file").Kept("a purchase of a card without a name: as long as its points can be asked about"),
            PersonalTable.Exported("credit_card_points", "creditCardPoints", "member = @member order by entry_id desc")
                .Id<EntryId>("entry_id", "entryId").Id<CreditCardId>("credit_card", "creditCardId").Number("month").Number("change_points")
                .Number("points").Number("owed").Moment("at_ms").Without("member", "card", "number").Kept(Sealed),
            CardLinked,
            s_clearing,
            s_points, s_takeBack,
            s_posted,
            CreditCardPointsRow.Check,
            .. CreditCardChecks.All,
            Job.Of<PostCreditCardPoints>(PostCreditCardPoints.JobName, "purchases by credit card bring points", TimeSpan.FromMinutes(10),
                TimeSpan.FromHours(2), (post, ct) => post.Run(ct)),
            Job.Of<TakePurchaseFile>("purchase files", "items of files that do not count are taken away", TimeSpan.FromHours(1),
                TimeSpan.FromMinutes(30), (take, ct) => take.Clear(ct)),
        ],
        Services = services => services
            .AddSingleton<LinkCreditCard>()
            .AddSingleton(LinkedCreditCards.Links)
            .AddSingleton<LinkCard<CreditCard, CreditCardId>>()
            .AddSingleton<UnlinkCard<CreditCard, CreditCardId>>()
            .AddSingleton<OwnCreditCards>()
            .AddSingleton<TakePurchaseFile>()
            .AddSingleton<PurchaseFiles>()
            .AddSingleton<PostCreditCardPoints>(),
    };
}
