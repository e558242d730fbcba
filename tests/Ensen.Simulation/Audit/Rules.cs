using System.Collections.Immutable;

namespace Ensen.Simulation.Audit;

/// <summary>
/// The rules of the product once more, in the auditor's own few lines and numbers. Each says what must be answered to a request as the
/// books stand, and how they stand afterwards.
/// </summary>
static partial class Rules
{
    public const long BalanceCap = 1_000_000;
    public const long BalanceCapUnverified = 100_000;
    public const int RefundDays = 365;

    /// <summary>The campaign of each world: 1 point more for 100 yen, so many for each member in all, in a lot of its own.</summary>
    public const int CampaignCap = 150, CampaignLot = 991_231_000, CampaignLastDay = 20991231;

    static string KindOf(int term) => term == CampaignLot ? "CampaignPoints" : term == 0 ? "ChargeOnlyPoints" : "Points";

    static (long Each, long Day, long Month) PayCaps(bool verified) => verified ? (500_000, 500_000, 1_000_000) : (50_000, 50_000, 100_000);

    static readonly TimeSpan RaiseWaits = TimeSpan.FromHours(24);
    static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(10);

    /// <summary>Somebody moved the clock while the member's proof was on its way.</summary>
    public static bool ProofMayLapse(DateTimeOffset sent, DateTimeOffset answered) => answered - sent >= ProofLife;

    /// <summary>What little is paid in one go, and paid and sent together on a day, under low caps.</summary>
    const long LowEach = 10_000, LowDay = 30_000;

    public static long PayCapOfDay(Purse purse) =>
        Math.Min(Math.Min(PayCaps(purse.Verified).Day, purse.Own.Day ?? long.MaxValue), purse.IsLow ? LowDay : long.MaxValue);

    static (long Each, long Today) Low(Purse purse, int day) => !purse.IsLow ? (long.MaxValue, long.MaxValue)
        : (LowEach, Math.Max(0, LowDay - purse.Used.GetValueOrDefault("pay").On(day) - purse.Used.GetValueOrDefault("transfer").On(day)
            - purse.Used.GetValueOrDefault("withdrawal").On(day)));

    public static (long PerMovement, long Today, long ThisMonth) PayLeft(Purse purse, int day)
    {
        var caps = PayCaps(purse.Verified);
        var (used, low) = (purse.Used.GetValueOrDefault("pay"), Low(purse, day));
        return (Math.Min(Math.Min(caps.Each, purse.Own.Each ?? long.MaxValue), low.Each),
            Math.Min(Math.Max(0, PayCapOfDay(purse with { IsLow = false }) - used.On(day)), low.Today),
            Math.Max(0, Math.Min(caps.Month, purse.Own.Month ?? long.MaxValue) - used.In(day / 100)));
    }

    /// <summary>The caps that wait, with the programme's, and when they begin to hold.</summary>
    public static (long Each, long Day, long Month, DateTimeOffset From)? Ahead(Purse purse)
    {
        var most = PayCaps(purse.Verified);
        return purse.Ahead is not { } ahead ? null : (
            Math.Min(most.Each, ahead.Caps.Each ?? long.MaxValue), Math.Min(most.Day, ahead.Caps.Day ?? long.MaxValue),
            Math.Min(most.Month, ahead.Caps.Month ?? long.MaxValue), ahead.From);
    }

    /// <summary>
    /// The purse with other own caps: what is lower holds at once, what is higher only with a proof and a day later. Null when that cannot
    /// have been answered.
    /// </summary>
    public static Purse? Cap(Purse purse, Capped asked)
    {
        var most = PayCaps(purse.Verified);
        long? Wanted(long? wish, long? own, long cap) =>
            Math.Min(wish ?? cap, cap) == Math.Min(own ?? cap, cap) ? own : wish >= cap ? null : wish;
        bool Higher(long? wish, long? own, long cap) => Math.Min(wish ?? cap, cap) > Math.Min(own ?? cap, cap);
        var (wish, own) = (asked.Wish, purse.Own);
        var wanted = new CapSet(
            Wanted(wish.Each, own.Each, most.Each), Wanted(wish.Day, own.Day, most.Day), Wanted(wish.Month, own.Month, most.Month));
        var (each, day, month) = (
            Higher(wish.Each, own.Each, most.Each), Higher(wish.Day, own.Day, most.Day), Higher(wish.Month, own.Month, most.Month));
        if (purse.Ahead is { } waiting && waiting.Caps == wanted)
            return !asked.Refused && asked.From == waiting.From ? purse : null;
        var raises = each || day || month;
        if (asked.Refused || raises && !asked.Proven)
            return asked.Refused && raises && (!asked.Proven || asked.ProofMayBeVoid || ProofMayLapse(asked.Sent, asked.Answered))
                ? purse : null;
        if (raises != asked.From.HasValue || asked.From < asked.Sent + RaiseWaits || asked.From > asked.Answered + RaiseWaits)
            return null;
        return purse with
        {
            Own = new CapSet(each ? own.Each : wanted.Each, day ? own.Day : wanted.Day, month ? own.Month : wanted.Month),
            Ahead = raises ? (wanted, asked.From!.Value) : null,
        };
    }

