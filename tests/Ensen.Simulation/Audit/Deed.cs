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

    /// <summary>Among the parties of a payment: the campaign, for as long as it has something to give.</summary>
    public const string Campaign = "the campaign";

    /// <summary>Among the parties of what happens at the point till: its receipt, and with it whose it is.</summary>
    public const string Receipt = "receipt ";

    /// <summary>Members, codes and payments besides the keys.</summary>
    public required IReadOnlyList<string> Parties { get; init; }

    public override IEnumerable<string> Touches(Books books) =>
        [.. Keys.Select(k => k.Name), Entry.ToString(), .. Parties.Where(p => p != Campaign || books.CampaignLeft > 0).SelectMany(p => Guid.TryParse(p, out var id)
            && books.Bills.TryGetValue(id, out var bill) ? new[] { p, bill.Member.ToString() }
            : p.StartsWith(Receipt, StringComparison.Ordinal) && books.Slips.TryGetValue(p[Receipt.Length..], out var slip)
                ? [p, slip.Member.ToString()] : [p])];

    public override string Words() => $"{What} → {Said}";

    /// <summary>What was asked for had happened already, under another key, and is answered as a repeat.</summary>
    public bool MayRepeat { get; init; }

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
                // A refusal is forgotten with whoever leaves, also while another one, decided before that, is on its way to be written. And
                // while one is on that way, whoever asks the same is told at the door what has become known meanwhile.
                var isWritten = !IsOfTheDoor || books.OnceBefore.ContainsKey(key.Name);
                if (kept.Entry != Guid.Empty || isWritten && !books.Going.Any(m => key.Name.StartsWith($"{m} ", StringComparison.Ordinal)))
                    yield break;
            }
        // Asked once, it cannot have been answered before. (But a refusal whose commit was not acknowledged is found again and called a
        // repeat, and of two equal charges at once the second may write down the answer for both.)
        if (Accepted && Replayed && Attempts == 1 && Said != "taken on" && !MayRepeat)
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

/// <summary>
/// What a payment got as pending came in on its day. <paramref name="Must"/>: a night that began after the payment was in the books has
/// seen to it.
/// </summary>
sealed record CameIn(Guid Payment, IReadOnlyList<string> Parties, bool Must) : Deed
{
    public override IEnumerable<Books> Happen(Books books) => Must ? [Rules.Release(books, Payment)] : [Rules.Release(books, Payment), books];

    public override IEnumerable<string> Touches(Books books) => [Payment.ToString(), .. Parties];
}

/// <summary>
/// Somebody froze a wallet and looked at its movements afterwards. What was paid or sent until then is among <paramref name="Seen"/>, or it
/// was posted after the freeze.
/// </summary>
sealed record Froze(Guid Member, bool BySelf, IReadOnlyCollection<Guid> Seen) : Deed
{
    const int Lines = 12;

