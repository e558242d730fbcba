using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>The bank at which companies pay in: somebody plays that they do.</summary>
public sealed class SandboxDeposits : IDepositBank
{
    const int SomeAtATime = 500;

    readonly Database _db;
    readonly TimeProvider _clock;

    internal SandboxDeposits(Database db, TimeProvider clock) => (_db, _clock) = (db, clock);

    /// <summary>A company pays in to this number.</summary>
    public Task PayIn(string account, Yen amount, string payer, CancellationToken ct = default) => _db.Transact(async tx =>
    {
        // A card number that somebody types is kept nowhere, also not by a bank to play with.
        var (to, from) = (CardDigits.Masked(account), CardDigits.Masked(payer));
        // Whoever pays in has the head until the commit: what has a higher number is committed later.
        var number = await tx.Connection!.ExecuteScalarAsync<long>(
            """
            insert into sandbox_deposit_head (id, last)
            values (1, 1)
            on conflict (id) do update set last = sandbox_deposit_head.last + 1
            returning last
            """, transaction: tx);
        await tx.Connection!.ExecuteAsync(
            "insert into sandbox_deposit (number, id, account, amount_yen, payer) values (@number, @id, @to, @yen, @from)",
            new { number, id = Id.New(_clock), to, yen = amount.Value, from }, tx);
    }, ct);

    public async Task<IReadOnlyList<BankDeposit>> Since(long number, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return [.. (await connection.QueryAsync<(Guid Id, long Number, string Account, long AmountYen, string Payer)>(
            """
            select id, number, account, amount_yen, payer
            from sandbox_deposit
            where number > @number
            order by number
            limit @SomeAtATime
            """, new { number, SomeAtATime })).Select(d => new BankDeposit(d.Id, d.Number, d.Account, new Yen(d.AmountYen), d.Payer))];
    }
}
