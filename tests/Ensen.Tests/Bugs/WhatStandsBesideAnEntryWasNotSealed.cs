using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Access;
using Ensen.Cards;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Operations;
using Ensen.Sandbox.Gateways;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Campaigns;
using Ensen.Tests.Centres;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Bugs;

/// <summary>
/// <c>verify</c> said "everything holds" of a payment's changed time, a refund moved to another payment, a charge that was deleted, a
/// forgotten key: whatever features kept beside an entry lay outside its seal. Now each column of each table is named when it is changed,
/// or docs/operating/verify.md says that it is not, and why.
/// </summary>
public partial class WhatStandsBesideAnEntryWasNotSealed
{
    [Theory, BothEngines]
    public async Task Each_column_that_is_changed_is_named_or_said_to_be_unprotected(Engine engine)
    {
        await using var town = await Lived(engine);
        await using var connection = await town.Db.Connect();
        var unprotected = Unprotected();
        var columns = await Columns(connection, engine);
        var protectedOnes = columns.Where(c => !unprotected.Contains($"{c.Table}.*")).ToList();
        unprotected.Where(u => columns.All(c => u != $"{c.Table}.{c.Name}" && u != $"{c.Table}.*")).ShouldBeEmpty(
            "docs/operating/verify.md names what is not there");
        (await town.Complaints()).ShouldBeEmpty();

        var unnoticed = new List<string>();
        foreach (var table in protectedOnes.GroupBy(c => c.Table))
        {
            await connection.ExecuteAsync($"create table kept_before as select * from {table.Key}");
            foreach (var column in table.Where(c => !unprotected.Contains($"{c.Table}.{c.Name}")))
                await Try($"update {table.Key} set {column.Name} = {Other(column)} where {One(table.Key)}");
            await Try($"delete from {table.Key} where {One(table.Key)}");
            await connection.ExecuteAsync("drop table kept_before");

            async Task Try(string sql)
            {
                (await connection.ExecuteAsync(sql, new { other = Guid.NewGuid(), bytes = Enumerable.Repeat((byte)7, 32).ToArray() }))
                    .ShouldBe(1, sql);
                if ((await town.Complaints()).Count == 0)
                    unnoticed.Add(sql);
                await connection.ExecuteAsync($"delete from {table.Key}");
                await connection.ExecuteAsync($"insert into {table.Key} select * from kept_before");
            }
        }

        unnoticed.ShouldBeEmpty();
        (await town.Complaints()).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task A_refund_that_is_moved_with_all_that_tells_is_named_and_the_payment_is_not_refunded_twice_unseen(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var (first, second) = (await town.Paid(aoi, shop, 1_000.Yen()), await town.Paid(aoi, shop, 1_000.Yen()));
        var refund = (await town.Refunded(first.PaymentId, shop, 1_000.Yen())).RefundId.ToString();
        await using var connection = await town.Db.Connect();

        await connection.ExecuteAsync("update refund set payment_id = @PaymentId", new { second.PaymentId });
        (await town.Complaints()).ShouldContain(
            c => c.Contains($"what is kept beside {refund} (refund, single_use) is not as it was sealed with it",
            StringComparison.Ordinal));
        await connection.ExecuteAsync("update single_use set subject = @PaymentId where kind = 4", new { second.PaymentId });
        (await town.Complaints()).ShouldContain(
            c => c.Contains($"what is kept beside {refund} (refund, single_use) is not as it was sealed with it",
            StringComparison.Ordinal));
        await connection.ExecuteAsync("delete from single_use where kind = 4");
        (await town.Refund(first.PaymentId, shop, 1_000.Yen())).Accepted.ShouldBeTrue();
        (await town.Complaints()).ShouldContain(
            c => c.Contains($"what is kept beside {refund} (refund, single_use) is not as it was sealed with it",
            StringComparison.Ordinal));

        await connection.ExecuteAsync(
            "delete from posting; delete from entry; delete from seal; delete from account; delete from payment; delete from refund; delete from idempotency_key; delete from single_use");
    }

    [Theory, BothEngines]
    public async Task A_refund_over_rows_that_contradict_each_other_ends_with_an_error(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var (first, second) = (await town.Paid(aoi, shop, 1_000.Yen()), await town.Paid(aoi, shop, 1_000.Yen()));
        await town.Refunded(first.PaymentId, shop, 400.Yen());
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync("update refund set payment_id = @PaymentId", new { second.PaymentId });
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        var error = await Should.ThrowAsync<InvalidOperationException>(
            () => new Refund(town.Db, town.Ledger, town.Programme, town.Clock, new PointUses(town.Db)).Run(
            new RefundRequest(first.PaymentId, [shop.Id], 100.Yen(), null, Initiator.Till(shop.Id), [Town.Key(shop.Id, null)]),
            enough.Token));

        error.Message.ShouldContain("run verify");
        await connection.ExecuteAsync("update refund set payment_id = @PaymentId", new { first.PaymentId });
    }

    [Theory, BothEngines]
    public async Task A_key_that_was_forgotten_after_its_time_is_no_alarm_and_one_before_is(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(5_000.Yen()), await town.Store("Bakery"));
        var paid = (await town.Paid(aoi, shop, 1_000.Yen())).PaymentId.ToString();
        await using var connection = await town.Db.Connect();
        await connection.ExecuteAsync("delete from idempotency_key");

        (await town.Complaints()).ShouldContain(c => c.Contains($"an idempotency key of {paid} or its answer", StringComparison.Ordinal));
        town.Clock.Set("2027-12-31 00:00");
        (await town.Complaints()).ShouldBeEmpty();
    }

