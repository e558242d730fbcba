using System.Collections.Immutable;

namespace Ensen.Simulation.Audit;

/// <summary>The rules of the shopping centre's point till.</summary>
static partial class Rules
{
    const long YenPerPointAtCentres = 110;

    public static (string Said, Books After) Award(Books books, Guid member, string receipt, long amount, int day)
    {
        if (books.Slips.TryGetValue(receipt, out var slip))
            return (slip.IsAward && slip.Member == member && slip.Amount == amount ? slip.Said : "OrderConflict", books);
        var purse = books.Purses[member];
        if (purse.Left) return ("MemberLeft", books);

        var (earned, into) = (amount / YenPerPointAtCentres, LastDay(day));
        var gift = books.GivesAtTills ? Math.Min(amount / 100, Math.Min(CampaignCap - purse.OfCampaign, books.CampaignLeft)) : 0;
        var points = earned + gift;
        var said = FormattableString.Invariant($"awarded {points}, {purse.Usable(day) + points} to spend");
        purse = (purse.Lot(into, earned).Lot(CampaignLot, gift) with { OfCampaign = purse.OfCampaign + gift })
            .Write("PointAward", [("Points", into, earned), ("CampaignPoints", CampaignLot, gift)]);
        return (said, books.With(member, purse).Add("PointLiability", -earned) with
        {
            CampaignLeft = books.CampaignLeft - gift,
            Slips = books.Slips.Add(receipt, new Slip(member, true, amount, points, day, [(into, earned), (CampaignLot, gift)], said)),
        });
    }

    public static (string Said, Books After) Spend(Books books, Guid member, string code, string receipt, long points, int day)
    {
        if (books.Slips.TryGetValue(receipt, out var slip))
            return (!slip.IsAward && slip.Member == member && slip.Points == points ? slip.Said : "OrderConflict", books);
        var purse = books.Purses[member];
        if (purse.Left) return ("MemberLeft", books);
        if (purse.Frozen) return ("Frozen", books);
        if (books.Spent.Contains(code)) return ("CodeUsed", books);
        if (points > purse.Usable(day)) return ("InsufficientPoints", books);
        var left = PayLeft(purse, day);
        if (points > left.PerMovement || points > left.Today || points > left.ThisMonth) return ("OverLimit", books);

        var parts = Take(purse.Lots.Where(l => l.Key >= day), points);
        var said = FormattableString.Invariant($"spent {points}, {purse.Usable(day) - points} to spend");
        foreach (var (term, part) in parts)
            purse = purse.Lot(term, -part);
        purse = purse.Use("pay", points, day).Write("PointSpending", parts.Select(p => (KindOf(p.Term), p.Term, -p.Points)));
        return (said,
            books.With(member, purse).Add("CentrePayable", points).Add("PointFunding", -points).Add("PointLiability", points) with
            {
                Spent = books.Spent.Add(code),
                Slips = books.Slips.Add(receipt, new Slip(member, false, 0, points, day, parts, said)),
            });
    }

    public static (string Said, Books After) Cancel(Books books, string receipt, int day)
    {
        if (!books.Slips.TryGetValue(receipt, out var slip)) return ("NotFound", books);
        if (slip.Cancelled is { } done) return (done, books);
        if (Date(day).DayNumber - Date(slip.Day).DayNumber > RefundDays) return ("NotRefundable", books);
        var purse = books.Purses[slip.Member];
        if (purse.Left) return ("MemberLeft", books);

        var before = purse.Usable(day);
        var legs = new List<(string, int, long)>();
        var (lapsed, withheld) = (0L, 0L);
        if (slip.IsAward)
        {
            // From the lots it went to, then from the others; what was spent of it the centre keeps of the customer's money.
            var ordered = purse.Lots.Where(l => l.Key >= day)
                .OrderBy(l => slip.Parts.Any(p => p.Term == l.Key && p.Points > 0) ? 0 : 1).ThenBy(l => l.Key);
            var taken = Take(ordered, slip.Points);
            foreach (var (term, part) in taken)
                purse = purse.Lot(term, -part);
            legs.AddRange(taken.Select(p => (KindOf(p.Term), p.Term, -p.Points)));
            withheld = slip.Points - taken.Sum(p => p.Points);
        }
        else
            foreach (var (term, part) in slip.Parts)
                if (term >= day)
                {
                    purse = purse.Lot(term, part);
                    legs.Add((KindOf(term), term, part));
                }
                else
                    lapsed += part;
        purse = purse.Write("PointCancellation", legs);
        var moved = slip.IsAward ? -slip.Points : slip.Points;
        var said = FormattableString.Invariant($"cancelled {moved}, {withheld} withheld, {purse.Usable(day)} to spend");
        books = books.With(slip.Member, purse) with { Slips = books.Slips.SetItem(receipt, slip with { Cancelled = said }) };
        return (said, slip.IsAward
            ? books.Add("PointLiability", slip.Points - withheld).Add("PointFunding", withheld).Add("CentrePayable", -withheld)
            : books.Add("Breakage", lapsed).Add("PointLiability", -slip.Points).Add("PointFunding", slip.Points)
                .Add("CentrePayable", -slip.Points));
    }

