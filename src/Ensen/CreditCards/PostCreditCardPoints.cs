using System.Data.Common;
using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.CreditCards;

/// <summary>What a run posted; points that were taken back are below 0.</summary>
[StoredAs("credit-card-points")]
public sealed record CreditCardPointsPosted(long Cards, PointAmount Points);

/// <summary>
/// Posts what the purchases of past months bring: of each card and month what they come to less what was posted before. So it can be run
/// twice, die half-way, or find a corrected file: then the difference is posted, and points that were given too many are taken back.
/// A month is looked at when a file of it was accepted since; in the first days of the next month, and after that at each run.
/// </summary>
public sealed class PostCreditCardPoints(
    Database db, GeneralLedger ledger, Programme programme, TimeProvider clock, ILogger<PostCreditCardPoints> log)
{
    public const string JobName = "credit card points";

    const int AtOnce = 1_024;
    const int MostTries = 10;

    /// <summary>Cards that are looked at together.</summary>
    internal int Page { get; init; } = 5_000;

    public async Task<CreditCardPointsPosted> Run(CancellationToken ct = default)
    {
        var total = new CreditCardPointsPosted(0, PointAmount.Zero);
        foreach (var (month, version) in await Due(ct))
        {
            var (posted, isWhole) = await Post(month, await RulesOf(month, ct), ct);
            // A file that was accepted meanwhile has made the version another one, and the month is looked at again.
            if (isWhole)
                await db.Transact(tx => tx.Connection!.ExecuteAsync(
                    "update purchase_month set posted_version = @version where month = @month", new { month, version }, tx), ct);
            if (posted.Cards > 0)
                log.LogInformation(
                    "{Month}: {Points} points for purchases by {Cards} credit cards posted", month, posted.Points, posted.Cards);
            total = new CreditCardPointsPosted(total.Cards + posted.Cards, total.Points + posted.Points);
        }
        return total;
    }

    async Task<IReadOnlyList<(int Month, long Version)>> Due(CancellationToken ct)
    {
        var today = JapanDay.Of(clock.GetUtcNow());
        var first = new DateOnly(today.Date.Year, today.Date.Month, 1);
        var until = new JapanDay(first.AddMonths(today.Date.Day >= programme.CreditCards.PostsOnDay ? -1 : -2)).Month;
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<(int, long)>(
            """
            select month, read_version
            from purchase_month
            where month <= @until and read_version <> posted_version
            order by month
            limit 1000
            """,
            new { until })).AsList();
    }

    /// <summary>The rules of the month, kept from its first run on.</summary>
    Task<PurchaseRules> RulesOf(int month, CancellationToken ct) => db.Transact(async tx =>
        JsonSerializer.Deserialize((await tx.Connection!.ExecuteScalarAsync<string>(
            "update purchase_month set rules = coalesce(rules, @now) where month = @month returning rules",
            new { month, now = JsonSerializer.Serialize(PurchaseRules.Of(programme), PurchaseJson.Default.PurchaseRules) }, tx))!,
            PurchaseJson.Default.PurchaseRules)!, ct);

    async Task<(CreditCardPointsPosted Posted, bool IsWhole)> Post(int month, PurchaseRules rules, CancellationToken ct)
    {
        var (cards, points, isWhole) = (0L, PointAmount.Zero, true);
        var underWay = new Queue<(CreditCard Link, Task<Answer<CreditCardPointsPosted, PostCreditCardPointsRefusal>> Answer)>();
        // A member's postings follow each other: of whoever has two cards the second one waits for the first.
        var (members, later) = (new HashSet<MemberId>(), new List<CreditCard>());
        for (Guid? after = Guid.Empty; after is { } from;)
        {
            List<CreditCardPointsDraft> drafts;
            await using (var connection = await db.Connect(ct))
                (drafts, after) = await NextPage(connection, month, rules, from);
            foreach (var draft in drafts)
                if (members.Add(draft.Link.Member))
                {
                    if (underWay.Count == AtOnce)
                        await Count();
                    underWay.Enqueue((draft.Link, ledger.Post(draft, ct)));
                }
                else
                    later.Add(draft.Link);
        }
        while (underWay.Count > 0)
            await Count();
        foreach (var link in later)
            if (await PostOne(month, rules, link, ct) is { } posted)
                (cards, points) = (cards + posted.Cards, points + posted.Points);
            else
                isWhole = false;
        return (new CreditCardPointsPosted(cards, points), isWhole);

        async Task Count()
        {
            var (link, posting) = underWay.Dequeue();
            var answer = await posting;
            if (answer.Refusal == PostCreditCardPointsRefusal.AlreadyPosted)
                later.Add(link);
            if (!answer.Accepted)
                return;
            cards++;
            points += answer.Value.Points;
        }
    }

    /// <summary>One link's month, read afresh each time that somebody else posted for its member first; null when that goes on.</summary>
    async Task<CreditCardPointsPosted?> PostOne(int month, PurchaseRules rules, CreditCard link, CancellationToken ct)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await using var connection = await db.Connect(ct);
            var draft = (await Drafts(connection, month, rules, new Stretch(month, link.Card, link.Card, link.Card)))
                .Find(d => d.Link.Id == link.Id);
            if (draft is null)
                return new CreditCardPointsPosted(0, PointAmount.Zero);
            var answer = await ledger.Post(draft, ct);
            if (answer.Refusal != PostCreditCardPointsRefusal.AlreadyPosted)
                return answer.Value ?? new CreditCardPointsPosted(0, PointAmount.Zero);
        }
        return null;
    }

    async Task<(List<CreditCardPointsDraft> Drafts, Guid? Next)> NextPage(
        DbConnection connection, int month, PurchaseRules rules, Guid after)
    {
        var cards = (await connection.QueryAsync<Guid>(
            "select distinct card from credit_card where card > @after order by card limit @Page", new { after, Page })).AsList();
        return cards.Count == 0 ? ([], null)
            : (await Drafts(connection, month, rules, new Stretch(month, after, cards[^1], Guid.Empty)), cards[^1]);
    }

    /// <summary>The cards after one up to another, and one of its own.</summary>
    sealed record Stretch(int Month, Guid After, Guid Last, Guid One);

    /// <summary>What is to be posted for these cards: how much more, or less, their items bring than was posted.</summary>
    async Task<List<CreditCardPointsDraft>> Drafts(DbConnection connection, int month, PurchaseRules rules, Stretch of)
    {
        // The order matters. Whoever posts for a member after this line takes the number that is next here, so that this one is refused;
        // and whatever was posted before it was made of files that are seen below.
        var heads = new Dictionary<MemberId, (long Number, long Owed)>();
        foreach (var (member, number, owed) in await connection.QueryAsync<(MemberId, long, long)>(
            """
            select p.member, p.number, p.owed
            from credit_card_points p
            where p.member in (select c.member from credit_card c where c.card > @After and c.card <= @Last or c.card = @One)
            """, of))
            if (number > heads.GetValueOrDefault(member).Number)
                heads[member] = (number, owed);
        var links = await LinkedCreditCards.Links.Between(connection, of.After, of.Last);
        if (of.One != Guid.Empty)
            links = await LinkedCreditCards.Links.OfCard(connection, of.One);
        var byCard = links.GroupBy(l => l.Card).ToDictionary(g => g.Key, IReadOnlyList<CreditCard> (g) => [.. g]);
        var known = await PurchaseMonth.Open(connection, month);
        var counted = (await known.Between(connection, of.After, of.Last)).Select(i => i.Purchase)
            .Where(p => byCard.ContainsKey(p.Card)).Select(p => (Purchase: p, Link: PurchaseLinks.LinkOf(p, byCard[p.Card])))
            .Where(p => p.Link is not null).ToLookup(p => p.Link!.Id, p => p.Purchase);
        var posted = (await connection.QueryAsync<(CreditCardId Link, long Change, long FirstMs, long LastMs)>(
            """
            select credit_card, cast(sum(change_points) as bigint), min(at_ms), max(at_ms)
            from credit_card_points
            where month = @Month and (card > @After and card <= @Last or card = @One)
            group by credit_card
            """, of)).ToDictionary(p => p.Link);
        var now = clock.Now();
        var drafts = new List<CreditCardPointsDraft>();
        foreach (var link in links)
        {
            var before = posted.GetValueOrDefault(link.Id);
            var change = rules.Total(counted[link.Id]).Value - before.Change;
            if (change == 0)
                continue;
            var (number, owed) = heads.GetValueOrDefault(link.Member);
            drafts.Add(new CreditCardPointsDraft(link, month, number + 1, new PointAmount(change), new PointAmount(owed),
                [.. new[] { before.FirstMs, before.LastMs }.Where(ms => ms > 0).Select(Instant.OfMilliseconds)],
                Id.New<EntryId>(now, link.Member), now));
        }
        return drafts;
    }
}
