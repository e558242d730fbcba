namespace Ensen.Simulation.Audit;

/// <summary>The rules of money sent by link.</summary>
static partial class Rules
{
    static readonly TimeSpan LinkLives = TimeSpan.FromDays(7);

    public static (string Said, Books After) MakeLink(Books books, Guid from, long amount, int day, Guid id, DateTimeOffset at)
    {
        var sender = books.Purses[from];
        var used = sender.Used.GetValueOrDefault("transfer");
        if (sender.Left) return ("NotFound", books);
        if (!sender.Verified) return ("NotVerified", books);
        if (sender.Frozen) return ("Frozen", books);
        if (amount > 100_000 || used.On(day) + amount > 100_000 || used.In(day / 100) + amount > 500_000) return ("OverLimit", books);
        var low = Low(sender, day);
        if (amount > low.Each || amount > low.Today) return ("OverLimit", books);
        if (sender.Money < amount) return ("InsufficientBalance", books);

        sender = (sender with { Money = sender.Money - amount, Pending = sender.Pending + amount }).Use("transfer", amount, day)
            .Write($"Link {id}", [("Money", 0, -amount)]);
        return (FormattableString.Invariant($"linked {amount}, {sender.Yen} left"),
            books.With(from, sender) with { Links = books.Links.Add(id, new LinkSent(from, amount, day, at + LinkLives)) });
    }

    public static (string Said, Books After) ClaimLink(
        Books books, Guid by, Guid id, Guid claim, DateTimeOffset sent, DateTimeOffset answered, string said)
    {
        var receiver = books.Purses[by];
        if (receiver.Left) return ("NotFound", books);
        if (!books.Links.TryGetValue(id, out var link)) return ("no link yet", books);
        if (link.From == by) return ("InvalidRequest", books);
        if (link.End == LinkEnd.Claimed) return ("CodeUsed", books);
        // Whether its time was over at a moment between two that it lies between, the answer says.
        if (link.End == LinkEnd.Back || sent >= link.Until || answered >= link.Until && said == "Lapsed") return ("Lapsed", books);
        var sender = books.Purses[link.From];
        if (!receiver.Verified) return ("NotVerified", books);
        if (receiver.Frozen || sender.Frozen) return ("Frozen", books);
        if (receiver.Yen + receiver.Pending + link.Amount > BalanceCap) return ("OverLimit", books);

        receiver = (receiver with { Money = receiver.Money + link.Amount }).Write($"LinkClaim {claim}", [("Money", 0, link.Amount)]);
        books = books.With(link.From, sender with { Pending = sender.Pending - link.Amount }).With(by, receiver);
        return (FormattableString.Invariant($"claimed {link.Amount}, {receiver.Yen} held"),
            books with { Links = books.Links.SetItem(id, link with { End = LinkEnd.Claimed }) });
    }

    public static (string Said, Books After) TakeLinkBack(Books books, Guid id) =>
        !books.Links.TryGetValue(id, out var link) ? ("no link yet", books)
        : link.End == LinkEnd.Claimed ? ("CodeUsed", books)
        : ReturnLink(books, id) is { } after ? ("taken back", after)
        : ("Lapsed", books);

    /// <summary>A link's money is its sender's again, and counts no more in the cap of its day; null when it is not there.</summary>
    public static Books? ReturnLink(Books books, Guid id)
    {
        if (!books.Links.TryGetValue(id, out var link) || link.End != LinkEnd.None) return null;
        var sender = books.Purses[link.From];
        sender = (sender with { Money = sender.Money + link.Amount, Pending = sender.Pending - link.Amount })
            .GiveBack("transfer", link.Amount, link.Day).Write("LinkReturn", [("Money", 0, link.Amount)]);
        return books.With(link.From, sender) with { Links = books.Links.SetItem(id, link with { End = LinkEnd.Back }) };
    }
}

/// <summary>How a link ended, if it has.</summary>
enum LinkEnd
{
    None = 0,
    Claimed = 1,
    Back = 2,
}

/// <summary>Money that lies aside under a link until an instant, and the day on which it was sent.</summary>
sealed record LinkSent(Guid From, long Amount, int Day, DateTimeOffset Until, LinkEnd End = LinkEnd.None);

/// <summary>A link's time was over, and its money came back unasked.</summary>
sealed record LinkLapsed(Guid Link, Guid From) : Deed
{
    public override string Words() => "a link's time was over";

    public override IEnumerable<Books> Happen(Books books) => Rules.ReturnLink(books, Link) is { } after ? [after] : [];

    public override IEnumerable<string> Touches(Books books) => [Link.ToString(), From.ToString()];
}
