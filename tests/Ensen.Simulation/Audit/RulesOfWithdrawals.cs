namespace Ensen.Simulation.Audit;

/// <summary>The rules of money that members take to bank accounts of their own.</summary>
static partial class Rules
{
    const long WithdrawEach = 500_000;
    const long WithdrawMonth = 1_000_000;

    public static (string Said, Books After) Withdraw(Books books, Guid member, long amount, int day, Guid id)
    {
        var purse = books.Purses[member];
        var used = purse.Used.GetValueOrDefault("withdrawal");
        if (purse.Left) return ("MemberLeft", books);
        if (!purse.Verified) return ("NotVerified", books);
        if (purse.Frozen) return ("Frozen", books);
        if (amount > Math.Min(WithdrawEach, purse.Own.Each ?? long.MaxValue)
            || used.On(day) + amount > Math.Min(WithdrawEach, purse.Own.Day ?? long.MaxValue)
            || used.In(day / 100) + amount > Math.Min(WithdrawMonth, purse.Own.Month ?? long.MaxValue)) return ("OverLimit", books);
        var low = Low(purse, day);
        if (amount > low.Each || amount > low.Today) return ("OverLimit", books);
        if (purse.Money < amount) return ("InsufficientBalance", books);

        purse = (purse with { Money = purse.Money - amount, Pending = purse.Pending + amount }).Use("withdrawal", amount, day)
            .Write($"Withdrawal {id}", [("Money", 0, -amount)]);
        return (FormattableString.Invariant($"withdrawn {amount}, {purse.Yen} left"),
            books.With(member, purse) with { Withdrawals = books.Withdrawals.Add(id, new Withdrawn(member, amount, day, Open: true)) });
    }

    /// <summary>The bank paid it, or it is the member's money again and counts in no cap; null when it is not there, or ended.</summary>
    public static Books? EndWithdrawal(Books books, Guid id, bool isPaid)
    {
        if (!books.Withdrawals.TryGetValue(id, out var withdrawn) || !withdrawn.Open) return null;
        books = books with { Withdrawals = books.Withdrawals.SetItem(id, withdrawn with { Open = false, IsPaid = isPaid }) };
        var purse = books.Purses[withdrawn.Member];
        purse = purse with { Pending = purse.Pending - withdrawn.Amount };
        return isPaid
            ? books.With(withdrawn.Member, purse).Add("BankClearing", withdrawn.Amount)
            : books.With(withdrawn.Member, (purse with { Money = purse.Money + withdrawn.Amount })
                .GiveBack("withdrawal", withdrawn.Amount, withdrawn.Day).Write("WithdrawalReturn", [("Money", 0, withdrawn.Amount)]));
    }
}

/// <summary>Money on its way to a bank account, and the day on which it was asked for.</summary>
sealed record Withdrawn(Guid Member, long Amount, int Day, bool Open, bool IsPaid = false);

/// <summary>What the bank said of a withdrawal was booked.</summary>
sealed record WithdrawalOver(Guid Withdrawal, Guid Member, bool IsPaid) : Deed
{
    public override string Words() => $"a withdrawal was {(IsPaid ? "paid" : "given back")}";

    public override IEnumerable<Books> Happen(Books books) => Rules.EndWithdrawal(books, Withdrawal, IsPaid) is { } after ? [after] : [];

    public override IEnumerable<string> Touches(Books books) => [Withdrawal.ToString(), Member.ToString()];
}
