using System.Globalization;

namespace Ensen.Basics;

/// <summary>
/// A language that pages, mails and voices are in, and how days and yen are written in it. Everything that differs from language to
/// language and is no text stands here.
/// </summary>
/// <param name="Tag">Names the language in addresses, with a member, and in the files of its texts: <c>TillWords.en.resx</c>,
/// <c>signed-in.en.txt</c>.</param>
/// <param name="OwnName">As its readers call it.</param>
/// <param name="Voice">The voice that speaks amounts at a till, as browsers name voices.</param>
public sealed record Language(string Tag, string OwnName, string Voice)
{
    /// <summary>What stands before the figure of an amount, and what behind it: one of them is empty.</summary>
    public string YenBefore { get; init; } = "¥";

    /// <inheritdoc cref="YenBefore"/>
    public string YenAfter { get; init; } = "";

    /// <summary>A day of this year: 11月21日(土).</summary>
    public required string Day { get; init; }

    /// <summary>A day with its weekday and its year: 2026年11月21日(土).</summary>
    public required string WholeDay { get; init; }

    /// <summary>A day whose year and weekday go without saying: 3月31日.</summary>
    public required string ShortDay { get; init; }

    /// <summary>The shortest that has the year: 2027/3/31.</summary>
    public required string NumericDay { get; init; }

    /// <summary>A month: 2026年11月.</summary>
    public required string Month { get; init; }

    public required Counting Seconds { get; init; }
    public required Counting Minutes { get; init; }
    public required Counting Hours { get; init; }
    public required Counting Days { get; init; }

    /// <summary>Its readers read Japanese names: a store's name in Latin letters would tell them nothing.</summary>
    public bool ReadsJapanese { get; init; }

    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(Tag);

    /// <summary>1200 as 1,200 in every language: yen are read so in Japan, and the pages' scripts and typed digits rely on it.</summary>
    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The figure of an amount with the yen's mark on the side where the language has it: 1,200円, ¥1,200.</summary>
    public string Yen(string figure) => YenBefore + figure + YenAfter;

    /// <summary>A day in one of the formats above.</summary>
    public string Write(JapanDay day, string format) => day.Date.ToString(format, Culture);
}

/// <summary>How a language counts something: 1 minute, 2 minutes; 2分.</summary>
public sealed record Counting(string One, string Many)
{
    public Counting(string any)
        : this(any, any)
    {
    }

    public string Of(long count) => string.Format(CultureInfo.InvariantCulture, count == 1 ? One : Many, count);
}
