namespace Ensen.Simulation.Audit;

/// <summary>A phone as the auditor was told of it: when it was signed in on, and by when its member had thrown it out.</summary>
readonly record struct PhoneKnown(DateTimeOffset Since, DateTimeOffset? OutBy);

/// <summary>A member signed in on a phone that they had not used before: for a day little leaves the wallet.</summary>
sealed record SignedInOnNewPhone(Guid Member, string Phone, DateTimeOffset Sent, DateTimeOffset Answered) : Deed
{
    static readonly TimeSpan s_low = TimeSpan.FromHours(24);

    public override string Words() => $"{Phone} is signed in on";

    public override IEnumerable<Books> Happen(Books books)
    {
        var purse = books.Purses[Member];
        var (from, to) = (Sent + s_low, Answered + s_low);
        if (purse.LowUntil is { } low)
            (from, to) = (from > low.Earliest ? from : low.Earliest, to > low.Latest ? to : low.Latest);
        yield return books.With(Member, purse with { LowUntil = (from, to) }) with
        {
            Phones = books.Phones.SetItem(Phone, new PhoneKnown(Sent, null)),
        };
    }

    public override IEnumerable<string> Touches(Books books) => [Member.ToString(), Phone];
}

/// <summary>A phone was thrown out; by <paramref name="Answered"/> its member had been told so.</summary>
sealed record ThrewPhoneOut(string Phone, DateTimeOffset Answered) : Deed
{
    public override string Words() => $"{Phone} is thrown out";

    public override IEnumerable<Books> Happen(Books books) => books.Phones.TryGetValue(Phone, out var known)
        ? [books with { Phones = books.Phones.SetItem(Phone, known with { OutBy = known.OutBy < Answered ? known.OutBy : Answered }) }] : [];

    public override IEnumerable<string> Touches(Books books) => [Phone];
}

/// <summary>Somebody asked with a phone, and was let in or turned away.</summary>
sealed record AskedOnPhone(string Phone, bool LetIn, DateTimeOffset Sent, DateTimeOffset Answered) : Deed
{
    /// <summary>A phone that nobody uses is signed out by itself after 180 days.</summary>
    static readonly TimeSpan s_unused = TimeSpan.FromDays(179);

    public override string Words() => $"{Phone} is {(LetIn ? "let in" : "turned away")}";

    public override IEnumerable<Books> Happen(Books books)
    {
        if (books.Phones.TryGetValue(Phone, out var known)
            && (LetIn ? known.OutBy is not { } outBy || Sent < outBy : known.OutBy is not null || Answered - known.Since > s_unused))
            yield return books;
    }

    public override IEnumerable<string> Touches(Books books) => [Phone];
}
