using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.CreditCards;

/// <summary>A month's purchases of a member's cards, the latest first, with what each brings.</summary>
/// <param name="Points">What they come to by the rule.</param>
/// <param name="Posted">How much of it was given, less what was taken back.</param>
/// <param name="Owed">What was given too many and not there to take back: the next purchases make up for it first. Of all months.</param>
public sealed record CreditCardMonth(
    int Month, IReadOnlyList<MemberPurchase> Purchases, PointAmount Points, PointAmount Posted, PointAmount Owed);

/// <summary>A purchase by a card.</summary>
public sealed record MemberPurchase(CreditCard Card, JudgedPurchase Judged);

/// <summary>Reads a member's credit cards and their purchases, and explains these by the very rule that posts the points.</summary>
public sealed class OwnCreditCards(Database db, Programme programme)
{
    public async Task<IReadOnlyList<CreditCard>> Of(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await LinkedCreditCards.Links.Of(connection, member);
    }

    /// <param name="month">yyyymm.</param>
    public async Task<CreditCardMonth> Month(MemberId member, int month, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        var text = await connection.QuerySingleOrDefaultAsync<string?>(
            "select rules from purchase_month where month = @month", new { month });
        var rules = text is null ? PurchaseRules.Of(programme) : JsonSerializer.Deserialize(text, PurchaseJson.Default.PurchaseRules)!;
        var known = await PurchaseMonth.Open(connection, month);
        var purchases = new List<MemberPurchase>();
        foreach (var card in (await LinkedCreditCards.Links.Ever(connection, member)).Select(c => c.Card).Distinct())
        {
            var links = await LinkedCreditCards.Links.OfCard(connection, card);
            foreach (var of in (await known.Between(connection, card, card)).Select(i => i.Purchase)
                .GroupBy(p => PurchaseLinks.LinkOf(p, links)).Where(g => g.Key?.Member == member))
                purchases.AddRange(rules.Judge(of).Select(j => new MemberPurchase(of.Key!, j)));
        }
        var posted = await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(points), 0) as bigint) from credit_card_points where member = @member and month = @month",
            new { member, month });
        var owed = await connection.QueryFirstOrDefaultAsync<long?>(
            "select owed from credit_card_points where member = @member order by number desc limit 1", new { member }) ?? 0;
        return new CreditCardMonth(month, [.. purchases.OrderByDescending(p => p.Judged.Purchase.AtMs).ThenBy(p => p.Judged.Purchase.Item)],
            new PointAmount(purchases.Sum(p => p.Judged.Points.Value)), new PointAmount(posted), new PointAmount(owed));
    }
}
