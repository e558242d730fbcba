using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Wallet;

namespace Ensen.Web.Members;

/// <summary>
/// What a month's movements of money come to. Each movement is in exactly one of the four, so that what came in less what went out is what
/// the balance changed by.
/// </summary>
sealed record MonthSums(Yen Paid, Yen Sent, Yen OtherOut, Yen In)
{
    public Yen Change => In - Paid - Sent - OtherOut;

    public static MonthSums Of(IReadOnlyList<HistoryItem> items) => new(
        items.Where(IsPaid).Sum(i => -i.Yen),
        items.Where(i => IsOut(i) && IsSent(i)).Sum(i => -i.Yen),
        items.Where(i => IsOut(i) && !IsSent(i)).Sum(i => -i.Yen),
        items.Where(i => !IsPaid(i) && i.Yen > Yen.Zero).Sum(i => i.Yen));

    static bool IsPaid(HistoryItem item) => item.Kind == EntryKind.Payment;

    static bool IsSent(HistoryItem item) => item.Kind == EntryKind.Transfer || item.Kind == EntryKind.Link;

    static bool IsOut(HistoryItem item) => !IsPaid(item) && item.Yen < Yen.Zero;
}
