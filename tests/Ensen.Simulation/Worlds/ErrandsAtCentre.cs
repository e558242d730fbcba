using System.Text;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Simulation.Audit;
using Ensen.Storage;

namespace Ensen.Simulation.Worlds;

/// <summary>The shopping centre of the town, with its one point till.</summary>
sealed record PointTill(CentreId Centre, PointTillId Id)
{
    /// <summary>The receipts that were asked about, whatever was answered.</summary>
    public List<string> Receipts { get; } = [];
}

/// <summary>What happens at the point till: points are given and spent, receipts cancelled and asked about, files brought in.</summary>
sealed partial class Errands
{
    int _receipts;

    string NewReceipt()
    {
        var receipt = FormattableString.Invariant($"r{++_receipts}");
        town.PointTill.Receipts.Add(receipt);
        return receipt;
    }

    Task<IReadOnlyList<Deed>> AtTheCentre() => RandomSource.Next(town.PointTill.Receipts.Count == 0 ? 5 : 9) switch
    {
        < 2 => AwardPoints(),
        < 4 => SpendPoints(),
        4 => BringFile(),
        < 8 => CancelReceipt(),
        _ => AskAboutReceipt(),
    };

    async Task<IReadOnlyList<Deed>> AwardPoints()
    {
        var (who, amount, key) = (Somebody, 110 + RandomSource.Next(20_000), NewKey());
        var receipt = town.PointTill.Receipts.Count > 0 && RandomSource.Next(6) == 0
            ? town.PointTill.Receipts[RandomSource.Next(town.PointTill.Receipts.Count)] : NewReceipt();
        var code = await new Client(world, who.Name).Ask("looks at the own number", node => node.Get<MemberCodes>().Of(who.Payer.MemberId));
        Task<Deed> Send(long yen, string with) => Award(who, code, yen, receipt, with);
        _old.Add(() => Send(amount, key));
        return RandomSource.Next(6) switch
        {
            0 => await Both(() => Send(amount, key), () => Send(amount, key)),
            1 => await Both(() => Send(amount, key), () => Send(amount, NewKey())),
            2 => await Both(() => Send(amount, key), () => Send(amount + 110, NewKey())),
            _ => [await Send(amount, key)],
        };
    }

    async Task<Deed> Award(Resident who, string code, long amount, string receipt, string key)
    {
        var (till, at) = (new Client(world, "centre"), town.PointTill);
        var answer = await till.Ask($"gives {who.Name} points for {amount}, receipt {receipt}, key {key}", node =>
            node.Get<AwardPoints>().Run(new AwardRequest(at.Centre, at.Id, code, amount.Yen(), receipt,
                [IdempotencyKey.Of(at.Centre, key, "point award", code, amount, receipt)])));
        return Told(till, $"{who.Name} is given points for {amount}, {receipt} {key}", [who.Id, "receipt " + receipt, Request.Campaign],
            [new Key($"centre {key}")], $"award {who.Id} {amount} {receipt}",
            answer.Value is { } a ? FormattableString.Invariant($"awarded {a.Points}, {a.Balance} to spend") : answer.Refusal.ToString(),
            answer, null, answer.Value?.At, (books, day) => Rules.Award(books, who.Id, receipt, amount, day)) with
        {
            MayRepeat = true,
            IsOfTheDoor = answer.Refusal == AwardRefusal.OrderConflict,
        };
    }

    async Task<IReadOnlyList<Deed>> SpendPoints()
    {
        var (who, points, key, receipt) = (Somebody, 1L + RandomSource.Next(400), NewKey(), NewReceipt());
        var phone = new Client(world, who.Name);
        var shown = await phone.Ask("shows a code at the centre", node => node.ShowCode.Run(who.Payer.MemberId, who.Session));
        if (shown.Value is not { } code)
            return [];
        Task<Deed> Send(long spent, string on, string with) => Spend(who, phone, code.Digits, spent, on, with);
        _old.Add(() => Send(points, receipt, key));
        return RandomSource.Next(7) switch
        {
            6 => [await Send(points, receipt, key), .. await CancelReceipt(receipt)],
            0 => await Both(() => Send(points, receipt, key), () => Send(points, receipt, key)),
            1 => await Both(() => Send(points, receipt, key), () => Send(points, NewReceipt(), NewKey())),
            2 => await Both(() => Send(points, receipt, key), () => Send(points, receipt, NewKey())),
            _ => [await Send(points, receipt, key)],
        };
    }

    async Task<Deed> Spend(Resident who, Client phone, string code, long points, string receipt, string key)
    {
        var (till, at, life) = (new Client(world, "centre"), town.PointTill, TimeSpan.FromMinutes(5));
        var answer = await till.Ask($"takes {points} points of {who.Name}, receipt {receipt}, key {key}", node =>
            node.Get<SpendPoints>().Run(new SpendRequest(at.Centre, at.Id, code, points.Points(), receipt,
                [IdempotencyKey.Of(at.Centre, key, "point spending", code, points, receipt)])));
        var said = answer.Value is { } s ? FormattableString.Invariant($"spent {s.Points}, {s.Balance} to spend")
            : answer.Refusal.ToString();
        var isLapsed = answer.Refusal is SpendRefusal.CodeExpired or SpendRefusal.InvalidCode;
        return Told(till, $"{who.Name} spends {points} at the centre, {receipt} {key}", [who.Id, "code " + code, "receipt " + receipt],
            [new Key($"centre {key}")], $"spending {who.Id} {points} {receipt}", said, answer, null, answer.Value?.At,
            (books, day) => isLapsed ? (till.Answered >= phone.Sent + life ? said : "the code lives", books)
                : Rules.AtSomeMoment(books, who.Id, till.Sent, till.Answered, till.Answered,
                    b => Rules.Spend(b, who.Id, "code " + code, receipt, points, day), s => s == said)) with
        {
            MayRepeat = true,
            IsOfTheDoor = isLapsed || answer.Refusal == SpendRefusal.OrderConflict,
        };
    }