    /// <summary>The same as <see cref="Pay(Books, PayAsked, int, Guid)"/>, decided at some moment between two.</summary>
    public static (string Said, Books After) Pay(Books books, PayAsked asked, int day, Guid id, DateTimeOffset from, DateTimeOffset to,
        DateTimeOffset last, Func<string, bool> isAnswer) =>
        AtSomeMoment(books, asked.Member, from, to, last, b => Pay(b, asked, day, id), isAnswer);

    /// <summary>The same as <see cref="Transfer(Books, Guid, Guid, long, int, Guid)"/>, decided at some moment between two.</summary>
    public static (string Said, Books After) Transfer(Books books, Guid from, Guid to, long amount, int day, Guid id, DateTimeOffset sent,
        DateTimeOffset answered, Func<string, bool> isAnswer) =>
        AtSomeMoment(books, from, sent, answered, answered, b => Transfer(b, from, to, amount, day, id), isAnswer);

    /// <summary>
    /// What a rule says at some moment between two: caps that wait begin to hold at one, low caps end at one. Whether low caps held was seen
    /// a little later, and not after <paramref name="last"/>.
    /// </summary>
    public static (string Said, Books After) AtSomeMoment(Books books, Guid member, DateTimeOffset from, DateTimeOffset to,
        DateTimeOffset last, Func<Books, (string Said, Books After)> rule, Func<string, bool> isAnswer)
    {
        var purse = books.Purses[member];
        var decided = purse.Between(from, to, last).Select(p => rule(books.With(member, p))).ToList();
        var (said, after) = decided.Find(d => isAnswer(d.Said)) is { Said: not null } found ? found : decided[0];
        return (said, after.With(member, after.Purses[member] with { Own = purse.Own, Ahead = purse.Ahead, IsLow = false }));
    }

    /// <summary>Points lapse at the end of March of the fiscal year after the one in which they were earned.</summary>
    public static int LastDay(int earnedOn)
    {
        var (year, month) = (earnedOn / 10_000, earnedOn / 100 % 100);
        return ((month >= 4 ? year : year - 1) + 2) * 10_000 + 331;
    }

