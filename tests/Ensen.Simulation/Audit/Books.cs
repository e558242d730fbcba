using System.Collections.Immutable;
using Ensen.Simulation.Worlds;

namespace Ensen.Simulation.Audit;

/// <summary>
/// The auditor's own books: plain dictionaries, kept from requests and answers alone. They are immutable, so that the auditor can try
/// in which order things may have happened.
/// </summary>
sealed record Books
{
    public ImmutableDictionary<Guid, Purse> Purses { get; init; } = ImmutableDictionary<Guid, Purse>.Empty;
    public ImmutableDictionary<Guid, Bill> Bills { get; init; } = ImmutableDictionary<Guid, Bill>.Empty;
    public ImmutableDictionary<string, Kept> Once { get; init; } = ImmutableDictionary<string, Kept>.Empty;
    public ImmutableHashSet<string> Spent { get; init; } = [];

    /// <summary>The orders that were paid, and over how much.</summary>
    public ImmutableDictionary<(Guid Store, string Order), long> Orders { get; init; } =
        ImmutableDictionary<(Guid Store, string Order), long>.Empty;

    /// <summary>The phones on which somebody signed in later, by their names.</summary>
    public ImmutableSortedDictionary<string, PhoneKnown> Phones { get; init; } = ImmutableSortedDictionary<string, PhoneKnown>.Empty;

    public ImmutableDictionary<Guid, Top> Charges { get; init; } = ImmutableDictionary<Guid, Top>.Empty;

