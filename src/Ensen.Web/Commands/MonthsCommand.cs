using System.CommandLine;
using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>months</c>, <c>months begin</c>, <c>months detach 2025-03</c>, <c>months attach 2025-03</c>: history by month
/// (docs/operating/months.md).
/// </summary>
static class MonthsCommand
{
    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "months",
            "History by month on PostgreSQL; without a word the list of the months. A month is written 2025-03. What they do: docs/operating/months.md.")
        {
            Beginning(),
            Moving("detach", "Takes the oldest month away", (months, month) => months.Detach(month)),
            Moving("attach", "Brings a month back, the newest first", (months, month) => months.Attach(month)),
        };
        command.SetAction((_, _) => Open(async months => Print(await months.List())));
        return command;

        Command Beginning()
        {
            var begin = new Command("begin", "Begins to keep history by month");
            begin.SetAction((_, _) => Open(async months => await months.Begin() is var begun && begun.Accepted ? Print(begun.Value)
                : Refuse(begun.Refusal)));
            return begin;
        }

        Command Moving(string name, string does, Func<Months, HistoryMonth, Task<Answer<MonthOfHistory, MonthsRefusal>>> move)
        {
            var month = new Argument<HistoryMonth?>("MONTH")
            { Description = "2025-03", Arity = ArgumentArity.ExactlyOne, CustomParser = Month };
            var moving = new Command(name, does) { month };
            moving.SetAction((asked, _) => Open(async months =>
                await move(months, asked.GetValue(month)!.Value) is var moved && moved.Accepted ? Print([moved.Value])
                    : Refuse(moved.Refusal)));
            return moving;
        }

        async Task<int> Open(Func<Months, Task<int>> run)
        {
            var services = compose().Services;
            await using var db = await JudgedBooks.Open(services.GetRequiredService<Settings>().Database, "months");
            await services.GetRequiredService<DatabaseClock>().Load(db);
            await services.Clock(db);
            return await run(services.GetRequiredService<Months>());
        }
    }

    static HistoryMonth? Month(System.CommandLine.Parsing.ArgumentResult given)
    {
        var month = HistoryMonth.Read(given.Tokens[0].Value);
        if (month is null)
            given.AddError($"'{given.Tokens[0].Value}' is no month: one is written 2025-03.");
        return month;
    }

    static int Print(IReadOnlyList<MonthOfHistory> months)
    {
        if (months.Count == 0)
            Console.WriteLine("History is in one piece.");
        foreach (var m in months)
            Console.WriteLine(m.IsHere
                ? string.Create(CultureInfo.InvariantCulture,
                    $"{m.Month}  here  about {Plural.Entries(m.Entries)}, {Plural.Postings(m.Postings)}, {m.Bytes / 1e6:N1} MB")
                : $"{m.Month}  away  {Plural.Entries(m.Entries)}, {Plural.Postings(m.Postings)}");
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
