using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Links;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Rewards;
using Ensen.Transit;
using Ensen.Wallet;
using Ensen.Withdrawals;

namespace Ensen.Web.Edge;

/// <summary>What of a history is asked for, as its word in addresses and in the API says: <c>payments</c>.</summary>
enum HistoryPart
{
    Payments = 1,
    Charges = 2,
    Transfers = 3,
    Refunds = 4,

    /// <summary>Points that came, went or lapsed by themselves, and every kind that no other part has.</summary>
    Points = 5,
    Rewards = 6,

    /// <summary>Rides, the points that they brought, and points put on a transit card.</summary>
    Rides = 7,

    /// <summary>Money that went to the member's own bank account, or came back from there.</summary>
    Withdrawals = 8,
}

/// <summary>A movement, or a ride: one of the two is there.</summary>
sealed record PastThing(DateTimeOffset At, HistoryItem? Movement, CardRide? Ride);

/// <param name="Next">What the page after this one begins before; null where there is none.</param>
sealed record HistoryStretch(IReadOnlyList<PastThing> Things, EntryId? Next);

/// <param name="From">Only what happened since; <paramref name="Until"/>: and before.</param>
/// <param name="Before">Where the page before ended; null for the newest.</param>
readonly record struct HistoryAsked(
    MemberId Member, HistoryPart? Part, DateTimeOffset? From, DateTimeOffset? Until, EntryId? Before, int Limit);

/// <summary>
/// A member's movements and rides together, newest first. A page ends at an id: an entry's own, or the first of the instant of a ride, so
/// that what comes in at the top moves nothing below. At the same instant movements stand before rides, and rides are not parted.
/// </summary>
sealed class OneHistory(History history, OwnRides rides, Catalogue catalogue)
{
    static readonly Dictionary<HistoryPart, EntryKind[]> s_kinds = new()
    {
        [HistoryPart.Payments] = [EntryKind.Payment],
        [HistoryPart.Charges] = [EntryKind.Charge],
        [HistoryPart.Transfers] = [EntryKind.Transfer, EntryKind.Link, EntryKind.LinkClaim, EntryKind.LinkReturn],
        [HistoryPart.Withdrawals] =
            [EntryKind.Withdrawal, EntryKind.WithdrawalPaid, EntryKind.WithdrawalReturn, EntryKind.WithdrawalContradicted],
        [HistoryPart.Refunds] = [EntryKind.Refund, EntryKind.Correction],
        [HistoryPart.Rewards] = [EntryKind.RewardOrder, EntryKind.RewardReturn],
        [HistoryPart.Rides] = [EntryKind.RidePoints, EntryKind.TransitCharge, EntryKind.TransitReturn],
    };

    public async Task<HistoryStretch> Of(HistoryAsked asked, CancellationToken ct)
    {
        var end = asked.Until is { } until ? Id.First<EntryId>(until) : (EntryId?)null;
        if (asked.Before is { } before && (end is not { } last || before.Value.CompareTo(last.Value) < 0))
            end = before;
        EntryId? start = asked.From is { } from ? Id.First<EntryId>(from) : null;
        var movements = await history.Of(asked.Member, Kinds(asked.Part), end, start, asked.Limit, ct);
        // What is older than a full page's last movement stands on the next page.
        var full = movements.Count == asked.Limit;
        var oldest = full ? movements[^1].At.ToUnixTimeMilliseconds() + 1 : asked.From?.ToUnixTimeMilliseconds() ?? 0;
        var things = movements.Select(m => new PastThing(m.At, m, null)).Concat(
                asked.Part is null or HistoryPart.Rides ? await Rides(asked, end, oldest, ct) : [])
            .OrderByDescending(t => t.At.ToUnixTimeMilliseconds()).ThenBy(t => t.Ride is not null).ToList();
        var shown = Math.Min(things.Count, asked.Limit);
        while (shown > 0 && shown < things.Count && things[shown - 1].Ride is not null && things[shown].At == things[shown - 1].At)
            shown++;
        if (shown == 0 || !full && shown == things.Count)
            return new HistoryStretch(things[..shown], null);
        return new HistoryStretch(things[..shown], things[shown - 1].Movement?.EntryId ?? Id.First<EntryId>(things[shown - 1].At));
    }

    IReadOnlyList<EntryKind>? Kinds(HistoryPart? part) => part is not { } one ? null
        : s_kinds.TryGetValue(one, out var kinds) ? kinds
        : [.. catalogue.All<EntryKind>().Except(s_kinds.Values.SelectMany(k => k))];

    /// <summary>The newest rides of the stretch, more than a page needs at most by those of a month.</summary>
    async Task<IEnumerable<PastThing>> Rides(HistoryAsked asked, EntryId? end, long oldest, CancellationToken ct)
    {
        // A ride of the very instant at which a page ended stands below it, unless it was the ride that ended it.
        var newest = end is not { } last ? long.MaxValue
            : Id.TimeOf(last).ToUnixTimeMilliseconds() - (last.Value == Id.First(Id.TimeOf(last)) ? 1 : 0);
        var found = new List<PastThing>();
        foreach (var month in await rides.Months(asked.Member, ct))
        {
            // Rides after midnight belong to the railway's day before, so a month's reach into the next.
            var first = JapanDay.FromNumber(month * 100 + 1);
            if (first.Start.ToUnixTimeMilliseconds() > newest)
                continue;
            if (new JapanDay(first.Date.AddMonths(1)).Next.Start.ToUnixTimeMilliseconds() < oldest || found.Count > asked.Limit)
                break;
            found.AddRange((await rides.Of(asked.Member, month, ct)).Rides
                .Select(r => (Ride: r, At: r.Judged.Ride.InMs ?? r.Judged.Ride.OutMs ?? 0))
                .Where(r => r.At >= oldest && r.At <= newest)
                .Select(r => new PastThing(DateTimeOffset.FromUnixTimeMilliseconds(r.At), null, r.Ride)));
        }
        return found;
    }

    /// <summary>大阪 → 天王寺; a dash where a gate was missed.</summary>
    public static string WayOf(Ride ride) => $"{ride.FromStation ?? "—"} → {ride.ToStation ?? "—"}";
}