    public static (string Said, Books After) Pay(Books books, PayAsked asked, int day, Guid id)
    {
        var purse = books.Purses[asked.Member];
        if (asked.Order is { } order && books.Orders.TryGetValue((asked.Store, order), out var over))
            return (over == asked.Amount ? "CodeUsed" : "OrderConflict", books);
        if (purse.Left) return ("MemberLeft", books);
        if (purse.Frozen) return ("Frozen", books);
        if (asked.Spends.Any(books.Spent.Contains)) return ("CodeUsed", books);
        var left = PayLeft(purse, day);
        if (asked.Amount > left.PerMovement || asked.Amount > left.Today || asked.Amount > left.ThisMonth) return ("OverLimit", books);
        var points = asked.AtMost ? Math.Min(asked.Points, Math.Min(asked.Amount, purse.Usable(day))) : asked.Points;
        if (points > purse.Usable(day)) return ("InsufficientPoints", books);
        var yen = asked.Amount - points;
        var prepaid = Math.Min(yen, purse.Prepaid);
        if (yen - prepaid > (purse.Verified ? purse.Money : 0)) return ("InsufficientBalance", books);

        var lots = Take(purse.Lots.Where(l => l.Key >= day), points);
        var gift = Math.Min(yen / 100, Math.Min(CampaignCap - purse.OfCampaign, books.CampaignLeft));
        var byPaying = yen / 200;
        var earned = byPaying + gift;
        var into = LastDay(day);
        var after = purse with { Prepaid = purse.Prepaid - prepaid, Money = purse.Money - (yen - prepaid) };
        foreach (var (term, part) in lots)
            after = after.Lot(term, -part);
        var until = books.PendingDays == 0 ? 0 : Later(day, books.PendingDays);
        after = after.Lot(into, byPaying) with { OfCampaign = purse.OfCampaign + gift };
        after = (until > 0 ? after.Wait(until, gift) : after.Lot(CampaignLot, gift)).Use("pay", asked.Amount, day);
        after = after.Write($"Payment {id}", [
            ("Prepaid", 0, -prepaid), ("Money", 0, -(yen - prepaid)),
            .. lots.Select(l => (KindOf(l.Item1), l.Item1, -l.Item2)), ("Points", into, byPaying),
            until > 0 ? ("PendingPoints", until, gift) : ("CampaignPoints", CampaignLot, gift)]);
        var bill = new Bill(asked.Member, asked.Store, day, asked.Amount, points, earned, byPaying > 0 ? into : until > 0 ? 0 : CampaignLot,
            [.. new[] { ("Prepaid", prepaid), ("Money", yen - prepaid) }.Where(p => p.Item2 > 0)], lots)
        { Gift = gift, PendingUntil = until };
        books = books.With(asked.Member, after) with
        {
            CampaignLeft = books.CampaignLeft - gift,
            Bills = books.Bills.Add(id, bill),
            Spent = books.Spent.Union(asked.Spends),
            Orders = asked.Order is { } paid ? books.Orders.Add((asked.Store, paid), asked.Amount) : books.Orders,
        };
        return (FormattableString.Invariant($"paid {asked.Amount} with {yen} yen and {points} points, earned {earned}"),
            books.Add("Payable", asked.Amount).Add("PointFunding", -points).Add("PointLiability", points - byPaying));
    }

    public static (string Said, Books After) Refund(Books books, Guid paymentId, Guid store, long amount, int day, Guid id)
    {
        if (!books.Bills.TryGetValue(paymentId, out var bill) || bill.Store != store) return ("NotFound", books);
        if (amount > bill.Amount - bill.Refunded) return ("NotRefundable", books);
        if (Date(day).DayNumber - Date(bill.Day).DayNumber > RefundDays) return ("NotRefundable", books);

        var purse = books.Purses[bill.Member];
        if (purse.Left) return ("MemberLeft", books);
        var (pointsBefore, takenBefore, yenBefore) = (bill.Refunds.Sum(r => r.Points), bill.Refunds.Sum(r => r.TakenBack),
            bill.Refunds.Sum(r => r.Yen));
        var all = bill.Refunded + amount;
        var points = bill.Points * all / bill.Amount - pointsBefore;
        var yen = amount - points;
        var kept = bill.Amount - bill.Points - (all - pointsBefore - points);
        var keptBefore = bill.Amount - bill.Points - (bill.Refunded - pointsBefore);
        var earnedByKept = Math.Min(bill.Earned - bill.Gift, kept / 200) + Math.Min(bill.Gift, kept / 100);
        var takeBack = Math.Clamp(bill.Earned - earnedByKept - takenBefore, 0, bill.Earned - takenBefore);

        var legs = new List<(string, int, long)>();
        var taken = 0L;
        // What the part had got of the campaign first, then what it had earned by paying, then whatever there is.
        var ofGift = Math.Min(bill.Gift, keptBefore / 100) - Math.Min(bill.Gift, kept / 100);
        // What is pending of the part goes first and whole.
        var ofPending = bill.IsPending ? ofGift : 0;
        takeBack = Math.Max(takeBack, ofPending);
        if (ofPending > 0)
        {
            legs.Add(("PendingPoints", bill.PendingUntil, -ofPending));
            purse = purse.Wait(bill.PendingUntil, -ofPending);
            taken = ofPending;
        }
        var parts = new Dictionary<int, long>();
        foreach (var (term, most) in purse.Lots.Where(l => l.Key >= day).Select(l => (l.Key, l.Value))
            .OrderBy(l => l.Key == bill.EarnedInto ? 0 : 1).ThenBy(l => l.Key).Prepend((CampaignLot, bill.IsPending ? 0 : ofGift)))
            if (Math.Min(Math.Min(takeBack - taken, most), purse.Lots.GetValueOrDefault(term)) is var part and > 0)
            {
                parts[term] = parts.GetValueOrDefault(term) + part;
                purse = purse.Lot(term, -part);
                taken += part;
            }
        legs.AddRange(parts.Select(p => (KindOf(p.Key), p.Key, -p.Value)));
        var withheld = Math.Min(yen, takeBack - taken);
        yen -= withheld;
        takeBack = taken + withheld;
        foreach (var (accountType, part) in Between(bill.YenParts.Reverse(), yenBefore, yenBefore + yen))
        {
            legs.Add((accountType, 0, part));
            purse = accountType == "Money" ? purse with { Money = purse.Money + part } : purse with { Prepaid = purse.Prepaid + part };
        }
        var lapsed = 0L;
        foreach (var (term, part) in Between(bill.LotParts.Reverse(), pointsBefore, pointsBefore + points))
            if (term >= day)
            {
                legs.Add((KindOf(term), term, part));
                purse = purse.Lot(term, part);
            }
            else
                lapsed += part;
        purse = purse.Write($"Refund {id}", legs);
        bill = bill with { Refunds = bill.Refunds.Add((day, amount, yen, points, takeBack)) };
        books = books.With(bill.Member, purse) with { Bills = books.Bills.SetItem(paymentId, bill) };
        return (FormattableString.Invariant($"refunded {amount} with {yen} yen and {points} points, took back {takeBack}"),
            books.Add("Payable", -amount).Add("PointFunding", points + withheld).Add("PointLiability", taken - points)
                .Add("Breakage", lapsed));
    }

