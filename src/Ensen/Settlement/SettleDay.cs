using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Settlement;

/// <summary>A merchant's day was settled.</summary>
[StoredAs("settled")]
public sealed record DaySettled(SettlementId SettlementId, MerchantId Merchant, Yen PayOut);

/// <summary>What one run closed of a day.</summary>
public sealed record SettledDay(int Merchants, Yen PayOut);

/// <summary>Why a merchant's day is not settled.</summary>
public enum SettleDayRefusal
{
    None = 0,

    /// <summary>Another node, or an earlier run, was first.</summary>
    AlreadySettled = 1,
}

/// <summary>
/// Closes a business day: of each merchant what its stores are owed of that day and of what came late of days before, less fee and tax, as
/// one entry. What is owed is what the account holds less what came after the day, read in one look; so an entry that was written into a
/// closed day is settled with the next one and nothing is settled twice. A run that dies half-way is run again: each merchant's day, and
/// each number of a merchant's settlements, is used once.
/// </summary>
public sealed class SettleDay(Database db, GeneralLedger ledger, Programme programme, TimeProvider clock)
{
    const int AtOnce = 256;

    /// <summary>Merchants that are read together.</summary>
    internal int Page { get; init; } = 250;

    public async Task<SettledDay> Run(JapanDay day, CancellationToken ct = default)
    {
        var (merchants, payOut) = (0, Yen.Zero);
        var underWay = new Queue<Task<Answer<DaySettled, SettleDayRefusal>>>();
        for (var after = default(MerchantId); await Next(after, ct) is { Count: > 0 } page; after = page[^1])
            foreach (var draft in await Owed(day, after, page[^1], ct))
            {
                if (underWay.Count == AtOnce)
                    Count(await underWay.Dequeue());
                underWay.Enqueue(ledger.Post(draft, ct));
            }
        while (underWay.TryDequeue(out var answer))
            Count(await answer);
        return new SettledDay(merchants, payOut);

        void Count(Answer<DaySettled, SettleDayRefusal> answer)
        {
            if (!answer.Accepted)
                return;
            merchants++;
            payOut += answer.Value.PayOut;
        }
    }

