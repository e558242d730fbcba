using Ensen.Basics;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Simulation.Worlds;

/// <summary>
/// What people of the town set out to do. An errand ends when it was answered, and tells the auditor what was asked and answered:
/// nothing else passes from here to there.
/// </summary>
sealed partial class Errands(World world, Town town)
{
    readonly List<Func<Task<Deed>>> _old = [];
    int _keys;
    int _phones;

    Random RandomSource => world.RandomSource;
    Resident Somebody => town.Residents[RandomSource.Next(town.Residents.Count)];
    Shop SomeShop => town.Shops[RandomSource.Next(town.Shops.Count)];
    string NewKey() => FormattableString.Invariant($"k{++_keys}");

    long SomeAmount() => RandomSource.Next(6) switch
    {
        0 => 1 + RandomSource.Next(400),
        1 => 200 * (1 + RandomSource.Next(5)),
        2 => 50_000 + RandomSource.Next(3) - 1,
        3 => 100_000 * (1 + RandomSource.Next(5)) + RandomSource.Next(3) - 1,
        _ => 1_000 + RandomSource.Next(40_000),
    };

    long SomePoints(long amount) => RandomSource.Next(3) switch
    {
        0 => 0,
        1 => Math.Min(amount, 1 + RandomSource.Next(300)),
        _ => Math.Min(amount, RandomSource.Next(1_500)),
    };

    public async Task<IReadOnlyList<Deed>> Some() =>
        world.Store.Catalogue.All<ModuleErrand>() is { Count: > 0 } more && RandomSource.Next(4) == 0
            ? [await more[RandomSource.Next(more.Count)].Run(world, Somebody, NewKey())]
            : await OfTheProduct();

    Task<IReadOnlyList<Deed>> OfTheProduct() => RandomSource.Next(52) switch
    {
        < 5 => PayAtTag(),
        < 7 => PayByQr(),
        < 10 => PayByCode(),
        < 13 => Refund(),
        < 15 => Transfer(),
        < 17 => Charge(),
        17 => Grant(),
        18 => Operate(),
        19 or 20 => ChangeOwnCaps(),
        21 => Freeze(),
        22 => Thaw(),
        23 => LosePhone(),
        24 or 25 => PayOnAPhone(),
        26 => Leave(),
        27 => AskAgain(),
        < 32 => AtTheCentre(),
        < 36 => AboutRewards(),
        < 40 => AboutRides(),
        40 => AboutPurchases(),
        < 43 => AboutCards(),
        < 46 => AboutLinks(),
        < 49 => Withdraw(),
        _ => AboutCompanies(),
    };

    // --- paying --------------------------------------------------------------------------------------------------------------------

    async Task<IReadOnlyList<Deed>> PayAtTag()
    {
        var (who, shop) = (Somebody, SomeShop);
        var client = new Client(world, who.Name);
        var secure = RandomSource.Next(2) == 0;
        var copied = secure && RandomSource.Next(6) == 0;
        var met = await client.Ask($"touches {(copied ? "a copy of " : "")}{(secure ? "the secure" : "the")} tag of {shop.Store.Name}",
            node =>
        {
            // Asked again, the member touches again.
            var said = secure ? copied ? shop.Copy(node.Keys.Tags) : shop.Touch(node.Keys.Tags) : null;
            return node.Meet.ByTag(secure ? shop.SecureTag : shop.Tag, said?.PiccData, said?.Cmac);
        });
        if (!met.Accepted)
            return [];
        var amount = SomeAmount();
        return await Pay(who, shop, met.Value, amount, SomePoints(amount));
    }