    public override IEnumerable<Books> Happen(Books books)
    {
        var purse = books.Purses[Member];
        var moved = purse.Lines.TakeLast(Lines).Select(line => line.Split(' '))
            .Where(words => words[0] is "Payment" or "Transfer" or "Link" or "Withdrawal").Select(words => Guid.Parse(words[1]));
        if (moved.All(Seen.Contains))
            yield return books.With(Member, BySelf ? purse with { FrozenBySelf = true } : purse with { FrozenByOperator = true });
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>
/// What was asked more than once may have happened before, unheard: the answer was lost, and others did something before it was asked
/// again.
/// </summary>
sealed record Unheard(IReadOnlyList<Deed> MayHave) : Deed
{
    const int Most = 2;

    /// <summary>The deed with what may have gone before it; a request under an idempotency key happens once and needs none.</summary>
    public static IReadOnlyList<Deed> Before(Deed deed, int attempts, params IReadOnlyList<Deed> otherwise) =>
        [.. Enumerable.Repeat(new Unheard([deed, .. otherwise]), Math.Min(Most, attempts - 1)), deed];

    public override IEnumerable<Books> Happen(Books books) => [books, .. MayHave.SelectMany(deed => deed.Happen(books))];

    public override IEnumerable<string> Touches(Books books) => MayHave[0].Touches(books);

    public override string Words() => "";
}

/// <summary>A freeze takes back what its member had proven, also what they prove while it is on its way.</summary>
static class Proofs
{
    public static List<Deed> WithFreezes(List<Deed> deeds)
    {
        var freezing = deeds.OfType<Froze>().Where(f => f.BySelf).Select(f => f.Member).ToHashSet();
        return [.. deeds.Select(Void)];

        Deed Void(Deed deed) => deed switch
        {
            Thawed thawed when freezing.Contains(thawed.Member) => thawed with { ProofMayBeVoid = true },
            Capped capped when freezing.Contains(capped.Member) => capped with { ProofMayBeVoid = true },
            Unheard unheard => unheard with { MayHave = [.. unheard.MayHave.Select(Void)] },
            _ => deed,
        };
    }
}

/// <summary>An operator lifted what operators had decided.</summary>
sealed record OperatorThawed(Guid Member) : Deed
{
    public override IEnumerable<Books> Happen(Books books) =>
        [books.With(Member, books.Purses[Member] with { FrozenByOperator = false })];

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>A member asked for the own wallet to be thawed. <paramref name="Refusal"/> is null when nothing stood against it.</summary>
sealed record Thawed(
    Guid Member, bool Proven, string? Refusal, int Attempts, DateTimeOffset Sent, DateTimeOffset Answered) : Deed
{
    /// <summary>The member froze the wallet at the same moment, which takes back every proof of theirs.</summary>
    public bool ProofMayBeVoid { get; init; }

    public override string Words() => $"{Member} thaws, proven {Proven} → {Refusal}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var purse = books.Purses[Member];
        var (own, others) = (purse.FrozenBySelf, purse.FrozenByOperator);
        var may = Refusal switch
        {
            null => own ? Proven : !others,
            "StepUpRequired" => own && (!Proven || ProofMayBeVoid || Rules.ProofMayLapse(Sent, Answered)),
            // An answer that was lost is asked for again: then the own freeze is gone already.
            _ => others && (!own || Proven && Attempts > 1),
        };
        if (may)
            yield return Refusal == "StepUpRequired" ? books : books.With(Member, purse with { FrozenBySelf = false });
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>
/// A member asked to leave, proven; <paramref name="HasLeft"/> is how it stands afterwards, whichever answer was heard.
/// </summary>
sealed record Leaving(Guid Member, bool HasLeft, string? Refusal) : Deed
{
    public override string Words() => $"{Member} leaves → {HasLeft}";

    public override IEnumerable<Books> Happen(Books books)
    {
        var after = Rules.Leave(books, Member);
        if (HasLeft && after is not null)
            yield return after;
        // Whoever may leave is not told that something stands in the way.
        if (!HasLeft && (Refusal != "CannotLeave" || after is null))
            yield return books;
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}

/// <summary>
/// A member asked for other caps of their own, at some moment from <paramref name="Sent"/> to <paramref name="Answered"/>.
/// <paramref name="From"/>: when what waits begins to hold, as they were told.
/// </summary>
sealed record Capped(
    Guid Member, CapSet Wish, bool Proven, bool Refused, DateTimeOffset? From, DateTimeOffset Sent, DateTimeOffset Answered) : Deed
{
    /// <summary>As of <see cref="Thawed"/>.</summary>
    public bool ProofMayBeVoid { get; init; }

    public override string Words() => $"{Member} asks for {Wish}, proven {Proven} → refused {Refused}, waits {From is not null}";

    public override IEnumerable<Books> Happen(Books books) =>
        from purse in books.Purses[Member].Between(Sent, Answered)
        let after = Rules.Cap(purse, this)
        where after is not null
        select Refused ? books : books.With(Member, after);

    public override IEnumerable<string> Touches(Books books) => [Member.ToString()];
}