    Task<IReadOnlyList<Deed>> CancelReceipt() =>
        CancelReceipt(town.PointTill.Receipts[RandomSource.Next(town.PointTill.Receipts.Count)]);

    async Task<IReadOnlyList<Deed>> CancelReceipt(string receipt)
    {
        var key = NewKey();
        Task<Deed> Send(string with) => Cancel(receipt, with);
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Send(key), () => Send(NewKey())),
            1 => await Both(() => Send(key), () => Send(key)),
            _ => [await Send(key)],
        };
    }

    async Task<Deed> Cancel(string receipt, string key)
    {
        var (till, at) = (new Client(world, "centre"), town.PointTill);
        var answer = await till.Ask($"cancels receipt {receipt}, key {key}", node => node.Get<CancelPoints>().Run(
            new CancelRequest(at.Centre, at.Id, receipt, [IdempotencyKey.Of(at.Centre, key, "point cancellation", receipt)])));
        return Told(till, $"receipt {receipt} is cancelled, {key}", ["receipt " + receipt], [new Key($"centre {key}")],
            $"cancellation {receipt}",
            answer.Value is { } c ? FormattableString.Invariant($"cancelled {c.Points}, {c.Withheld} withheld, {c.Balance} to spend")
                : answer.Refusal.ToString(),
            answer, null, null, (books, day) => Rules.Cancel(books, receipt, day)) with
        {
            MayRepeat = true,
            IsOfTheDoor = answer.Refusal == CancelPointsRefusal.NotFound,
        };
    }

    async Task<IReadOnlyList<Deed>> AskAboutReceipt()
    {
        var receipt = town.PointTill.Receipts[RandomSource.Next(town.PointTill.Receipts.Count)];
        var found = await new Client(world, "centre").Ask($"asks about receipt {receipt}", node =>
            node.Get<PointReceipts>().Find(town.PointTill.Centre, receipt));
        return [new Enquired(receipt, found is null ? "unknown" : FormattableString.Invariant(
            $"{(found.Award is not null ? "award" : "spending")} {found.Points}, cancelled: {found.Cancellation is not null}"))];
    }

    /// <summary>
    /// The till was offline and brings what it noted in a file: once, twice, twice at once, or then with one line changed; now and then its
    /// end is missing.
    /// </summary>
    async Task<IReadOnlyList<Deed>> BringFile()
    {
        var lines = new List<FileLine>();
        var codes = new Dictionary<Guid, string>();
        for (var n = 1 + RandomSource.Next(3); n > 0; n--)
        {
            var who = Somebody;
            codes[who.Id] = await new Client(world, who.Name).Ask("looks at the own number", node =>
                node.Get<MemberCodes>().Of(who.Payer.MemberId));
            lines.Add(new FileLine(who.Id, 110 + RandomSource.Next(5_000), NewReceipt()));
        }
        Task<IReadOnlyList<Deed>> Send(IReadOnlyList<FileLine> some, bool isWhole = true) => Bring(some, codes, isWhole);
        switch (RandomSource.Next(6))
        {
            case 0:
                return [.. await Send(lines), .. await Send(lines)];
            case 1 when !world.IsCalm:
                return [.. (await Task.WhenAll(Send(lines), Send(lines))).SelectMany(d => d)];
            case 2:
                return [.. await Send(lines), .. await Send([lines[0] with { Amount = lines[0].Amount + 110 }, .. lines[1..]])];
            case 3:
                return [.. await Send(lines, isWhole: false), .. await Send(lines)];
            default:
                return await Send(lines);
        }
    }

    async Task<IReadOnlyList<Deed>> Bring(IReadOnlyList<FileLine> lines, Dictionary<Guid, string> codes, bool isWhole)
    {
        var (till, at) = (new Client(world, "centre"), town.PointTill);
        var text = new StringBuilder("code,amount,receipt\n");
        foreach (var line in lines)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{codes[line.Member]},{line.Amount},{line.Receipt}\n");
        if (isWhole)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"total,{lines.Sum(l => l.Amount)},{lines.Count}\n");
        var file = $"file of {string.Join(' ', lines.Select(l => $"{l.Receipt}:{l.Amount}"))}{(isWhole ? "" : ", cut")}";
        var answer = await till.Ask($"brings a {file}", node =>
            node.Get<TakePointFile>().Run(at.Centre, at.Id, Encoding.UTF8.GetBytes(text.ToString())));
        var said = answer.Refused.Count > 0 ? "refused" : FormattableString.Invariant($"took {answer.Accepted}");
        return said == "refused" ? [new FileTaken(file, lines, isWhole, said)]
            : [new FileTaken(file, lines, isWhole, said), .. lines.Select(l => new LineBooked(file, l, till.Days))];
    }
}