    /// <summary>A file is taken whole, or nothing of it: never with a receipt of another file, or one that was booked otherwise.</summary>
    public static (string Said, Books After) TakeFile(Books books, string file, IReadOnlyList<FileLine> lines, bool isWhole)
    {
        if (books.Files.TryGetValue(file, out var said)) return (said, books);
        said = !isWhole || lines.Any(l => books.Filed.Contains(l.Receipt) || books.Slips.TryGetValue(l.Receipt, out var slip)
            && !(slip.IsAward && slip.Member == l.Member && slip.Amount == l.Amount)) ? "refused"
            : FormattableString.Invariant($"took {lines.Count}");
        return (said, books with
        {
            Files = books.Files.Add(file, said),
            Filed = said == "refused" ? books.Filed : books.Filed.Union(lines.Select(l => l.Receipt)),
        });
    }
}

/// <summary>An award in a file of a till that was offline.</summary>
sealed record FileLine(Guid Member, long Amount, string Receipt);

/// <summary>A till's file was answered.</summary>
sealed record FileTaken(string File, IReadOnlyList<FileLine> Lines, bool IsWhole, string Said) : Deed
{
    public override string Words() => $"{File} of {Lines.Count} lines → {Said}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var (said, after) = Rules.TakeFile(books, File, Lines, IsWhole);
        if (said == Said)
            yield return after;
    }

    public override IEnumerable<string> Touches(Books books) => Lines.Select(l => "receipt " + l.Receipt).Append(File);
}

/// <summary>A line of a file that was taken is booked, at some moment after: once, and not where its receipt was booked meanwhile.</summary>
sealed record LineBooked(string File, FileLine Line, IReadOnlyCollection<int> Days) : Deed
{
    public override string Words() => "";

    public override IEnumerable<Books> Happen(Books books) => !books.Files.ContainsKey(File) ? []
        : books.Slips.ContainsKey(Line.Receipt) ? [books]
        : Days.Select(day => Rules.Award(books, Line.Member, Line.Receipt, Line.Amount, day).After);

    public override IEnumerable<string> Touches(Books books) => [File, "receipt " + Line.Receipt, Line.Member.ToString(),
        .. books.GivesAtTills && books.CampaignLeft > 0 ? [Request.Campaign] : Array.Empty<string>()];
}

/// <summary>The till asked what became of a receipt.</summary>
sealed record Enquired(string Receipt, string Said) : Deed
{
    public override IEnumerable<Books> Happen(Books books) =>
        Said == (books.Slips.TryGetValue(Receipt, out var slip) ? Rules.Told(slip) : "unknown") ? [books] : [];

    public override IEnumerable<string> Touches(Books books) =>
        books.Slips.TryGetValue(Receipt, out var slip) ? ["receipt " + Receipt, slip.Member.ToString()] : ["receipt " + Receipt];
}

static partial class Rules
{
    public static string Told(Slip slip) => FormattableString.Invariant(
        $"{(slip.IsAward ? "award" : "spending")} {slip.Points}, cancelled: {slip.Cancelled is not null}");
}
