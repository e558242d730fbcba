namespace Ensen.Basics;

/// <summary>Finds what looks like a card number (13 to 19 digits that pass Luhn's check), so that no field ever stores one.</summary>
public static class CardDigits
{
    const int Least = 13;
    const int Most = 19;

    /// <summary>True when the text holds such a number, also in groups ("4111 1111-…") and in full-width digits.</summary>
    public static bool In(string text)
    {
        Span<int> run = stackalloc int[Most];
        var length = 0;
        foreach (var c in text)
        {
            if (Digit(c) is { } digit)
            {
                if (length == Most)
                    run[1..].CopyTo(run);
                run[Math.Min(length, Most - 1)] = digit;
                length = Math.Min(length + 1, Most);
                for (var n = Least; n <= length; n++)
                    if (BeginsLikeACard(run[(length - n)..length]) && PassesLuhn(run[(length - n)..length]))
                        return true;
            }
            else if (c is not (' ' or '-' or '\u3000' or '\u2010' or '\u2011' or '\u2212' or '\uff0d' or '.'))
            {
                length = 0;
            }
        }
        return false;
    }

    static int? Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= '０' and <= '９' => c - '０',
        _ => null,
    };

    /// <summary>Cards are issued under 2221 to 2720 and 3 to 6 (ISO/IEC 7812); an instant in milliseconds or an order number mostly is not.</summary>
    static bool BeginsLikeACard(ReadOnlySpan<int> digits) =>
        digits[0] is >= 3 and <= 6 || digits[0] * 1_000 + digits[1] * 100 + digits[2] * 10 + digits[3] is >= 2221 and <= 2720;

    static bool PassesLuhn(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            var weighed = i % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum > 0 && sum % 10 == 0;
    }
}
