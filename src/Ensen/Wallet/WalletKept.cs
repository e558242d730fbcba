using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Wallet;

/// <summary>What the wallet keeps about a member, without what is of the other party.</summary>
static class WalletKept
{
    const string Sealed = "sealed with its entry in the books, and names no person: as long as the books are kept";

    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        PersonalTable.Exported("payment", "payments", "member_id = @member order by entry_id desc")
            .Id<PaymentId>("entry_id", "paymentId").Id<StoreId>("store_id")
            .Text("(select s.name from store s where s.id = payment.store_id)", "storeName").Moment("at_ms").Number("amount_yen")
            .Number("points").Number("points_earned").Word("way", n => ((PayWay)n).ToString()).Text("order_id")
            .Without("member_id", "till_id").Kept(Sealed),
        PersonalTable.Exported("refund", "refunds", "member_id = @member order by entry_id desc")
            .Id<RefundId>("entry_id", "refundId").Id<PaymentId>("payment_id").Id<StoreId>("store_id").Moment("at_ms").Number("amount_yen")
            .Number("yen").Number("points").Number("points_taken_back").Text("reason").Without("number", "member_id").Kept(Sealed),
        PersonalTable.Exported("transfer", "transfers", "from_member = @member or to_member = @member order by entry_id desc")
            .Id<TransferId>("entry_id", "transferId")
            .Text("case when from_member = @member then 'sent' else 'received' end", "direction").Moment("at_ms").Number("amount_yen")
            .Text("note").Without("from_member", "to_member")
            .Kept(Sealed + "; what the sender wrote was sent to the other member, and is theirs"),
        PersonalTable.Exported("charge", "charges", "member_id = @member order by id desc")
            .Id<ChargeId>("id", "chargeId").Word("source", n => ((ChargeSource)n).ToString())
            .Word("state", n => ((ChargeState)n).ToString())
            .Number("asked_yen").Number("credited_yen").Number("suspense_yen").Text("reason").Moment("at_ms").Moment("ended_ms")
            .Without("member_id", "idempotency_key", "account_type", "reserved_yen", "counts_on", "entry_id")
            .Kept(Sealed),
        PersonalTable.NotExported("till_refusal", "the last refusal of a shown code, told on the telephone for a minute")
            .Erased("session_id in (select id from session where subject = @member and kind = 1)"),
    ];
}
