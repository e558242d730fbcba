using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Simulation.Audit;
using Ensen.Simulation.Worlds;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Simulation;

/// <summary>
/// A module that the product knows nothing of takes part in simulated years: its entry kind, account type, table, check and errand are in
/// this file, and its nodes die, lose their connections and are asked twice like all others.
/// </summary>
public class AModuleOfATest
{
    const long Price = 300;

    static readonly AccountType s_pot = new(901, "RafflePot", Unit.Yen);
    static readonly EntryKind s_ticket = new(901, "RaffleTicket", "rft", "gift");

    [Fact]
    public async Task Takes_part_in_a_hundred_years()
    {
        var sold = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            var played = await Grounds.InMemory(store => Year.Play(seed, store), SandboxModule.Catalogue.With(Raffle(Buy)));
            Assert.True(played.Wrong is null, played.Wrong is null ? "" : played.Report);
            sold += played.Answers.Count(a => a.Contains("a ticket", StringComparison.Ordinal));
        }
        sold.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task When_it_sells_for_nothing_the_auditor_says_so()
    {
        for (var seed = 1; seed <= 100; seed++)
            if (await Grounds.InMemory(store => Year.Play(seed, store), SandboxModule.Catalogue.With(Raffle(Steal))) is { Wrong: not null })
                return;
        Assert.Fail("nobody noticed that tickets cost a yen less than was said");
    }

    static Module Raffle(Func<World, Resident, string, Task<Deed>> errand) => new("Raffle")
    {
        Declares =
        [
            new Schema("Raffle",
                [new SchemaStep(1, "raffle", "create table raffle_ticket (entry_id uuid primary key, member_id uuid not null, yen bigint not null)")]),
            s_pot, s_ticket,
            new DetailCheck<TicketRow>(TicketRow.Table, s_ticket, t => t.EntryId, (row, entry) =>
                entry.Moved(row.MemberId, AccountType.Money) == -row.Yen ? null
                    : $"{IdPlaceholder.Entry(row.EntryId)} of a raffle differs from its postings"),
            new Check("I9 the pot is what the tickets cost", w =>
                $"""
                select 'the pot and the tickets differ by ' || d as line
                from (select (select coalesce(sum(yen), 0) from raffle_ticket) - (select coalesce(sum(balance), 0) from account where account_type = {s_pot.Number}) as d) x
                where d <> 0
                """),
            new ModuleErrand("a ticket", errand),
        ],
        Services = services => services.AddSingleton<SellTicket>(),
    };

    static Task<Deed> Buy(World world, Resident who, string key) => Ask(world, who, key, Price);

    static Task<Deed> Steal(World world, Resident who, string key) => Ask(world, who, key, Price - 1);

    static async Task<Deed> Ask(World world, Resident who, string key, long price)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask($"buys a ticket, key {key}", node => node.Get<SellTicket>()
            .Run(who.Id, price, IdempotencyKey.Of(who.Id, key, "ticket")));
        return Errands.Told(client, $"{who.Name} buys a ticket, {key}", [who.Id], [new Key($"{who.Id} {key}")], "ticket",
            answer.Value is null ? answer.Refusal.ToString() : "a ticket", answer, answer.Value?.EntryId, null, (books, _) =>
            {
                var purse = books.Purses[who.Id];
                return purse.Money < Price
                    ? (nameof(SaleRefusal.Insufficient), books)
                    : ("a ticket", books.With(who.Id, (purse with { Money = purse.Money - Price })
                        .Write($"RaffleTicket {answer.Value?.EntryId}", [("Money", 0, -Price)])));
            });
    }

    [StoredAs("ticket-sold")]
    internal sealed record Sold(Guid EntryId);

    internal enum SaleRefusal
    {
        None = 0,
        Insufficient = 1,
        KeyReused = 2,
    }

    sealed record TicketRow(Guid EntryId, Guid MemberId, long Yen)
    {
        internal static readonly DetailTable<TicketRow> Table = new DetailTable<TicketRow>("raffle_ticket")
            .Uuid("entry_id", t => t.EntryId).Uuid("member_id", t => t.MemberId).Bigint("yen", t => t.Yen);
    }

    sealed class SellTicket(GeneralLedger ledger, TimeProvider clock)
    {
        public Task<Answer<Sold, SaleRefusal>> Run(Guid member, long price, IdempotencyKey key)
        {
            var now = clock.Now();
            return ledger.Post(new Sale(member, price, Id.New(now, member), now, key));
        }
    }

    sealed class Sale(Guid member, long price, Guid id, DateTimeOffset now, IdempotencyKey key) : Draft<Sold, SaleRefusal>
    {
        public override Guid Id => id;
        public override IReadOnlyList<Guid> Owners { get; } = [member];
        public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [key];
        public override JsonTypeInfo<Sold> Json => RaffleJson.Default.Sold;
        public override SaleRefusal Reused(IdempotencyKey reused) => SaleRefusal.KeyReused;

        public override Decision<Sold, SaleRefusal> Decide(AccountState state) =>
            state.Of(member).Balance(AccountType.Money) < price ? SaleRefusal.Insufficient : new Decision<Sold, SaleRefusal>(new Sold(id))
            {
                Entry = new Entry(id, s_ticket, now, Initiator.Member(member),
                    [new Leg(member, AccountType.Money, 0, -price), new Leg(Chart.Operator, s_pot, 0, price)]),
                Details = [TicketRow.Table.Row(new TicketRow(id, member, price))],
            };
    }
}

[JsonSerializable(typeof(AModuleOfATest.Sold))]
sealed partial class RaffleJson : JsonSerializerContext;
