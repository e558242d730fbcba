using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// <c>verify</c> wrote ids as hexadecimal digits on one engine and as UUIDs on the other, and books by number: nobody could look them up.
/// </summary>
public class VerifyNamedRowsByTheirBytes
{
    [Theory, BothEngines]
    public async Task Every_row_has_the_name_it_has_elsewhere(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, ren) = (await town.Member("Aoi").With(5_000.Yen()).With(300.Points()), await town.Member("Ren"));
        var shop = await town.Store("Bakery");
        var paid = await town.Paid(aoi, shop, 1_000.Yen());
        var refunded = await town.Refunded(paid.PaymentId, shop, 100.Yen());
        var sent = (await town.Send(aoi, ren, 500.Yen())).Value!;
        var (pay, refund, transfer) = (paid.PaymentId.ToString(), refunded.RefundId.ToString(),
            sent.TransferId.ToString());
        var (stranger, charge, entry) = (Id.New(town.Clock), Id.New(town.Clock), Id.New(town.Clock));
        var (member, store) = (aoi.Id.ToString(), shop.Id.ToString());
        await using var connection = await town.Db.Connect();
        var given = (await connection.QuerySingleAsync<ChargeId>(
            "select entry_id from posting where owner = @Id and account_type = 1 and amount = 5000", new { aoi.Id })).ToString();

        await Named("update posting set amount = amount + 1 where account_type = 10 and amount = 1000", $"{pay} sums to 1",
            $"{pay} of 1000 yen differs from its postings");
        await Named("update posting set amount = amount + 1 where account_type = 10 and amount = -100", $"{refund} sums to 1");
        await Named("update posting set amount = amount + 1 where amount = 500", $"{transfer} sums to 1");
        await Named("update posting set amount = amount + 1 where account_type = 1 and amount = 5000", $"{given} sums to 1");
        await Named("delete from payment", $"{pay} is an entry without a row of its own", $"{pay} was refunded", but: true);
        await Named("delete from entry where kind = 3", $"a posting belongs to {refund}, which does not exist",
            $"a refund of {pay} names {refund}, which does not exist");
        await Named("update account set balance = balance + 1 where account_type = 1", $"{member} money holds");
        await Named("update account set balance = balance + 1 where account_type = 3", $"{member} points lapsing after ");
        await Named("update account set balance = balance + 1 where account_type = 10 and stripe = (select min(stripe) from account where account_type = 10)", $"{store} payable holds 901, its postings say 900");
        await Named("update account set balance = balance + 1 where account_type = 21 and stripe = (select min(stripe) from account where account_type = 21)", "the programme's bankclearing holds");
        await Named("insert into account (owner, account_type, term, stripe, balance) values (@stranger, 99, 0, 0, 7)",
            $"{Id.Format("id", stranger)} account type 99 holds 7");
        await Named(
            """
            insert into charge (id, member_id, source, account_type, state, asked_yen, reserved_yen, counts_on, credited_yen, suspense_yen, entry_id, at_ms)
            values (@charge, @member, 1, 1, 2, 1, 0, 0, 1, 0, @entry, 0)
            """,
            $"{new ChargeId(charge)} is completed and has no entry");

        async Task Named(string sql, string words, string? more = null, bool but = false)
        {
            string[] tables = ["account", "entry", "posting", "payment", "charge"];
            foreach (var table in tables)
                await connection.ExecuteAsync($"create table before_{table} as select * from {table}");
            await connection.ExecuteAsync(sql, new { stranger, charge, entry, member = aoi.Id });
            var complaints = await town.Complaints();
            foreach (var table in tables)
                await connection.ExecuteAsync(
                    $"delete from {table}; insert into {table} select * from before_{table}; drop table before_{table}");

            var said = sql + "\n" + string.Join('\n', complaints);
            complaints.ShouldContain(c => c.Contains(words, StringComparison.Ordinal), said);
            if (more is not null)
                complaints.Any(c => c.Contains(more, StringComparison.Ordinal)).ShouldBe(!but, said);
            complaints.ShouldNotContain(c => c.Contains('[') || c.Contains("account type 1", StringComparison.Ordinal), said);
            foreach (var id in (Guid[])[aoi.Id, shop.Id, paid.PaymentId, refunded.RefundId, sent.TransferId, stranger, charge])
                complaints.ShouldNotContain(c => c.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase)
                    || c.Contains(id.ToString("N"), StringComparison.OrdinalIgnoreCase), said);
        }
    }
}
