namespace Ensen.Wallet;

/// <summary>
/// A pile that was taken from in order, and from whose end something goes back: the part of the whole that lies between two marks.
/// </summary>
static class Allocation
{
    /// <summary>
    /// Which parts of an ordered whole lie between <paramref name="from"/> and <paramref name="to"/>, counted from the start. Refunds
    /// walk a payment's parts this way: the second refund begins where the first one ended, and together they never exceed the whole.
    /// </summary>
    public static IEnumerable<(TKey Key, long Amount)> Of<TKey>(IEnumerable<(TKey Key, long Amount)> parts, long from, long to)
    {
        long start = 0;
        foreach (var (key, amount) in parts)
        {
            var end = checked(start + amount);
            var share = Math.Min(end, to) - Math.Max(start, from);
            if (share > 0)
                yield return (key, share);
            start = end;
        }
    }
}
