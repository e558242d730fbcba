using Ensen.Ledger;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>How a movement is called on a member's pages.</summary>
static class Movements
{
    /// <summary>The number that people and programs know it by: a charge's is the one it was taken on under.</summary>
    public static string IdOf(HistoryItem item) => Ids.OfEntry(item.Kind, item.ChargeId?.Value ?? item.EntryId);

    /// <summary>
    /// The store, the other member, or what happened. Sending one yen buys nobody's name: a receiver stays masked to the sender.
    /// </summary>
    public static string Title(HistoryItem item, IStringLocalizer<MemberWords> words) =>
        item.Party is "" ? words["FormerMember"]
        : item.Kind == EntryKind.Transfer && item is { Yen.Value: < 0, Party: { } receiver } ? Receivers.Masked(receiver)
        : item.Party ?? words[item.ChargedBy is { } source ? "Charged_" + source : "Kind_" + item.Kind];

    /// <summary>What kind of movement it is; a transfer says its direction.</summary>
    public static string Kind(HistoryItem item, IStringLocalizer<MemberWords> words) =>
        words[item.Kind == EntryKind.Transfer ? item.Yen.Value < 0 ? "Sent" : "Received" : "Kind_" + item.Kind];

    public static string Icon(HistoryItem item) => item.ChargedBy switch
    {
        ChargeSource.Card => "card",
        ChargeSource.Atm => "atm",
        _ => item.Kind.Icon,
    };
}
