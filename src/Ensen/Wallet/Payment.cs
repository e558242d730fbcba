using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;

namespace Ensen.Wallet;

/// <summary>How a payment came about.</summary>
public enum PayWay : short
{
    /// <summary>The member named the store (a partner's app, the demo town).</summary>
    Direct = 1,
    Tag = 2,
    StoreQr = 3,
    ShownCode = 4,
}

/// <summary>A payment as it is kept: yen and points; <c>AmountYen</c> = yen part + points (1 point = 1 yen).</summary>
public sealed record PaymentRow(
    PaymentId EntryId, MemberId MemberId, StoreId StoreId, long AtMs, Yen AmountYen, PointAmount Points, PointAmount PointsEarned,
    PayWay Way, TillId? TillId, string? OrderId)
{
    public static DetailTable<PaymentRow> Table { get; } = new DetailTable<PaymentRow>("payment")
        .Uuid("entry_id", p => p.EntryId)
        .Uuid("member_id", p => p.MemberId)
        .Uuid("store_id", p => p.StoreId)
        .Bigint("at_ms", p => p.AtMs)
        .Yen("amount_yen", p => p.AmountYen)
        .Points("points", p => p.Points)
        .Points("points_earned", p => p.PointsEarned)
        .Smallint("way", p => (short)p.Way)
        .UuidOrNull("till_id", p => p.TillId)
        .Text("order_id", p => p.OrderId);

    public Yen Yen => AmountYen - Points.WorthInPayments;
}

/// <summary>The number on a receipt that people read to each other: three characters and four digits made from the entry's id.</summary>
public static class ReceiptNumber
{
    const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Of(EntryId entryId)
    {
        Span<byte> bytes = stackalloc byte[16];
        entryId.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        var random = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        var letters = $"{Letters[(int)(random & 31)]}{Letters[(int)(random >> 5 & 31)]}{Letters[(int)(random >> 10 & 31)]}";
        return FormattableString.Invariant($"{letters}-{random / 32_768 % 10_000:0000}");
    }
}

/// <summary>Topics that live screens listen to.</summary>
public static class Topics
{
    public static string OfStore(StoreId storeId) => "store:" + storeId.Value.ToString("N");
    public static string OfMember(MemberId memberId) => "member:" + memberId.Value.ToString("N");
}
