using System.Globalization;
using Ensen.Ledger;

namespace Ensen.Web;

/// <summary><c>months</c>, <c>months begin</c>, <c>months detach 2025-03</c>, <c>months attach 2025-03</c>: history by month (docs/operating/months.md).</summary>
static class MonthsCommand
{
    const string Usage = "months, months begin, months detach 2025-03, months attach 2025-03: what they do is in docs/operating/months.md.";

    public static async Task<int> Run(Months months, IReadOnlyList<string> words)
    {
        switch (words)
        {
            case []:
                return Print(await months.List());
            case ["begin"]:
                var begun = await months.Begin();
                return begun.Accepted ? Print(begun.Value) : Refuse(begun.Refusal);
            case ["detach" or "attach", var text] when HistoryMonth.Read(text) is { } month:
                var moved = words[0] == "detach" ? await months.Detach(month) : await months.Attach(month);
                return moved.Accepted ? Print([moved.Value]) : Refuse(moved.Refusal);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    static int Print(IReadOnlyList<MonthOfHistory> months)
    {
        if (months.Count == 0)
            Console.WriteLine("History is in one piece.");
        foreach (var m in months)
            Console.WriteLine(m.IsHere
                ? string.Create(CultureInfo.InvariantCulture, $"{m.Month}  here  about {Counted.Entries(m.Entries)}, {Counted.Postings(m.Postings)}, {m.Bytes / 1e6:N1} MB")
                : $"{m.Month}  away  {Counted.Entries(m.Entries)}, {Counted.Postings(m.Postings)}");
        return 0;
    }

    static int Refuse(MonthsRefusal refusal)
    {
        Console.Error.WriteLine(refusal switch
        {
            MonthsRefusal.OnlyPostgres => "Only PostgreSQL keeps history by month.",
            MonthsRefusal.OutOfOrder => "Months leave the oldest first and come back the newest first; 'months' shows them.",
            MonthsRefusal.TooYoung => "Payments of that month can still be refunded (payments.refundDays of the programme).",
            _ => "There is no such month where it would have to be; 'months' shows those there are. A month that was taken away is brought back from the schema 'detached'.",
        });
        return 1;
    }
}