    async Task<IReadOnlyList<MerchantId>> Next(MerchantId after, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<MerchantId>(
            "select id from merchant where id > @after order by id limit @Page", new { after, Page })).AsList();
    }

    /// <summary>What is to be settled of these merchants. A merchant of which nothing is left to settle has no settlement.</summary>
    async Task<List<SettleDraft>> Owed(JapanDay day, MerchantId after, MerchantId last, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var before = (await connection.QueryAsync<(Guid Merchant, long Number, int Day, long CarriedOn)>(
            """
            select t.merchant, t.number, t.day, t.carried_on
            from settlement t
            where t.merchant > @after
              and t.merchant <= @last
              and t.number = (select max(number) from settlement x where x.merchant = t.merchant)
            """,
            new { after, last })).ToDictionary(b => b.Merchant, b => (b.Number, b.Day, CarriedOn: new Yen(b.CarriedOn)));
        var rows = await connection.QueryAsync<(Guid Merchant, Guid Store, int Kind, long Amount, long Count)>(
            $"""
            select s.merchant, x.store, x.kind, x.amount, x.number
            from (
              select owner as store, {Balance} as kind, cast(sum(balance) as bigint) as amount, 0 as number
              from account
              where account_type = {AccountType.Payable.Number}
                and owner in (select id from store where merchant > @after and merchant <= @last)
              group by owner
              union all
              select p.owner as store, case when p.entry_id >= @until then {Later} else e.kind end as kind,
                cast(sum(p.amount) as bigint) as amount, count(*) as number
              from posting p
              join entry e on e.id = p.entry_id
              where p.owner in (select id from store where merchant > @after and merchant <= @last)
                and p.entry_id >= @from
                and p.account_type = {AccountType.Payable.Number}
                and e.kind <> {EntryKind.Settlement.Number}
              group by p.owner, case when p.entry_id >= @until then {Later} else e.kind end
            ) x
            join store s on s.id = x.store
            """,
            new { after, last, from = Id.First<EntryId>(day.Start), until = Id.First<EntryId>(day.Next.Start) });
        var now = clock.Now();
        List<SettleDraft> drafts = [];
        foreach (var merchant in rows.GroupBy(r => r.Merchant).OrderBy(m => m.Key))
        {
            var previous = before.GetValueOrDefault(merchant.Key);
            var id = Id.New<SettlementId>(now);
            var stores = merchant.GroupBy(r => r.Store).Select(s => Of(id, new StoreId(s.Key),
                s.Select(r => (r.Kind, r.Amount, r.Count)))).OfType<SettlementStore>().OrderBy(s => s.Store.Value).ToList();
            if (stores.Any(s => s.Left != Yen.Zero) && previous.Day < day.Number)
                drafts.Add(new SettleDraft(Row(id, new MerchantId(merchant.Key), previous.Number + 1, day, previous.CarriedOn, stores,
                    programme.Settlement), stores, now));
        }
        return drafts;
    }

    /// <summary>In the place of a kind of entry: what the account holds, and what came to it after the day.</summary>
    const int Balance = -2;
    const int Later = -1;

    /// <summary>What is of a store; null when nothing happened there.</summary>
    static SettlementStore? Of(SettlementId id, StoreId store, IEnumerable<(int Kind, long Amount, long Count)> said)
    {
        var (owed, paid, refunded, corrected, payments, refunds) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var (kind, amount, count) in said)
        {
            if (kind == Balance)
                owed += amount;
            else if (kind == Later)
                owed -= amount;
            else if (kind == EntryKind.Payment.Number)
                (paid, payments) = (amount, count);
            else if (kind == EntryKind.Refund.Number)
                (refunded, refunds) = (-amount, count);
            else
                corrected += amount;
        }
        var late = owed - (paid - refunded + corrected);
        return owed == 0 && payments + refunds == 0 && corrected == 0 ? null
            : new SettlementStore(id, store, payments, new Yen(paid), refunds, new Yen(refunded), new Yen(corrected), new Yen(late));
    }

    internal static SettlementRow Row(SettlementId id, MerchantId merchant, long number, JapanDay day, Yen carried,
        IReadOnlyCollection<SettlementStore> stores, SettlementRules rules)
    {
        var (gross, refunds) = (stores.Sum(s => s.Gross), stores.Sum(s => s.Back));
        var sum = FeeArithmetic.Of(gross - refunds, rules.Fee, rules.FeeTax);
        var left = sum.Left + carried;
        return new SettlementRow(id, merchant, number, day.Number, gross, refunds, rules.FeeBasisPoints, sum.Fee, rules.FeeTaxPercent,
            sum.Tax, carried, Yen.Max(left, Yen.Zero), Yen.Min(left, Yen.Zero));
    }

    /// <summary>The checks, in the order of the refusals; from there nothing may fail.</summary>
    internal static Decision<DaySettled, SettleDayRefusal> Decide(SettlementRow row, IReadOnlyList<SettlementStore> stores,
        AccountState state, DateTimeOffset now)
    {
        var (day, number) = (SettlementRow.DayClosed(row.Merchant, JapanDay.FromNumber(row.Day)),
            SettlementRow.Numbered(row.Merchant, row.Number));

        if (state.Happened(day) || state.Happened(number)) return SettleDayRefusal.AlreadySettled;

        // From here nothing may fail.
        List<Leg> legs = [.. stores.Select(s => Leg.Of(s.Store, AccountType.Payable, -s.Left))];
        legs.Add(Leg.Of(row.Merchant, AccountType.MerchantDue, row.PayOut));
        legs.Add(Leg.Of(row.Merchant, AccountType.MerchantCarried, row.CarriedOn - row.Carried));
        legs.Add(Leg.Of(Chart.Operator, AccountType.MerchantFees, row.Fee));
        legs.Add(Leg.Of(Chart.Operator, AccountType.FeeTax, row.FeeTax));
        return new Decision<DaySettled, SettleDayRefusal>(new DaySettled(row.EntryId, row.Merchant, row.PayOut))
        {
            Entry = new Entry(row.EntryId, EntryKind.Settlement, now, Initiator.Job(CloseSettlements.JobName),
                [.. legs.Where(l => l.Amount != 0)]),
            SingleUses = [day, number],
            Details = [SettlementRow.Table.Row(row), .. stores.Select(s => SettlementStore.Table.Row(s))],
        };
    }

    sealed class SettleDraft(SettlementRow row, IReadOnlyList<SettlementStore> stores, DateTimeOffset now)
        : Draft<DaySettled, SettleDayRefusal>
    {
        public override Guid Id => row.EntryId;
        public override IReadOnlyList<Guid> Owners { get; } = [row.Merchant];
        public override IReadOnlyList<SingleUse> SingleUses { get; } =
            [SettlementRow.DayClosed(row.Merchant, JapanDay.FromNumber(row.Day)), SettlementRow.Numbered(row.Merchant, row.Number)];
        public override bool IsPatient => true;
        public override JsonTypeInfo<DaySettled> Json => SettlementJson.Default.DaySettled;
        public override SettleDayRefusal Reused(IdempotencyKey key) => SettleDayRefusal.AlreadySettled;

        public override Decision<DaySettled, SettleDayRefusal> Decide(AccountState state) => SettleDay.Decide(row, stores, state, now);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DaySettled))]
[JsonSerializable(typeof(PayOutFileMade))]
[JsonSerializable(typeof(PayOutsEnded))]
sealed partial class SettlementJson : JsonSerializerContext;
