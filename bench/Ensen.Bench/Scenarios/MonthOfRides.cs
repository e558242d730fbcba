using System.Globalization;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Cards that are linked, and a file of their rides of last month: in no order, one line in a hundred a second time, one in a thousand
/// nonsense.
/// </summary>
sealed class MonthOfRides
{
    static readonly string[] s_stations = ["大阪", "京橋", "鶴橋", "天王寺", "西九条", "三ノ宮"];

    readonly JapanDay _first;
    readonly TransitCard[] _cards;

    public MonthOfRides(int cards)
    {
        _first = ServiceDay.FirstOf(ServiceDay.Before(ServiceDay.Of(TimeProvider.System.GetUtcNow(), new TransitRules()).Month));
        var from = _first.Start;
        _cards = [.. Enumerable.Range(0, cards).Select(card => new TransitCard(
            Id.New<TransitCardId>(from), Id.New<MemberId>(TimeProvider.System), Keys.Of(Number(card)), "0000",
            from.ToUnixTimeMilliseconds(), from.ToUnixTimeMilliseconds(), null, "bench", TransitCardForm.Mobile, long.MaxValue, false))];
    }

    /// <summary>The same in every process of the bench, so that each knows the others' cards.</summary>
    public static CardKeys Keys { get; } = new(new byte[CardKeys.KeyBytes]);

    public async Task Link(Database db, CancellationToken ct)
    {
        foreach (var part in _cards.Chunk(2_000))
            await db.Transact(async tx =>
            {
                foreach (var card in part)
                    await TransitCards.Links.Add(tx, card);
            }, ct);
    }

    public async Task Write(string path, int rides, CancellationToken ct)
    {
        var random = new Random(2_026);
        var days = DateTime.DaysInMonth(_first.Date.Year, _first.Date.Month);
        await using var file = new StreamWriter(path);
        var before = "";
        for (var n = 0; n < rides; n++)
        {
            ct.ThrowIfCancellationRequested();
            if (n % 1_000 == 500)
            {
                await file.WriteLineAsync("nonsense,;?");
                continue;
            }
            if (n % 100 == 50)
            {
                await file.WriteLineAsync(before);
                continue;
            }
            var at = _first.Start.AddDays(random.Next(days)).AddSeconds(random.Next(5 * 3_600, 24 * 3_600));
            var from = random.Next(s_stations.Length);
            var to = (from + 1 + random.Next(s_stations.Length - 1)) % s_stations.Length;
            var (card, fare) = (Number(random.Next(_cards.Length)), random.Next(14, 60) * 10);
            before = string.Create(CultureInfo.InvariantCulture,
                $"{card},{s_stations[from]},{s_stations[to]},{fare},{Said(at)},{Said(at.AddMinutes(25))}");
            await file.WriteLineAsync(before);
        }
    }

    static string Number(int card) => string.Create(CultureInfo.InvariantCulture, $"JW{card:000000000000000}");

    static string Said(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