    async Task<IReadOnlyList<Deed>> PayByQr()
    {
        var (who, shop, amount) = (Somebody, SomeShop, SomeAmount());
        if (RandomSource.Next(2) == 0)
        {
            var printed = await new Client(world, who.Name).Ask(
                $"scans the code of {shop.Store.Name}", node => node.Meet.ByQr(ResolvePayee.PrintedCode(shop.Store)));
            return await Pay(who, shop, printed.Value!, amount, SomePoints(amount));
        }
        var (order, shown) = (NewKey(), (await world.SomeNode()).Clock.GetUtcNow());
        Task<Answer<ResolvedPayee, ResolvePayeeRefusal>> Scan(Resident by, long over, int minutes) => new Client(world, by.Name).Ask(
            $"scans {shop.Store.Name}'s code over {over}", node =>
                node.Meet.ByQr(node.Meet.CodeFor(shop.Store, over.Yen(), order, shown.AddMinutes(minutes))));
        // An order is paid once, whoever scans it, and shown however often: with another end, or over another amount.
        var scans = new List<(Resident By, long Over, int Minutes)> { (who, amount, 5) };
        if (!world.IsCalm && RandomSource.Next(2) == 0)
            scans.Add(RandomSource.Next(3) switch
            {
                0 => (Somebody, amount, 5),
                1 => (Somebody, amount, 4),
                _ => (Somebody, amount + 1, 5),
            });
        var deeds = await Task.WhenAll(scans.Select(async s => await Scan(s.By, s.Over, s.Minutes) is { Accepted: true } met
            ? await Pay(s.By, shop, met.Value, s.Over, SomePoints(s.Over))
            : []));
        return [.. deeds.SelectMany(d => d)];
    }

    async Task<IReadOnlyList<Deed>> Pay(Resident who, Shop shop, ResolvedPayee met, long amount, long points)
    {
        var key = NewKey();
        Task<Deed> Send(long yen) => Pay(who, shop, met, yen, points, key);
        _old.Add(() => Send(amount));
        return RandomSource.Next(8) switch
        {
            0 => await Both(() => Send(amount), () => Send(amount)),
            1 => await Both(() => Send(amount), () => Send(amount + 1)),
            2 => [await Send(amount), await Send(amount)],
            _ => [await Send(amount)],
        };
    }

