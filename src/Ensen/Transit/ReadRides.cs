using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Transit;

/// <summary>A line that is no ride, and why.</summary>
public sealed record RefusedLine(long Line, string Text, RideFault Fault);

/// <summary>What became of a delivery: each line is a new ride, one that was known, or refused and listed.</summary>
/// <param name="Shown">The first of the refused lines.</param>
public sealed record RidesRead(RideFeedId Feed, long Lines, long Accepted, long Duplicates, long Refused, IReadOnlyList<RefusedLine> Shown);

/// <summary>
/// Takes rides in, by file or by API, in any order and as often as they come: a ride is kept once, of any card, linked or not. One that is
/// told anew with another time, station or fare is kept beside the first; <see cref="RideVersions"/> says which stands. What cannot be read
/// is listed with its line and why. A delivery that broke off is delivered again.
/// </summary>
public sealed class ReadRides(Database db, CardKeys keys, Programme programme, TimeProvider clock)
{
    const int AtOnce = 10_000;
    const int MostShown = 100;
    const int LongestText = 500;
    const int LongestName = 100;

    public Task<RidesRead> File(string name, TextReader file, CancellationToken ct = default) => Run(name, RideFile.Read(file, ct), ct);

    public Task<RidesRead> Run(string name, IEnumerable<FedRide> rides, CancellationToken ct = default) =>
        Run(name, rides.ToAsyncEnumerable(), ct);

    async Task<RidesRead> Run(string name, IAsyncEnumerable<FedRide> rides, CancellationToken ct)
    {
        var now = clock.Now();
        var feed = Id.New<RideFeedId>(now);
        await db.Transact(tx => Begin(tx, feed, FileName.Kept(name, LongestName), now), ct);
        var reader = new RideReader(keys, programme.Transit, now);
        var (total, part) = (new RidesRead(feed, 0, 0, 0, 0, []), new Part());
        var writing = Task.FromResult(total);
        await foreach (var fed in rides.WithCancellation(ct))
        {
            part.Add(fed, reader);
            if (part.Lines < AtOnce)
                continue;
            // While one part is written the next one is read.
            total = await writing;
            var (full, so) = (part, total);
            writing = Task.Run(() => Write(feed, full, so, ct), ct);
            part = new Part();
        }
        total = await Write(feed, part, await writing, ct);
        await db.Transact(tx => tx.Connection!.ExecuteAsync(
            "update ride_feed set ended_ms = @now where id = @feed", new { feed, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);
        return total;
    }

    static Task Begin(DbTransaction tx, RideFeedId feed, string name, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        "insert into ride_feed (id, name, at_ms, lines, accepted, duplicates, refused) values (@feed, @name, @at, 0, 0, 0, 0)",
        new { feed, name, at = now.ToUnixTimeMilliseconds() }, tx);

    /// <summary>One part, in one transaction: the rides, the lines that are none, and what it comes to so far.</summary>
    Task<RidesRead> Write(RideFeedId feed, Part part, RidesRead before, CancellationToken ct) => db.Transact(async tx =>
    {
        var fares = await RideStore.Insert(tx, feed, part.Rides, ct);
        var refused = part.Refused.ToList();
        foreach (var (ride, fed) in part.Seen)
            if (fares.TryGetValue(ride.Id, out var fare) && fare != ride.Fare)
                refused.Add(new RefusedLine(fed.Line, Part.Masked(fed), RideFault.OtherFare));
        refused.Sort((a, b) => a.Line.CompareTo(b.Line));
        foreach (var line in refused)
            await tx.Connection!.ExecuteAsync(
                "insert into ride_refused (feed, line, text, fault) values (@feed, @Line, @Text, @fault) on conflict (feed, line) do nothing",
                new { feed, line.Line, line.Text, fault = (short)line.Fault }, tx);
        var accepted = part.Rides.Count - fares.Count;
        foreach (var month in part.Rides.Where(r => !fares.ContainsKey(r.Id)).Select(r => r.Month).Distinct().Order())
            await tx.Connection!.ExecuteAsync(
                """
                insert into ride_month as m (month, read_version, posted_version)
                values (@month, 1, 0)
                on conflict (month) do update set read_version = m.read_version + 1
                """, new { month }, tx);
        var total = new RidesRead(
            feed, before.Lines + part.Lines, before.Accepted + accepted, before.Duplicates + part.Lines - accepted - refused.Count,
            before.Refused + refused.Count, [.. before.Shown, .. refused.Take(MostShown - before.Shown.Count)]);
        await tx.Connection!.ExecuteAsync(
            "update ride_feed set lines = @Lines, accepted = @Accepted, duplicates = @Duplicates, refused = @Refused where id = @feed",
            new { feed, total.Lines, total.Accepted, total.Duplicates, total.Refused }, tx);
        return total;
    }, ct);

    /// <summary>Lines that are written together. A ride that stands in it twice is in it once.</summary>
    sealed class Part
    {
        readonly Dictionary<Guid, long> _fares = new(AtOnce);

        public int Lines { get; private set; }
        public List<Ride> Rides { get; } = new(AtOnce);
        public List<(Ride Ride, FedRide Fed)> Seen { get; } = new(AtOnce);
        public List<RefusedLine> Refused { get; } = [];

        public void Add(FedRide fed, RideReader reader)
        {
            Lines++;
            var (ride, fault) = reader.Read(fed);
            if (ride is not null && !_fares.TryAdd(ride.Id, ride.Fare))
                (fault, ride) = (_fares[ride.Id] == ride.Fare ? RideFault.None : RideFault.OtherFare, null);
            else if (ride is not null)
            {
                Rides.Add(ride);
                Seen.Add((ride, fed));
            }
            if (fault != RideFault.None)
                Refused.Add(new RefusedLine(fed.Line, Masked(fed), fault));
        }

        /// <summary>The line without the card's number, which is kept nowhere.</summary>
        public static string Masked(FedRide fed)
        {
            var text = fed.Text.Length > 0 ? fed.Text : string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{fed.Card},{fed.From},{fed.To},{fed.Fare},{fed.InAt:O},{fed.OutAt:O}");
            if (fed.Card is { Length: > 4 } card)
                text = text.Replace(card, $"****{card[^4..]}", StringComparison.Ordinal);
            text = string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
            return text.Length > LongestText ? text[..LongestText] : text;
        }
    }
}