    public static (string Said, Books After) Transfer(Books books, Guid from, Guid to, long amount, int day, Guid id)
    {
        var (sender, receiver) = (books.Purses[from], books.Purses[to]);
        var used = sender.Used.GetValueOrDefault("transfer");
        if (sender.Left || receiver.Left) return ("NotFound", books);
        if (!sender.Verified || !receiver.Verified) return ("NotVerified", books);
        if (sender.Frozen || receiver.Frozen) return ("Frozen", books);
        if (amount > 100_000 || used.On(day) + amount > 100_000 || used.In(day / 100) + amount > 500_000) return ("OverLimit", books);
        var low = Low(sender, day);
        if (amount > low.Each || amount > low.Today) return ("OverLimit", books);
        if (sender.Money < amount) return ("InsufficientBalance", books);
        if (sender.Used.GetValueOrDefault("no room").On(day) >= 5) return ("TooManyRequests", books);
        if (receiver.Yen + receiver.Pending + amount > BalanceCap) return ("OverLimit", books.With(from, sender.Use("no room", 1, day)));

        sender = (sender with { Money = sender.Money - amount }).Use("transfer", amount, day)
            .Write($"Transfer {id}", [("Money", 0, -amount)]);
        receiver = (receiver with { Money = receiver.Money + amount }).Write($"Transfer {id}", [("Money", 0, amount)]);
        return (FormattableString.Invariant($"sent {amount}, {sender.Yen} left"), books.With(from, sender).With(to, receiver));
    }

    /// <summary>A charge is taken on when the caps and what is held and on its way leave room for it.</summary>
    public static (string Said, Books After) Charge(Books books, Guid member, string source, long amount, int day, Guid id)
    {
        var purse = books.Purses[member];
        var most = source == "Bank" ? 200_000 : 50_000;
        if (purse.Left) return ("MemberLeft", books);
        if (source == "Bank" && !purse.Verified) return ("NotVerified", books);
        if (purse.Frozen) return ("Frozen", books);
        if (amount > most || purse.Used.GetValueOrDefault(source).On(day) + amount > most) return ("OverLimit", books);
        if (purse.Yen + purse.Pending + amount > (purse.Verified ? BalanceCap : BalanceCapUnverified)) return ("OverLimit", books);

        var accountType = purse.Verified && source != "Card" ? "Money" : "Prepaid";
        purse = (purse with { Pending = purse.Pending + amount }).Use(source, amount, day);
        return ("taken on",
            books.With(member,
            purse) with
            { Charges = books.Charges.Add(id, new Top(member, source, accountType, amount, day, Open: true)) });
    }

