using Ensen.Basics;

namespace Ensen.Ledger;

/// <summary>What happened, as history names it: a payment, a refund. The module that posts such entries declares their kind.</summary>
/// <param name="number">In the books, for ever.</param>
/// <param name="name">One word: <c>Payment</c>. Texts are found by it (<c>Kind_Payment</c>), and receipts have it in small letters.</param>
/// <param name="prefix">What the ids of such entries begin with outside: <c>pay</c>.</param>
/// <param name="icon">The picture beside it in a history.</param>
public sealed class EntryKind(short number, string name, string prefix, string icon) : INumbered
{
    public short Number { get; } = number;
    public string Name { get; } = name;
    public string Prefix { get; } = prefix;
    public string Icon { get; } = icon;

    /// <summary>The kind as programs and receipts read it: <c>payment</c>.</summary>
    public string Word { get; } = name.ToLowerInvariant();

    public override string ToString() => Name;
}
