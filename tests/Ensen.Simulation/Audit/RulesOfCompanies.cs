using System.Data.Common;
using Dapper;

namespace Ensen.Simulation.Audit;

/// <summary>The rules of companies' transfers.</summary>
static partial class Rules
{
    const long AloneADay = 100_000;
    static readonly TimeSpan TransferWaits = TimeSpan.FromDays(30);

    public static (string Said, Books After) MakeBusinessTransfer(Books books, Guid from, Guid to, long amount, int day, Guid id,
        DateTimeOffset at)
    {
        var company = books.Companies[from];
        if (amount > 1_000_000) return ("OverLimit", books);
        if (amount > AloneADay - company.Alone.On(day))
            return (FormattableString.Invariant($"Waiting {amount}, {company.Holds} left"),
                books with { Transfers = books.Transfers.SetItem(id, new TransferMade(from, to, amount, at + TransferWaits)) });
        if (company.Holds < amount) return ("InsufficientBalance", books);
        books = books.Move(from, to, amount);
        company = books.Companies[from];
        return (FormattableString.Invariant($"Paid {amount}, {company.Holds} left"),
            books with { Companies = books.Companies.SetItem(from, company with { Alone = company.Alone.Plus(amount, day) }) });
    }

    public static (string Said, Books After) ApproveBusinessTransfer(
        Books books, Guid id, bool byMaker, DateTimeOffset sent, DateTimeOffset answered, string said)
    {
        if (!books.Transfers.TryGetValue(id, out var transfer)) return ("no transfer yet", books);
        if (byMaker) return ("SamePerson", books);
        if (transfer.IsPaid) return ("AlreadyDecided", books);
        if (sent >= transfer.Until || answered >= transfer.Until && said == "Lapsed") return ("Lapsed", books);
        if (books.Companies[transfer.From].Holds < transfer.Amount) return ("InsufficientBalance", books);
        books = books.Move(transfer.From, transfer.To, transfer.Amount);
        return (FormattableString.Invariant($"approved {transfer.Amount}, {books.Companies[transfer.From].Holds} left"),
            books with { Transfers = books.Transfers.SetItem(id, transfer with { IsPaid = true }) });
    }

    static Books Move(this Books books, Guid from, Guid to, long amount) => books with
    {
        Companies = books.Companies
            .SetItem(from, books.Companies[from] with { Holds = books.Companies[from].Holds - amount })
            .SetItem(to, books.Companies[to] with { Holds = books.Companies[to].Holds + amount }),
    };
}

/// <summary>What a company holds, and what its people paid alone on a day.</summary>
sealed record CompanyPurse(long Holds, Used Alone = default);

/// <summary>A transfer that waits for a second person until an instant, or was paid then.</summary>
sealed record TransferMade(Guid From, Guid To, long Amount, DateTimeOffset Until, bool IsPaid = false);

sealed partial class Auditor
{
    /// <summary>A company has an account, and so much on it.</summary>
    public void OpenCompany(Guid id, long holds) =>
        Books = Books.Add("DepositClearing", -holds) with { Companies = Books.Companies.SetItem(id, new CompanyPurse(holds)) };

    async Task LookAtCompanies(DbConnection connection)
    {
        foreach (var (id, company) in Books.Companies)
        {
            var holds = await connection.ExecuteScalarAsync<long?>(
                "select balance from account where owner = @id and account_type = 50", new { id }) ?? 0;
            if (holds != company.Holds)
                throw new DiscrepancyException($"a company holds {holds}; the auditor says {company.Holds}");
        }
        var paid = await connection.ExecuteScalarAsync<long>("select count(*) from business_transfer where state = 2 and decided_by <> made_by");
        if (paid != Books.Transfers.Values.Count(t => t.IsPaid))
            throw new DiscrepancyException($"{paid} transfers were paid by two; the auditor says {Books.Transfers.Values.Count(t => t.IsPaid)}");
    }
}