    [Fact]
    public void Each_table_of_riders_is_known_to_verify()
    {
        var tables = typeof(Refund).Assembly.GetTypes()
            .SelectMany(t =>
                t.GetProperties(
                System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static))
            .Where(p => p.PropertyType.IsAssignableTo(typeof(DetailTable)) && !p.DeclaringType!.ContainsGenericParameters)
            .Select(p => ((DetailTable)p.GetValue(null)!).Name).ToList();

        tables.Count.ShouldBeGreaterThan(2);
        tables.Except(Product.Catalogue.All<DetailCheck>().Select(k => k.Table)).ShouldBeEmpty();
    }

    /// <summary>
    /// A town in which every protected table has rows: a closed day, a month that is away, payments in all ways, a charge that arrived and
    /// one that is open.
    /// </summary>
    static async Task<Town> Lived(Engine engine)
    {
        var town = await Town.On(engine, writers: 1);
        var (aoi, ren, shop) = (await town.Member("Aoi").With(9_000.Yen()).With(500.Points()), await town.Member("Ren").With(1.Yen()),
            await town.Store("Bakery"));
        await town.Paid(aoi, shop, 400.Yen());
        await using (var connection = await town.Db.Connect())
            await connection.ExecuteAsync(
                """
                insert into carried select owner, account_type, term, sum(amount) from posting where entry_id < @until group by owner, account_type, term;
                insert into detached_month select 202606, @until, count(*), 0, 0 from entry where id < @until;
                delete from posting where entry_id < @until;
                delete from entry where id < @until
                """, new { until = new HistoryMonth(202607).First });
        town.Clock.Set("2026-07-01 09:00");
        var code = new SingleUse(SingleUseKind.CodeUsed, Id.New(town.Clock));
        await town.Running();
        var paid = (await town.Pay(Town.Payment(aoi, shop, 1_500.Yen(), 200.Points()) with { Spends = [code], Way = PayWay.ShownCode, OrderId = "A-1" })).Value!;
        (await town.Refund(paid.PaymentId, shop, 500.Yen(), reason: "broken")).Accepted.ShouldBeTrue();
        var sent = (await town.Send(aoi, ren, 300.Yen(), note: "lunch")).Value!;
        var proposal = await town.Get<ProposeCorrection>().Run(new ProposeCorrectionRequest(
            sent.TransferId, "a hundred too much", await town.Operator("Suzuki"),
            [Leg.Of(aoi.Id, AccountType.Money, 100.Yen()), Leg.Of(ren.Id, AccountType.Money, -100.Yen())]));
        (await town.Get<ApproveCorrection>().Run(proposal.Value!.Id, await town.Operator("Ito"))).Accepted.ShouldBeTrue();

        var counter = await Counter.In(town);
        (await counter.Award(await counter.NumberOf(aoi), 1_100, "r1")).Accepted.ShouldBeTrue();
        (await counter.Spend(await counter.CodeOf(aoi), 5, "r2")).Accepted.ShouldBeTrue();
        (await counter.Cancel("r2")).Accepted.ShouldBeTrue();
        var own = (await town.Get<SandboxPointCards>().Make("umeda", null, null, 120, "existing"))!;
        var card = (await town.Get<RegisterPointCard>().Run(new RegisterPointCardRequest(aoi.Id, "umeda", own.Number, own.Pin, "existing",
            new SessionId(Guid.CreateVersion7()), Town.Key(aoi.Id, null)))).Value!;
        (await town.Get<MigratePointCard>().Run(aoi.Id, card.Id)).Accepted.ShouldBeTrue();

        var merchant = (await town.Get<Stores>().Find(shop.Id))!.Merchant;
        for (var i = 0; i < 3; i++)
            (await town.Get<InviteToShop>().Run(new InviteToShopRequest(new ActingShop(merchant, null), "Hana", ShopRole.Owner, [])))
                .Accepted.ShouldBeTrue();

        var outbox = new Outbox(town.Db, town.Clock, NullLogger<Outbox>.Instance);
        var sandbox = new SandboxGateways(town.Db, outbox, town.Clock);
        outbox.On(ChargeWork.Kind,
            new ChargeWork(town.Db, sandbox.Outside, new ChargeOutcome(town.Db, town.Ledger, town.Programme, town.Clock),
            town.Programme).Start());
        var charge = new Charge(town.Db, town.Ledger, outbox, sandbox.Outside, town.Programme, town.Clock);
        foreach (var source in (ChargeSource[])[ChargeSource.Card, ChargeSource.Atm])
            (await charge.Run(new ChargeRequest(aoi.Payer, source, 5_000.Yen(), IdempotencyKey.Of(aoi.Id, $"charge {source}", 1))))
                .Accepted.ShouldBeTrue();
        await PointsOfEveryWay.LiveIn(town, aoi, TestContext.Current.CancellationToken);
        await new CloseSeals(town.Db, new RootFolder(null), town.Clock).Run(town.Today);
        return town;
    }

