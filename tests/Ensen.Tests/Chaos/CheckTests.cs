using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Tests.Chaos;

/// <summary>The history check notices: each thing that must not happen is made to happen, and it says so, and where.</summary>
[Trait("Takes", "long"), Collection(nameof(Doomed))]
public class CheckTests(Doomed doomed)
{
    [Fact]
    public async Task A_row_that_is_changed_lost_or_added_is_named()
    {
        await using var trial = await Trial.Begin(await doomed.OnDisk);
        (await trial.Suffer(Fault.BackendKilled)).Complaints.ShouldBeEmpty();
        var history = trial.Callers.History;
        var paid = history.Calls.First(c => c is { Accepted: true, Deed: Deed.Pay });
        var sent = history.Calls.First(c => c is { Accepted: true, Deed: Deed.Send });
        Id.TryParse(paid.Id, out PaymentId payment).ShouldBeTrue();
        Id.TryParse(sent.Id, out TransferId transfer).ShouldBeTrue();
        Id.TryParse(paid.By, out MemberId member).ShouldBeTrue();

        await After("update payment set amount_yen = amount_yen + 1 where entry_id = @payment", $"{paid} was answered");
        await After("update payment set points_earned = points_earned + 1 where entry_id = @payment", $"{paid} was answered");
        await After("delete from payment where entry_id = @payment", $"{paid} was answered {paid.Id}, and is not in the books");
        await After("delete from transfer where entry_id = @transfer", $"{sent} was answered {sent.Id}, and is not in the books");
        await After("update transfer set to_member = from_member where entry_id = @transfer", $"{sent} was answered");
        await After("update posting set balance_after = balance_after + 1 where entry_id = @transfer", $"{sent} was answered");
        await After("update account set balance = balance - 1 where owner = @member and account_type = 1", $"Money of {paid.By} is");
        await After("update account set balance = balance + 1 where owner = @member and account_type = 3", $"Points of {paid.By} is");
        await After(
            """
            insert into payment (entry_id, member_id, store_id, at_ms, amount_yen, points, points_earned, way)
            select gen_random_uuid(), member_id, store_id, at_ms, amount_yen, points, points_earned, way
            from payment
            where entry_id = @payment
            """, "nobody was told of it");

        paid.Learn(paid.Answer! with { Status = 422 });
        await After("select 1", $"{paid} was answered 201");

        async Task After(string sql, string complaint)
        {
            await using var db = Database.Open(trial.DatabaseAddress, SandboxModule.Catalogue);
            await using var connection = await db.Connect();
            await using var tx = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(sql, new { payment, transfer, member }, tx);
            (await Books.Read(connection)).Complaints(history).ShouldContain(c => c.Contains(complaint, StringComparison.Ordinal), sql);
        }
    }

    [Fact]
    public async Task Answers_that_come_before_the_disk_has_them_are_found_out_by_a_kill()
    {
        await using var trial = await Trial.Begin(await doomed.OnDisk);

        var complaints = await trial.LoseAnswers();

        complaints.ShouldContain(c => c.Contains("is not in the books", StringComparison.Ordinal));
    }
}