    /// <summary>The centre's receipts by their numbers, the files its till was answered for, and the receipts that a file has.</summary>
    public ImmutableDictionary<string, Slip> Slips { get; init; } = ImmutableDictionary<string, Slip>.Empty;
    public ImmutableDictionary<string, string> Files { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableHashSet<string> Filed { get; init; } = [];

    /// <summary>What is left of each reward, and what was ordered of them.</summary>
    public ImmutableSortedDictionary<string, long> Stock { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
    public ImmutableDictionary<Guid, Exchange> Exchanges { get; init; } = ImmutableDictionary<Guid, Exchange>.Empty;

    /// <summary>Money that was sent by link.</summary>
    public ImmutableDictionary<Guid, LinkSent> Links { get; init; } = ImmutableDictionary<Guid, LinkSent>.Empty;

    /// <summary>Money that members take to bank accounts of their own.</summary>
    public ImmutableDictionary<Guid, Withdrawn> Withdrawals { get; init; } = ImmutableDictionary<Guid, Withdrawn>.Empty;

    /// <summary>What companies hold, and their transfers that waited for a second person.</summary>
    public ImmutableSortedDictionary<Guid, CompanyPurse> Companies { get; init; } = ImmutableSortedDictionary<Guid, CompanyPurse>.Empty;
    public ImmutableDictionary<Guid, TransferMade> Transfers { get; init; } = ImmutableDictionary<Guid, TransferMade>.Empty;

    /// <summary>What is known of each transit card, by its number, and the points that were put on it.</summary>
    public ImmutableSortedDictionary<string, CardRides> Rides { get; init; } = ImmutableSortedDictionary<string, CardRides>.Empty;
    public ImmutableDictionary<Guid, Load> Loads { get; init; } = ImmutableDictionary<Guid, Load>.Empty;

    /// <summary>What is known of the purchases by each member's credit card.</summary>
    public ImmutableDictionary<Guid, CardPurchases> Purchases { get; init; } = ImmutableDictionary<Guid, CardPurchases>.Empty;

    /// <summary>In whose account each point card is, by its number, and the cards whose own points came along.</summary>
    public ImmutableDictionary<string, Guid> CardOwners { get; init; } = ImmutableDictionary<string, Guid>.Empty;
    public ImmutableHashSet<Guid> CardsMigrated { get; init; } = [];

    /// <summary>What keys held before what is looked at together.</summary>
    public ImmutableDictionary<string, Kept> OnceBefore { get; init; } = ImmutableDictionary<string, Kept>.Empty;

    /// <summary>Who leaves among what is looked at together.</summary>
    public ImmutableHashSet<Guid> Going { get; init; } = [];

    /// <summary>The operator's own sums: what came from bank, card and ATM, what points cost, what lapsed.</summary>
    public ImmutableSortedDictionary<string, long> Sums { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>What the campaign of this world may still give.</summary>
    public long CampaignLeft { get; init; }

    /// <summary>For how many days what it gives is pending.</summary>
    public int PendingDays { get; init; }

    /// <summary>It gives at the point till, too.</summary>
    public bool GivesAtTills { get; init; }

    public Books With(Guid member, Purse purse) => this with { Purses = Purses.SetItem(member, purse) };

    public Books Add(string sum, long amount) =>
        amount == 0 ? this : this with { Sums = Sums.SetItem(sum, Sums.GetValueOrDefault(sum) + amount) };

    public Books Keep(IEnumerable<Key> keys, bool accepted, string said, Guid entry)
    {
        var once = Once;
        foreach (var key in keys.Where(k => accepted || k.KeepsRefusals))
            once = once.SetItem(key.Name, new Kept(key.Body!, said, entry));
        return this with { Once = once };
    }
}

/// <summary>An idempotency key as the caller knows it.</summary>
sealed record Key(string Name, bool KeepsRefusals = true)
{
    /// <summary>What makes a request with this key the same request.</summary>
    public string? Body { get; init; }
}

/// <summary>What was asked and answered under a key.</summary>
sealed record Kept(string Body, string Said, Guid Entry);

/// <summary>What a member was told about caps: the day and month counted last, and what was used of them.</summary>
readonly record struct Used(int Day, long OfDay, int Month, long OfMonth)
{
    public long On(int day) => Day >= day ? OfDay : 0;
    public long In(int month) => Month >= month ? OfMonth : 0;

    public Used Plus(long amount, int day) => new(
        Math.Max(Day, day), On(day) + amount, Math.Max(Month, day / 100), In(day / 100) + amount);

    public Used Back(long amount, int day) => new(
        Day, Day == day ? Math.Max(0, OfDay - amount) : OfDay, Month, Month == day / 100 ? Math.Max(0, OfMonth - amount) : OfMonth);
}

/// <summary>A member's own caps on paying; null is none.</summary>
readonly record struct CapSet(long? Each, long? Day, long? Month);

/// <summary>One member: money, prepaid value, lots of points by their last day, caps, and every line of the statement.</summary>
sealed record Purse(bool Verified)
{
    public long Money { get; init; }
    public long Prepaid { get; init; }
    public ImmutableSortedDictionary<int, long> Lots { get; init; } = ImmutableSortedDictionary<int, long>.Empty;
    public ImmutableDictionary<string, Used> Used { get; init; } = ImmutableDictionary<string, Used>.Empty;

    /// <summary>Points that are pending, by the day from which they can be spent.</summary>
    public ImmutableSortedDictionary<int, long> Later { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>What the member got of the campaign, refunded or not.</summary>
    public long OfCampaign { get; init; }
    public bool FrozenByOperator { get; init; }
    public bool FrozenBySelf { get; init; }
    public bool Frozen => FrozenByOperator || FrozenBySelf;

    /// <summary>The caps of one's own that hold, and those that are to hold from an instant on.</summary>
    public CapSet Own { get; init; }
    public (CapSet Caps, DateTimeOffset From)? Ahead { get; init; }

    /// <summary>Between which instants low caps end, and whether they hold at the moment that is looked at.</summary>
    public (DateTimeOffset Earliest, DateTimeOffset Latest)? LowUntil { get; init; }
    public bool IsLow { get; init; }

    public long Pending { get; init; }

    /// <summary>The member has left: nothing reaches this purse any more.</summary>
    public bool Left { get; init; }
    public ImmutableList<string> Lines { get; init; } = [];

    public long Yen => Money + Prepaid;

    /// <summary>
    /// How the caps may have stood at some moment between these two: before what waits began to hold, after it, or either.
    /// </summary>
    public IEnumerable<Purse> Between(DateTimeOffset from, DateTimeOffset to)
    {
        if (Ahead is not { } ahead || ahead.From > from)
            yield return this;
        if (Ahead is { } held && held.From <= to)
            yield return this with { Own = held.Caps, Ahead = null };
    }

    /// <summary>The same, and whether low caps may have held at some moment from the first to the last of these.</summary>
    public IEnumerable<Purse> Between(DateTimeOffset from, DateTimeOffset to, DateTimeOffset last)
    {
        foreach (var purse in Between(from, to))
        {
            if (LowUntil is not { } ended || ended.Earliest <= last)
                yield return purse;
            if (LowUntil is { } low && low.Latest > from)
                yield return purse with { IsLow = true };
        }
    }

    public long Usable(int day) => Lots.Where(l => l.Key >= day).Sum(l => l.Value);

    public Purse Lot(int term, long points)
    {
        var now = Lots.GetValueOrDefault(term) + points;
        return this with { Lots = now == 0 ? Lots.Remove(term) : Lots.SetItem(term, now) };
    }

    public Purse Wait(int day, long points)
    {
        var now = Later.GetValueOrDefault(day) + points;
        return this with { Later = now == 0 ? Later.Remove(day) : Later.SetItem(day, now) };
    }

    public Purse Use(string cap, long amount, int day) =>
        this with { Used = Used.SetItem(cap, Used.GetValueOrDefault(cap).Plus(amount, day)) };

    public Purse GiveBack(string cap, long amount, int day) =>
        this with { Used = Used.SetItem(cap, Used.GetValueOrDefault(cap).Back(amount, day)) };

    /// <summary>Writes what an entry did to this purse: a line a leg, with the yen or the points that are held afterwards.</summary>
    public Purse Write(string entry, params IEnumerable<(string AccountType, int Term, long Amount)> legs) => this with
    {
        Lines = Lines.AddRange(legs.Where(l => l.Amount != 0)
            .Select(l => Line(entry, l.AccountType, l.Term, l.Amount, IsPoints(l.AccountType) ? Lots.Values.Sum() + Later.Values.Sum() : Yen))),
    };

    static bool IsPoints(string accountType) => accountType.EndsWith("Points", StringComparison.Ordinal);

    public static string Line(string entry, string accountType, int term, long amount, long? held) =>
        FormattableString.Invariant($"{entry} {accountType} {term} {amount:+0;-0} = {held}");
}

/// <summary>A payment with what it was made of, in the order it was taken, and its refunds.</summary>
sealed record Bill(Guid Member, Guid Store, int Day, long Amount, long Points, long Earned, int EarnedInto,
    ImmutableList<(string AccountType, long Yen)> YenParts, ImmutableList<(int Term, long Points)> LotParts)
{
    /// <summary>Which part of <c>Earned</c> came from the campaign.</summary>
    public long Gift { get; init; }

    /// <summary>The day until which the gift is pending, 0 where it never was, and whether it came in since.</summary>
    public int PendingUntil { get; init; }
    public bool Released { get; init; }
    public bool IsPending => PendingUntil > 0 && !Released;

    /// <summary>What was paid in yen and is not refunded.</summary>
    public long YenKept => Amount - Points - (Refunded - Refunds.Sum(r => r.Points));
    public ImmutableList<(int Day, long Amount, long Yen, long Points, long TakenBack)> Refunds { get; init; } = [];
    public long Refunded => Refunds.Sum(r => r.Amount);
}

/// <summary>A charge that was taken on and has not ended.</summary>
sealed record Top(Guid Member, string Source, string AccountType, long Asked, int CountsOn, bool Open);

/// <summary>
/// A receipt of the centre: points that a purchase of <paramref name="Amount"/> gave, or that were spent, with the lots they went to or came from.
/// </summary>
sealed record Slip(Guid Member, bool IsAward, long Amount, long Points, int Day, ImmutableList<(int Term, long Points)> Parts, string Said)
{
    /// <summary>What was answered to its cancellation.</summary>
    public string? Cancelled { get; init; }
}

/// <summary>An order of a reward, and what it cost; <paramref name="IsBack"/>: nothing came of it.</summary>
sealed record Exchange(Guid Member, string Reward, long Quantity, ImmutableList<(string AccountType, long Yen)> YenParts,
    ImmutableList<(int Term, long Points)> Parts, bool IsBack = false);

/// <summary>A ride as gates told it, in the month of its service day.</summary>
readonly record struct RideTold(int Month, DateTimeOffset At, string From, string To, long Fare, bool IsWhole);

/// <summary>
/// A transit card was linked to a member at an instant. Its rides count for them from <paramref name="From"/> until it was unlinked, or
/// lapsed as nobody used it.
/// </summary>
sealed record CardLink(Guid Member, DateTimeOffset At, DateTimeOffset From)
{
    /// <summary>
    /// When it ended, if it did: at the instant that somebody was told, or else in one of these windows. Which of them it was, what its rides
    /// bring shows later.
    /// </summary>
    public ImmutableList<Window> Ends { get; init; } = [];
    public bool IsOver => Ends.Count > 0;
    public bool Lapsed { get; init; }

    public bool Counts(RideTold ride, Window? ended) => ride.At >= From && !(ride.At >= ended?.To);
}

/// <summary>A transit card: its links one after the other, the rides that came in, and what was posted for each link's month.</summary>
sealed record CardRides
{
    public ImmutableList<CardLink> Links { get; init; } = [];
    public ImmutableHashSet<RideTold> Told { get; init; } = [];
    public ImmutableDictionary<(int Link, int Month), long> Posted { get; init; } = ImmutableDictionary<(int Link, int Month), long>.Empty;

    public CardLink? Open => Links is [.., { IsOver: false } last] ? last : null;
}

/// <summary>An item of a file of purchases.</summary>
readonly record struct ItemSaid(string Item, bool IsTransit, long Amount);

/// <summary>
/// A member's credit card: from which month on its purchases count, its items with the edition of the file that is right of each, what was
/// reckoned for each month, into which lots it was given first and last, and what could not be taken back.
/// </summary>
sealed record CardPurchases(int Since)
{
    public ImmutableDictionary<(int Month, string Item), (int Edition, ItemSaid Said)> Items { get; init; } =
        ImmutableDictionary<(int Month, string Item), (int Edition, ItemSaid Said)>.Empty;
    public ImmutableDictionary<int, long> Reckoned { get; init; } = ImmutableDictionary<int, long>.Empty;
    public ImmutableDictionary<int, (int First, int Last)> Given { get; init; } = ImmutableDictionary<int, (int First, int Last)>.Empty;
    public long Owed { get; init; }
}

/// <summary>Points that left their lots for a transit card.</summary>
sealed record Load(Guid Member, ImmutableList<(int Term, long Points)> Parts, bool Open);
