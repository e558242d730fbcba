using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Tests.Chaos;

/// <summary>What the database says was done: read when all is over, and compared with what the callers were told.</summary>
sealed class Books
{
    /// <summary>A payment or a transfer of the books.</summary>
    internal sealed record Line(string Id, string By, string To, long Amount, long PointsEarned, long? BalanceAfter);

    readonly Dictionary<string, Line> _lines = [];
    readonly Dictionary<(string Owner, AccountType AccountType), long> _balances = [];

    sealed record PaymentLine(PaymentId EntryId, MemberId MemberId, StoreId StoreId, long AmountYen, long PointsEarned);

    sealed record TransferLine(TransferId EntryId, MemberId FromMember, MemberId ToMember, long AmountYen, long? BalanceAfter);

    sealed record BalanceLine(Guid Owner, short AccountType, long Balance);

    public static async Task<Books> Read(string address)
    {
        await using var db = Database.Open(address, SandboxModule.Catalogue);
        await using var connection = await db.Connect();
        return await Read(connection);
    }

    public static async Task<Books> Read(DbConnection connection)
    {
        var books = new Books();
        foreach (var p in await connection.QueryAsync<PaymentLine>("select entry_id, member_id, store_id, amount_yen, points_earned from payment"))
            books.Add(new Line(p.EntryId.ToString(), p.MemberId.ToString(), p.StoreId.ToString(), p.AmountYen, p.PointsEarned, null));
        foreach (var t in await connection.QueryAsync<TransferLine>(
            """
            select t.entry_id, t.from_member, t.to_member, t.amount_yen, p.balance_after
            from transfer t
            left join posting p on p.owner = t.from_member and p.entry_id = t.entry_id
            """))
            books.Add(new Line(t.EntryId.ToString(), t.FromMember.ToString(), t.ToMember.ToString(), t.AmountYen, 0, t.BalanceAfter));
        foreach (var b in await connection.QueryAsync<BalanceLine>(
            "select owner, account_type, cast(sum(balance) as bigint) as balance from account where account_type in (1, 3, 10) group by owner, account_type"))
            books._balances[(Id.Format(b.AccountType == AccountType.Payable.Number ? StoreId.Prefix
                : MemberId.Prefix, b.Owner), Ensen.Sandbox.SandboxModule.Catalogue.Numbered<AccountType>(b.AccountType))] = b.Balance;
        return books;
    }

    void Add(Line line) => _lines.Add(line.Id, line);

    /// <summary>
    /// Every answered request is there exactly once with the answered amounts, nothing else is there, and the balances are what the answers
    /// add up to. Says what is not so.
    /// </summary>
    public IEnumerable<string> Complaints(History history)
    {
        var told = new Dictionary<string, Call>();
        var expected = new Dictionary<(string, AccountType), long>();
        foreach (var (member, start) in history.Start)
            (expected[(member, AccountType.Money)], expected[(member, AccountType.Points)]) = (start, 0);
        foreach (var store in history.Stores)
            expected[(store, AccountType.Payable)] = 0;

        foreach (var call in history.Calls)
        {
            foreach (var contradiction in call.Contradictions)
                yield return $"{call} {contradiction}";
            if (call.Answer is null)
                yield return $"{call} has no answer, however often it is asked for";
            if (!call.Accepted)
                continue;
            if (!told.TryAdd(call.Id, call))
                yield return $"{call} and {told[call.Id]} were both told that they are {call.Id}";
            expected[(call.By, AccountType.Money)] -= call.Amount;
            expected[(call.By, AccountType.Points)] += call.PointsEarned;
            expected[(call.To, call.Deed == Deed.Send ? AccountType.Money : AccountType.Payable)] += call.Amount;
            foreach (var complaint in Compare(call))
                yield return complaint;
        }

        foreach (var line in _lines.Values.Where(l => !told.ContainsKey(l.Id)))
            yield return $"{line} is in the books, and nobody was told of it";
        foreach (var twice in history.Calls.Where(c => c is { Accepted: true, Code: not null }).GroupBy(c => c.Code)
            .Where(g => g.Count() > 1))
            yield return $"one shown code paid {twice.Count()} times: {string.Join(", ", twice)}";
        foreach (var ((owner, accountType), amount) in expected)
            if (_balances.GetValueOrDefault((owner, accountType)) != amount)
                yield return $"{accountType} of {owner} is {_balances.GetValueOrDefault((owner, accountType))}, and the answers add up to {amount}";
    }

    IEnumerable<string> Compare(Call call)
    {
        if (!_lines.TryGetValue(call.Id, out var line))
        {
            yield return $"{call} was answered {call.Id}, and is not in the books";
            yield break;
        }
        var answered = new Line(call.Id, call.By, call.To, call.Answer!.Number("amount"), call.PointsEarned,
            call.Deed == Deed.Send ? call.Answer.Number("balance") : null);
        if (answered != line)
            yield return $"{call} was answered {answered}, and the books say {line}";
        if (answered.Amount != call.Amount)
            yield return $"{call} was answered another amount, {answered.Amount}";
    }
}
