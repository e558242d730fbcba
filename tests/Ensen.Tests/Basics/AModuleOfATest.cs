using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Basics;

/// <summary>
/// A module that the product knows nothing of: raffle tickets. It has an entry kind, an account type, a single use, a check, a job, a
/// setting and a table, all in this file; and it takes part in the ledger, in verify, in history and in receipts.
/// </summary>
public class AModuleOfATest
{
    static readonly AccountType s_pot = new(900, "RafflePot", Unit.Yen);
    static readonly EntryKind s_ticket = new(900, "RaffleTicket", "rft", "gift");
    static readonly SingleUseKind s_sold = new(900, "TicketSold", "the sale of ticket {0}", "rft");
    static readonly BoundedSetting s_price = new("Ensen:TicketPrice", "300", new WholeNumbers(100, 1_000, "yen"),
        "what a raffle ticket costs");

    static readonly Module s_raffle = new("Raffle")
    {
        Declares =
        [
            new Schema("Raffle",
                [new SchemaStep(1, "raffle", "create table raffle_ticket (entry_id uuid primary key, member_id uuid not null, yen bigint not null); create table raffle_count (day text primary key, tickets bigint not null)")]),
            s_pot, s_ticket, s_sold, s_price,
            new DetailCheck<TicketRow>(TicketRow.Table, s_ticket, t => t.EntryId, (row, entry) =>
                entry.Moved(row.MemberId, AccountType.Money) == -row.Yen ? null
                    : $"{IdPlaceholder.Entry(row.EntryId)} of a raffle differs from its postings"),
            new Check("I9 the pot is what the tickets cost", w =>
                $"""
                select 'the pot and the tickets differ by ' || d as line
                from (select (select coalesce(sum(yen), 0) from raffle_ticket) - (select coalesce(sum(balance), 0) from account where account_type = {s_pot.Number}) as d) x
                where d <> 0
                """),
            Job.Of<CountTickets>("count tickets", "tickets are counted", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), (count, ct) =>
                count.Run(ct)),
        ],
        Services = services => services.AddSingleton<CountTickets>().AddSingleton<SellTicket>(),
    };

    [Theory, BothEngines]
    public async Task Takes_part_in_everything(Engine engine)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_raffle));
        var aoi = await town.Member("Aoi").With(1_000.Yen());

        var sold = await town.Get<SellTicket>().Run(aoi.Id, Ct);

        // The ledger and history.
        (await town.Holds(aoi)).ShouldBe("money 700, prepaid 0, points 0");
        var item = (await town.History(aoi))[0];
        (item.Kind, item.Yen, item.EntryId).ShouldBe((s_ticket, (-300).Yen(), new EntryId(sold)));

        // A receipt with its proof.
        var receipt = (await town.Get<GiveReceipt>().Run([aoi.Id], sold, Ct))!;
        (receipt.Kind, receipt.EntryId).ShouldBe(("raffleticket", Id.Format("rft", sold)));
        town.Get<ReceiptCheck>().Of(receipt.ToFile(), [Convert.ToHexStringLower(ProofCheck.Of(receipt.Proof).Seal)]).Wrong.ShouldBeNull();

        // The job, with the module's own table.
        (await town.Get<Jobs>().RunIfDue("count tickets", Ct)).ShouldBeTrue();
        (await town.Count("select tickets from raffle_count")).ShouldBe(1);

        // Verify, by the module's check and by what is sealed with each entry.
        (await town.Complaints()).ShouldBeEmpty();
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync("update raffle_ticket set yen = 299", transaction: tx), Ct);
        var complaints = string.Join('\n', await town.Complaints());
        complaints.ShouldContain("the pot and the tickets differ by -1");
        complaints.ShouldContain($"{Id.Format("rft", sold)} of a raffle differs from its postings");
        complaints.ShouldContain("I6 what is kept beside an entry is as it was sealed with it");
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync("update raffle_ticket set yen = 300", transaction: tx), Ct);
    }

    [Theory, BothEngines]
    public async Task Forty_who_buy_with_the_last_three_hundred_yen_get_one_ticket(Engine engine)
    {
        await using var town = await Town.On(engine, SandboxModule.Catalogue.With(s_raffle));
        var aoi = await town.Member("Aoi").With(599.Yen());

        var sold = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => town.Get<SellTicket>().Run(aoi.Id, Ct))));

        sold.Count(id => id != Guid.Empty).ShouldBe(1);
        (await town.Holds(aoi)).ShouldBe("money 299, prepaid 0, points 0");
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [StoredAs("ticket-sold")]
    internal sealed record Sold(Guid EntryId);

    internal enum SaleRefusal
    {
        None = 0,
        Insufficient = 1,
    }

    sealed record TicketRow(Guid EntryId, Guid MemberId, long Yen)
    {
        internal static readonly DetailTable<TicketRow> Table = new DetailTable<TicketRow>("raffle_ticket")
            .Uuid("entry_id", t => t.EntryId).Uuid("member_id", t => t.MemberId).Bigint("yen", t => t.Yen);
    }

    sealed class CountTickets(Database db)
    {
        public Task Run(CancellationToken ct) => db.Transact(tx => tx.Connection!.ExecuteAsync(
            "insert into raffle_count (day, tickets) select 'all', count(*) from raffle_ticket", transaction: tx), ct);
    }

    sealed class SellTicket(GeneralLedger ledger, SettingValues settings, TimeProvider clock)
    {
        /// <summary>The ticket's entry; empty when the member cannot pay for it.</summary>
        public async Task<Guid> Run(Guid member, CancellationToken ct)
        {
            var now = clock.Now();
            var answer = await ledger.Post(new Sale(member, new Yen(settings.Number(s_price)), Id.New(now), now), ct);
            return answer.Value?.EntryId ?? Guid.Empty;
        }
    }

    sealed class Sale(Guid member, Yen price, Guid id, DateTimeOffset now) : Draft<Sold, SaleRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [member];
        public override JsonTypeInfo<Sold> Json => RaffleJson.Default.Sold;
        public override SaleRefusal Reused(IdempotencyKey key) => SaleRefusal.Insufficient;

        public override Decision<Sold, SaleRefusal> Decide(AccountState state) =>
            state.Of(member).Balance(AccountType.Money) < price.Value ? SaleRefusal.Insufficient
                : new Decision<Sold, SaleRefusal>(new Sold(id))
                {
                    Entry = new Entry(id, s_ticket, now, Initiator.Member(member),
                    [Leg.Of(member, AccountType.Money, -price), Leg.Of(Chart.Operator, s_pot, price)]),
                    SingleUses = [new SingleUse(s_sold, id)],
                    Details = [TicketRow.Table.Row(new TicketRow(id, member, price.Value))],
                };
    }
}

[JsonSerializable(typeof(AModuleOfATest.Sold))]
sealed partial class RaffleJson : JsonSerializerContext;