    /// <summary>A charge ends: with what arrived, or with nothing.</summary>
    public static Books? Settle(Books books, Guid id, long arrived)
    {
        if (!books.Charges.TryGetValue(id, out var top) || !top.Open) return null;
        var purse = books.Purses[top.Member];
        purse = purse with { Pending = purse.Pending - top.Asked };
        if (top.CountsOn != 0 && top.Asked != arrived)
            purse = purse.GiveBack(top.Source, top.Asked - arrived, top.CountsOn);
        if (arrived > 0)
        {
            purse = top.AccountType == "Money" ? purse with { Money = purse.Money + arrived }
                : purse with { Prepaid = purse.Prepaid + arrived };
            purse = purse.Write("Charge", [(top.AccountType, 0, arrived)]);
        }
        return books.With(top.Member, purse).Add(top.Source + "Clearing",
            -arrived) with
        { Charges = books.Charges.SetItem(id, top with { Open = false }) };
    }

    /// <summary>A member leaves who has no money, none on its way, and is not frozen: the points lapse. Null when they may not.</summary>
    public static Books? Leave(Books books, Guid member)
    {
        var purse = books.Purses[member];
        if (purse.Left || purse.Yen != 0 || purse.Pending != 0 || purse.Frozen) return null;
        var (lots, later, points) = (purse.Lots, purse.Later, purse.Lots.Values.Sum() + purse.Later.Values.Sum());
        var none = ImmutableSortedDictionary<int, long>.Empty;
        purse = (purse with { Left = true, Lots = none, Later = none }).Write(
            "Leaving", lots.Select(l => (KindOf(l.Key), l.Key, -l.Value)).Concat(later.Select(l => ("PendingPoints", l.Key, -l.Value))));
        return Forget(books.With(member, purse), member).Add("Breakage", points);
    }

    /// <summary>What the requests of whoever has left were refused is forgotten with them; what moved something is sealed.</summary>
    public static Books Forget(Books books, Guid member) => books with
    {
        Once = books.Once.RemoveRange(books.Once
            .Where(k => k.Value.Entry == Guid.Empty && k.Key.StartsWith($"{member} ", StringComparison.Ordinal)).Select(k => k.Key)),
    };

    public static Books Lapse(Books books, Guid member, int term)
    {
        var purse = books.Purses[member];
        if (!purse.Lots.TryGetValue(term, out var points)) return books;
        return books.With(member, purse.Lot(term, -points).Write("Expiry", [("Points", term, -points)])).Add("Breakage", points);
    }

    /// <summary>What is left of a gift that was pending goes into its lot.</summary>
    public static Books Release(Books books, Guid payment)
    {
        if (!books.Bills.TryGetValue(payment, out var bill) || !bill.IsPending) return books;
        var purse = books.Purses[bill.Member];
        var kept = Math.Min(bill.Gift, bill.YenKept / 100);
        if (purse.Left || kept == 0) return books;
        purse = purse.Wait(bill.PendingUntil, -kept).Lot(CampaignLot, kept)
            .Write("PointsReleased", [("PendingPoints", bill.PendingUntil, -kept), ("CampaignPoints", CampaignLot, kept)]);
        return books.With(bill.Member, purse) with { Bills = books.Bills.SetItem(payment, bill with { Released = true }) };
    }

    /// <summary>So many days after a day.</summary>
    public static int Later(int day, int days)
    {
        var date = Date(day).AddDays(days);
        return date.Year * 10_000 + date.Month * 100 + date.Day;
    }

    /// <summary>So many points from lots in their order, or all there are.</summary>
    static ImmutableList<(int Term, long Points)> Take(IEnumerable<KeyValuePair<int, long>> lots, long points)
    {
        var parts = ImmutableList<(int, long)>.Empty;
        foreach (var (term, has) in lots)
            if (Math.Min(points, has) is var part and > 0)
            {
                parts = parts.Add((term, part));
                points -= part;
            }
        return parts;
    }

    /// <summary>The parts of an ordered pile that lie between two marks.</summary>
    static IEnumerable<(T Key, long Amount)> Between<T>(IEnumerable<(T Key, long Amount)> pile, long from, long to)
    {
        var start = 0L;
        foreach (var (key, amount) in pile)
        {
            if (Math.Min(start + amount, to) - Math.Max(start, from) is var share and > 0)
                yield return (key, share);
            start += amount;
        }
    }

    static DateOnly Date(int day) => new(day / 10_000, day / 100 % 100, day % 100);
}

/// <summary>A payment as the auditor was told of it. <paramref name="AtMost"/>: so many points at most, as a shown code says.</summary>
sealed record PayAsked(Guid Member, Guid Store, long Amount, long Points, bool AtMost, IReadOnlyList<string> Spends, string? Order);
