using System.Globalization;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Ledger;

/// <summary>
/// A test that reads as a ledger. Columns are set apart by two spaces or more: from, to, amount, key, fact, answer; "-" is an empty cell.
/// After a blank line, accounts and what they hold in the end. Names make owners: "Aoi money", "Aoi points 2027-03-31", "Bakery payable";
/// the operator's own accounts stand alone: "bank", "card", "liability".
/// </summary>
sealed class Story(Town town)
{
    static readonly Dictionary<string, AccountType> s_operator = new()
    {
        ["bank"] = AccountType.BankClearing,
        ["card"] = AccountType.CardClearing,
        ["atm"] = AccountType.AtmClearing,
        ["liability"] = AccountType.PointLiability,
        ["funding"] = AccountType.PointFunding,
        ["breakage"] = AccountType.Breakage,
        ["suspense"] = AccountType.Suspense,
    };

    readonly Dictionary<string, Guid> _named = [];

    public static async Task Tell(Engine engine, string text)
    {
        await using var town = await Town.On(engine);
        await new Story(town).Tell(text);
    }

    async Task Tell(string text)
    {
        var parts = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var said = new List<string>();
        var meant = new List<string>();
        foreach (var row in Rows(parts[0]))
        {
            var answer = await Post(row[0], row[1], Number(row[2]), Cell(row[3]), Cell(row[4]));
            said.Add($"{row[0]} → {row[1]} {row[2]}: {answer}");
            meant.Add($"{row[0]} → {row[1]} {row[2]}: {row[5]}");
        }
        foreach (var row in Rows(parts[1]))
        {
            var (owner, accountType, term) = Account(row[0]);
            said.Add($"{row[0]} holds {await town.Balance(owner, accountType, term)}");
            meant.Add($"{row[0]} holds {Number(row[1])}");
        }
        said.ShouldBe(meant);
    }

    async Task<string> Post(string from, string to, long amount, string? key, string? use)
    {
        var (giver, taker) = (Account(from), Account(to));
        try
        {
            var answer = await town.Ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
                new Leg(giver.Owner, giver.AccountType, giver.Term, -amount), new Leg(taker.Owner, taker.AccountType, taker.Term, amount))
            {
                Keys = key is null ? [] : [IdempotencyKey.Of(Chart.Operator, key, from, to, amount)],
                Spends = use is null ? [] : [new SingleUse(SingleUseKind.CodeUsed, Named(use))],
            });
            return (answer.Replayed ? "again " : "") + (answer.Accepted ? "posted" : answer.Refusal.ToString());
        }
        catch (Exception e) when (e is UnbalancedEntryException or OverflowException)
        {
            return e.GetType().Name;
        }
    }

    (Guid Owner, AccountType AccountType, int Term) Account(string name) =>
        s_operator.TryGetValue(name, out var own) ? (Chart.Operator, own, 0)
        : name.Split(' ') is not [var who, var accountType, .. var day] ? throw new FormatException($"'{name}' is no account")
        : (Named(who), town.Db.Catalogue.All<AccountType>().Single(t => t.Word == accountType), day is [var iso]
            ? JapanDay.Parse(iso).Number : 0);

    Guid Named(string name)
    {
        if (!_named.TryGetValue(name, out var id))
            _named.Add(name, id = Id.New(town.Clock));
        return id;
    }

    static IEnumerable<string[]> Rows(string part) =>
        part.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(
            line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    static long Number(string text) =>
        long.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    static string? Cell(string text) => text == "-" ? null : text;
}
