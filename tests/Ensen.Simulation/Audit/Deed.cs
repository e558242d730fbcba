namespace Ensen.Simulation.Audit;

/// <summary>
/// Something that happened at one moment between its first asking and its answer. <see cref="Happen"/> says how the books stand when
/// it happens now, or nothing when its answer could not have been given now.
/// </summary>
abstract record Deed
{
    public abstract IEnumerable<Books> Happen(Books books);

    /// <summary>Whom and what it looks at or changes: two deeds that touch nothing in common may have happened in either order.</summary>
    public abstract IEnumerable<string> Touches(Books books);

    /// <summary>What was asked and answered, as every store must answer it.</summary>
    public virtual string Words() => ToString();
}

/// <summary>
/// A request under idempotency keys and its answer. <paramref name="Said"/> is the answer in words, <paramref name="Entry"/> its entry.
/// <paramref name="Rule"/> says what must be answered on a day if no key is known.
/// </summary>
sealed record Request(
    string What,
    IReadOnlyList<Key> Keys, string Said, Guid Entry, bool Accepted, bool Replayed, int Attempts, int? Day, IReadOnlyCollection<int> Days,
    Func<Books, int, (string Said, Books After)> Rule) : Deed
{
    public override string ToString() => $"{What} → {Said}{(Replayed ? " (replayed)" : "")} {(Accepted ? Entry : "")} after {Attempts}";

    /// <summary>Members, codes and payments besides the keys.</summary>
    public required IReadOnlyList<string> Parties { get; init; }

    public override IEnumerable<string> Touches(Books books) =>
        [.. Keys.Select(k => k.Name), Entry.ToString(), .. Parties.SelectMany(p => Guid.TryParse(p, out var id)
            && books.Bills.TryGetValue(id, out var bill) ? new[] { p, bill.Member.ToString() } : [p])];

    public override string Words() => $"{What} → {Said}";

    /// <summary>Refusals that are given before anything is remembered.</summary>
    public bool IsOfTheDoor { get; init; }

    public override IEnumerable<Books> Happen(Books books)
    {
        foreach (var key in Keys)
            if (books.Once.TryGetValue(key.Name, out var kept))
            {
                if (kept.Body == key.Body ? kept.Said == Said && kept.Entry == Entry && Replayed
                    : Said == (key.KeepsRefusals ? "KeyReused" : "OrderConflict"))
                    yield return books;
                yield break;
            }
        // Asked once, it cannot have been answered before. (But a refusal whose commit was not acknowledged is found again and called a
        // repeat, and of two equal charges at once the second may write down the answer for both.)
        if (Accepted && Replayed && Attempts == 1 && Said != "taken on")
            yield break;
        foreach (var day in Day is { } known ? [known] : Days)
        {
            var (said, after) = Rule(books, day);
            if (said == Said)
                yield return IsOfTheDoor ? after : after.Keep(Keys, Accepted, Said, Entry);
        }
    }
}

/// <summary>A charge came to its end, unasked.</summary>
sealed record Settled(Guid Charge, long Arrived) : Deed
{
    public override IEnumerable<Books> Happen(Books books) => Rules.Settle(books, Charge, Arrived) is { } after ? [after] : [];

    public override IEnumerable<string> Touches(Books books) =>
        books.Charges.TryGetValue(Charge, out var top) ? [Charge.ToString(), top.Member.ToString()] : [Charge.ToString()];
}

/// <summary>A lot lapsed in the night.</summary>
sealed record Lapsed(Guid Member, int Term) : Deed
{
    public override IEnumerable<Books> Happen(Books books) => [Rules.Lapse(books, Member, Term)];

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>Somebody of the operator's changed what a member may do.</summary>
sealed record Allowed(Guid Member, bool Frozen, long? OwnPerDay) : Deed
{
    public override IEnumerable<Books> Happen(Books books) =>
        [books.With(Member, books.Purses[Member] with { Frozen = Frozen, OwnPerDay = OwnPerDay })];

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}