    async Task<Deed> Pay(Resident who, Shop shop, ResolvedPayee met, long amount, long points, string key)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask(
            FormattableString.Invariant($"pays {amount} to {shop.Store.Name}, {points} of it in points, key {key}"), node =>
            node.Pay.Run(new PayRequest(
            who.Payer, Payee.Of(shop.Store), amount.Yen(), points.Points(), met.Way, Initiator.Member(who.Id),
            [IdempotencyKey.Of(who.Id, key, "payment", shop.Store.Id, amount, points)], met.Spends, met.OrderId)));
        var asked = new PayAsked(who.Id, shop.Store.Id, amount, points, AtMost: false, [.. met.Spends.Select(s => s.ToString())],
            met.OrderId);
        return Told(client, $"{who.Name} pays {amount}/{points} at {shop.Store.Name} by {met.Way}, {key}",
            [who.Id, Request.Campaign, .. met.Spends, .. met.OrderId is { } paid ? new object[] { "order " + paid } : []], [new Key($"{who.Id} {key}")],
            $"payment {shop.Store.Id} {amount} {points}",
            Paid(answer, shop), answer, answer.Value?.PaymentId, answer.Value?.PaidAt,
            (books, day) => Decided(books, asked, day, answer, client, shop));
    }

    /// <summary>What was paid says when that was decided; of a refusal it is known only between which moments.</summary>
    (string, Books) Decided(Books books, PayAsked asked, int day, Answer<Paid, PayRefusal> answer, Client client, Shop shop) =>
        answer.Value is { } paid
            ? Rules.Pay(books, asked, day, paid.PaymentId, paid.PaidAt, paid.PaidAt, client.Answered, said => said == Paid(answer, shop))
            : Rules.Pay(books, asked, day, Guid.Empty, client.Sent, client.Answered, client.Answered, said => said == answer.Refusal.ToString());

    string Paid(Answer<Paid, PayRefusal> answer, Shop shop)
    {
        if (answer.Value is not { } paid)
            return answer.Refusal.ToString();
        if (town.Sales.All(s => s.Id != paid.PaymentId))
            town.Sales.Add(new Sale(paid.PaymentId, shop, paid.Amount.Value));
        return FormattableString.Invariant($"paid {paid.Amount} with {paid.Yen} yen and {paid.Points} points, earned {paid.PointsEarned}");
    }

    async Task<IReadOnlyList<Deed>> PayByCode()
    {
        var (who, shop, amount, most) = (Somebody, SomeShop, SomeAmount(), RandomSource.Next(2) * RandomSource.Next(1_000));
        var phone = new Client(world, who.Name);
        var shown = await phone.Ask(FormattableString.Invariant($"shows a code, at most {most} points"), node =>
            node.ShowCode.Run(who.Payer.MemberId, who.Session, most.Points()));
        if (shown.Value is not { } code)
            return [];
        if (RandomSource.Next(5) == 0)
            world.Loop.Clock.Pass(TimeSpan.FromSeconds(RandomSource.Next(290, 420)));
        Task<Deed> Scan(Shop at, long yen, string key, string order) => Take(who, at, phone, code, yen, most, key, order);
        var (key, order) = (NewKey(), NewKey());
        _old.Add(() => Scan(shop, amount, key, order));
        return RandomSource.Next(7) switch
        {
            0 => await Both(() => Scan(shop, amount, key, order), () => Scan(town.Shops[0], amount, NewKey(), NewKey())),
            1 => await Both(() => Scan(shop, amount, key, order), () => Scan(shop, amount, NewKey(), order)),
            2 => await Both(() => Scan(shop, amount, key, order), () => Scan(shop, amount + 1, NewKey(), order)),
            3 => [await Scan(shop, amount, key, order), await Scan(shop, amount, NewKey(), NewKey())],
            _ => [await Scan(shop, amount, key, order)],
        };
    }

    async Task<Deed> Take(Resident who, Shop shop, Client phone, ShownCode code, long amount, long most, string key, string order)
    {
        var till = new Client(world, shop.Store.Name);
        var scanned = RandomSource.Next(2) == 0 ? code.Digits : code.Qr;
        var answer = await till.Ask(FormattableString.Invariant($"takes {amount} by {who.Name}'s code, order {order}, key {key}"), node =>
            node.Take.Run(new TakeRequest(
            shop.Store.Id, shop.Till, scanned, amount.Yen(), order,
            [IdempotencyKey.Of(shop.Store.Id, key, "till payment", code.Digits, amount, order),
                TakePayment.OrderKey(shop.Store.Id, order, amount.Yen())])));
        var asked = new PayAsked(who.Id, shop.Store.Id, amount, most, AtMost: true, ["code " + code.Digits], order);
        Key[] keys = [new($"{shop.Store.Id} {key}") { Body = $"till {code.Digits} {amount} {order}" },
            new($"{shop.Store.Id} order {order}", KeepsRefusals: false) { Body = $"order {amount}" }];
        var life = TimeSpan.FromMinutes(5);
        return Told(till, $"{shop.Store.Name} takes {amount} by {who.Name}'s code, {key} {order}", [who.Id, Request.Campaign], keys, "", Paid(answer, shop),
            answer, answer.Value?.PaymentId, answer.Value?.PaidAt,
            (books, day) => answer.Refusal is PayRefusal.CodeExpired or PayRefusal.InvalidCode
                ? till.Answered >= phone.Sent + life ? (answer.Refusal.ToString(), books) : ("the code lives", books)
                : till.Sent >= phone.Answered + life ? ("the code has lapsed", books)
                : Decided(books, asked, day, answer, till, shop)) with
        {
            IsOfTheDoor = answer.Refusal is PayRefusal.CodeExpired or PayRefusal.InvalidCode,
        };
    }

    // --- everything else -----------------------------------------------------------------------------------------------------------

    async Task<IReadOnlyList<Deed>> Refund()
    {
        if (town.Sales.Count == 0)
            return await PayAtTag();
        var sale = town.Sales[RandomSource.Next(town.Sales.Count)];
        var amount = RandomSource.Next(5) switch
        {
            0 => sale.Amount,
            1 => sale.Amount + 1,
            2 => 1,
            _ => 1 + RandomSource.NextInt64(sale.Amount),
        };
        var (key, shop) = (NewKey(), RandomSource.Next(12) == 0 ? SomeShop : sale.Shop);
        Task<Deed> Send(string with, long yen) => Refund(sale, shop, yen, with);
        _old.Add(() => Send(key, amount));
        return RandomSource.Next(6) switch
        {
            0 => await Both(() => Send(key, amount), () => Send(key, amount)),
            1 => await Both(() => Send(key, amount), () => Send(NewKey(), amount)),
            2 => [await Send(key, amount), await Send(key, amount + 1)],
            _ => [await Send(key, amount)],
        };
    }

    async Task<Deed> Refund(Sale sale, Shop shop, long amount, string key)
    {
        var till = new Client(world, shop.Store.Name);
        var answer = await till.Ask(FormattableString.Invariant($"refunds {amount} of {sale.Amount}, key {key}"), node =>
            node.Refund.Run(new RefundRequest(
            new PaymentId(sale.Id), [shop.Store.Id], amount.Yen(), null, Initiator.Till(shop.Till), [
                IdempotencyKey.Of(shop.Store.Id, key, "refund", sale.Id, amount)])));
        return Told(till, $"{shop.Store.Name} refunds {amount} of {sale.Id}, {key}", [sale.Id], answer.Refusal == RefundRefusal.NotFound
            ? [] : [new Key($"{shop.Store.Id} {key}")], $"refund {sale.Id} {amount}",
            answer.Value is { } r ? FormattableString.Invariant(
                $"refunded {r.Amount} with {r.Yen} yen and {r.Points} points, took back {r.PointsTakenBack}") : answer.Refusal.ToString(),
            answer, answer.Value?.RefundId, answer.Value?.At,
            (books, day) => Rules.Refund(books, sale.Id, shop.Store.Id, amount, day, answer.Value?.RefundId ?? Guid.Empty)) with
        {
            IsOfTheDoor = answer.Refusal == RefundRefusal.NotFound,
        };
    }

    async Task<IReadOnlyList<Deed>> Transfer()
    {
        var (from, to, amount, key) = (Somebody, Somebody, Math.Min(100_001, SomeAmount()), NewKey());
        if (from.Id == to.Id)
            to = town.Residents[(town.Residents.IndexOf(from) + 1) % town.Residents.Count];
        Task<Deed> Send(Resident by, Resident who, string with) => Transfer(by, who, amount, with);
        _old.Add(() => Send(from, to, key));
        return RandomSource.Next(5) switch
        {
            0 => await Both(() => Send(from, to, key), () => Send(from, to, key)),
            1 => await Both(() => Send(from, to, key), () => Send(to, from, NewKey())),
            2 => await Both(() => Send(from, to, key), () => Send(from, to, NewKey())),
            _ => [await Send(from, to, key)],
        };
    }

    async Task<Deed> Transfer(Resident from, Resident to, long amount, string key)
    {
        var client = new Client(world, from.Name);
        var answer = await client.Ask(FormattableString.Invariant($"sends {amount} to {to.Name}, key {key}"), node =>
            node.Transfer.Run(new TransferRequest(
            from.Payer, to.Payer, amount.Yen(), null, Initiator.Member(from.Id), [
                IdempotencyKey.Of(from.Id, key, "transfer", to.Id, amount)])));
        return Told(client, $"{from.Name} sends {amount} to {to.Name}, {key}", [from.Id, to.Id], [new Key($"{from.Id} {key}")],
            $"transfer {to.Id} {amount}",
            answer.Value is { } t ? FormattableString.Invariant($"sent {t.Amount}, {t.Balance} left") : answer.Refusal.ToString(),
            answer, answer.Value?.TransferId, answer.Value?.At,
            (books, day) => Rules.Transfer(books, from.Id, to.Id, amount, day, answer.Value?.TransferId ?? Guid.Empty, client.Sent,
                client.Answered, said => said.StartsWith(answer.Accepted ? "sent" : answer.Refusal.ToString(), StringComparison.Ordinal))) with
        {
            IsOfTheDoor = answer.Refusal == TransferRefusal.TooManyRequests,
        };
    }

    async Task<IReadOnlyList<Deed>> Charge()
    {
        var (who, source, key) = (Somebody, (ChargeSource)(1 + RandomSource.Next(3)), NewKey());
        var amount = source switch
        {
            ChargeSource.Bank => RandomSource.Next(4) == 0 ? await ToTheBrim(who) : 500 + RandomSource.Next(120_000),
            ChargeSource.Card => 2_000 + RandomSource.Next(48_500),
            _ => 1_000L * (1 + RandomSource.Next(51)),
        };
        Task<Deed> Send(string with) => Charge(who, source, amount, with);
        _old.Add(() => Send(key));
        Deed[] deeds = RandomSource.Next(5) switch
        {
            0 => await Both(() => Send(key), () => Send(key)),
            1 => await Both(() => Send(key), () => Send(NewKey())),
            _ => [await Send(key)],
        };
        if (source == ChargeSource.Atm && deeds[0] is Request { Accepted: true } taken && RandomSource.Next(4) > 0)
        {
            var notes = RandomSource.Next(4) == 0 ? 1_000 : amount;
            world.Note(FormattableString.Invariant($"{who.Name} puts {notes} into the ATM: {(world.Outside.PutNotes(taken.Entry, notes.Yen()) ? "taken" : "not taken")}"));
        }
        return deeds;
    }

    /// <summary>What fills the wallet to its cap, or a little less or more: a cap that is off by little shows at its edge alone.</summary>
    async Task<long> ToTheBrim(Resident who)
    {
        var client = new Client(world, who.Name);
        var held = (await client.Ask("looks into the wallet", node => node.Balances.Of(who.Payer))).Balance.Value;
        return Math.Clamp(Rules.BalanceCap - held - 1_000 + RandomSource.Next(2_500), 500, 200_000);
    }

    async Task<Deed> Charge(Resident who, ChargeSource source, long amount, string key)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask(FormattableString.Invariant($"charges {amount} by {source}, key {key}"), node =>
            node.Charge.Run(new ChargeRequest(
            who.Payer, source, amount.Yen(), IdempotencyKey.Of(who.Id, key, "charge", source, amount))));
        return Told(client, $"{who.Name} charges {amount} by {source}, {key}", [who.Id], [new Key($"{who.Id} {key}")],
            $"charge {source} {amount}",
            answer.Accepted ? "taken on"
                : answer.Refusal.ToString(), answer, answer.Value?.ChargeId, answer.Value is null ? null
                : Id.TimeOf(answer.Value.ChargeId),
            (books, day) => Rules.Charge(books, who.Id, source.ToString(), amount, day, answer.Value?.ChargeId ?? Guid.Empty));
    }

    /// <summary>Money to begin with.</summary>
    public async Task<IReadOnlyList<Deed>> Deposit(Resident who, long amount)
    {
        var client = new Client(world, who.Name);
        var answer = await client.Ask(FormattableString.Invariant($"brings {amount}"), node => node.Deposit.Run(who.Payer.MemberId, amount.Yen()));
        var id = answer.Value!.ChargeId;
        return
        [
            Told(client, $"{who.Name} brings {amount}", [who.Id], [], "", "taken on", answer, id, null, (books, _) =>
                ("taken on", books.With(who.Id,
                books.Purses[who.Id] with { Pending = amount }) with { Charges = books.Charges.Add(
                    id, new Top(who.Id, "Bank", "Money", amount, 0, true)) })),
            new Settled(id, amount),
        ];
    }

    async Task<IReadOnlyList<Deed>> Grant()
    {
        var (who, points, key, client) = (Somebody, 1L + RandomSource.Next(500), NewKey(), new Client(world, "operator"));
        var term = JapanDay.Of(world.Times.Latest.AddDays(RandomSource.Next(400, 500))).Number;
        var answer = await client.Ask(FormattableString.Invariant($"gives {who.Name} {points} points to {term}, key {key}"), node =>
            node.Ledger.Post(new Grant(
            Id.New(node.Clock), node.Clock.Now(), who.Id, term, points, IdempotencyKey.Of(Chart.Operator, key, who.Id, term, points))));
        return
        [
            Told(client, $"{who.Name} is given {points} points", [who.Id], [new Key($"operator {key}")], "grant", "granted", answer,
                answer.Value?.EntryId, null, (books, _) =>
                ("granted", books.With(who.Id, books.Purses[who.Id].Lot(term, points).Write("Charge", [("Points", term, points)]))
                    .Add("PointLiability", -points))),
        ];
    }

    /// <summary>A request of long ago comes in once more.</summary>
    async Task<IReadOnlyList<Deed>> AskAgain() => _old.Count == 0 ? [] : [await _old[RandomSource.Next(_old.Count)]()];

    /// <summary>Two requests at once; on a calm day one after the other.</summary>
    async Task<Deed[]> Both(Func<Task<Deed>> one, Func<Task<Deed>> other) =>
        world.IsCalm ? [await one(), await other()] : await Task.WhenAll(one(), other());

    internal static Request Told<TValue, TRefusal>(
        Client client, string what,
        IReadOnlyList<object> parties, IReadOnlyList<Key> keys, string body, string said, Answer<TValue, TRefusal> answer, Guid? entry,
        DateTimeOffset? at,
        Func<Books, int, (string, Books)> rule)
        where TValue : class
        where TRefusal : struct, Enum =>
        new(what, [.. keys.Select(k => k.Body is null ? k with { Body = body } : k)], said, entry ?? Guid.Empty, answer.Accepted,
            answer.Replayed, client.Attempts,
            at is { } instant ? JapanDay.Of(instant).Number : null, client.Days, rule)
        {
            Parties = [.. parties.Select(p => p.ToString()!)],
        };
}