    /// <summary>The row that is tampered with: of each table the one that tells most.</summary>
    static string One(string table) => table switch
    {
        "account" => "account_type = 1 and owner = (select from_member from transfer where note is not null)",
        "carried" => "account_type = 10",
        "charge" => "state = 2",
        "charge_pending" => "pending_yen > 0",
        "entry" => "kind = 2",
        "posting" => "leg = 0 and entry_id = (select id from entry where kind = 2)",
        "single_use" => "kind = 1 and entry_id = (select entry_id from payment where order_id is not null)",
        "idempotency_key" => "entry_id = (select id from entry where kind = 2)",
        "payment" => "order_id is not null",
        "transfer" or "money_link" => "note is not null",
        "seal" => "number = 4",
        "operator_log" => "number = 3",
        "shop_log" => "number = 2 and merchant = (select merchant from shop_turn order by merchant limit 1)",
        "shop_turn" => "merchant = (select merchant from shop_turn order by merchant limit 1)",
        "withdrawal" or "withdrawal_end" => $"entry_id = (select entry_id from {table} order by entry_id limit 1)",
        "settlement" or "settlement_store" => $"entry_id = (select entry_id from {table} order by entry_id limit 1)",
        "pay_out" => "line = 1",
        "pay_out_end" => "line = 1 and outcome = 1",
        "day_root" or "day_lane" or "day_span" => "day = 20260701",
        _ => "1 = 1",
    };

    static string Other((string Table, string Name, string Type) column) => column.Type switch
    {
        "uuid" => "@other",
        "bytea" => "@bytes",
        "text" => $"coalesce({column.Name}, '') || 'x'",
        "boolean" => $"not {column.Name}",
        _ => $"coalesce({column.Name}, 0) + 100",
    };

    static async Task<List<(string Table, string Name, string Type)>> Columns(DbConnection connection, Engine engine) =>
    [
        .. await connection.QueryAsync<(string, string, string)>(engine == Engine.Sqlite
            ? "select t.name, c.name, lower(c.type) from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%' order by 1, 2"
            : "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, 2"),
    ];

    /// <summary>What the manual says is not protected: <c>table.column</c>, or <c>table.*</c>.</summary>
    static HashSet<string> Unprotected()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/operating/verify.md"));
        var rows = text[text.IndexOf("## What it does not protect", StringComparison.Ordinal)..].Split('\n').Where(
            l => l.StartsWith("| `", StringComparison.Ordinal));
        return
        [
            .. rows.Select(row => row.Split('|')).SelectMany(cells => Word().Matches(cells[1]).SelectMany(table =>
                cells[2].Trim() == "all" ? [$"{table.Groups[1].Value}.*"] : Word().Matches(cells[2])
                    .Select(column => $"{table.Groups[1].Value}.{column.Groups[1].Value}"))),
        ];
    }

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Word();
}
