using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.CreditCards;
using Ensen.Sandbox.Gateways;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary><paramref name="Card"/>: the id of a card for which another token is wanted; without it, it is a new one.</summary>
sealed record SandboxCreditCardBody(string? Card = null);

/// <summary><paramref name="LinkToken"/> links the card once. <paramref name="Id"/> names it to this sandbox.</summary>
sealed record SandboxCreditCardAnswer(string LinkToken, string Id, string Brand, string LastFour);

/// <summary>
/// <paramref name="Amount"/> below 0 is given back, 0 withdrawn. <paramref name="At"/>: an instant with its offset.
/// <paramref name="Id"/>: of an item that is to be corrected later; without it the same item again is known.
/// </summary>
sealed record SandboxPurchaseBody(
    [property: JsonConverter(typeof(WholeAmount))] long Amount, string? At, bool TransitCharge = false, string? Id = null);

/// <summary>
/// <paramref name="Month"/>: 2026-11. <paramref name="Edition"/>: where two files name one item, the higher one is right; without it, it is
/// the next one of the month where an item has an id, and otherwise the first.
/// </summary>
[MostBytes(8 * 1024 * 1024)]
sealed record SandboxPurchasesBody(string Month, IReadOnlyList<SandboxPurchaseBody> Items, int? Edition = null);

/// <summary><paramref name="Line"/>: which of the items, from 1.</summary>
sealed record SandboxPurchaseRefused(int Line, string Code);

/// <summary>
/// The file is taken whole or not at all. <paramref name="Accepted"/>: items in it; <paramref name="Fresh"/>: those that were new,
/// <paramref name="Corrected"/>: those that now say something else; <paramref name="Duplicates"/> were known.
/// </summary>
sealed record SandboxPurchasesAnswer(
    string FileId, long Accepted, long Fresh, long Corrected, long Duplicates, IReadOnlyList<SandboxPurchaseRefused> Refused);

/// <summary>Plays the company of credit cards: its cards, and the files of what was bought with them.</summary>
sealed class SandboxCreditCardsApi(SandboxGateways world, TakePurchaseFile take, PurchaseFiles files)
{
    const int HeaderLines = 1;

    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxCreditCardBody, SandboxCreditCardAnswer>(
            "/credit-cards",
            new("makeCreditCard", "A credit card, and a token that links it once; with a card's id another token for that card.",
                Makes: true, new JsonObject { ["card"] = null }),
            async (context, asked, ct) => await Of(context).Issue(asked, ct));
        api.Post<SandboxPurchasesBody, SandboxPurchasesAnswer>(
            "/credit-cards/{id}/purchases",
            new("feedPurchases", "A file of what was bought with a card in a month, taken whole or not at all and as often as it comes. "
                + "The card is named by the id that it was made with, by a link token of it, or by the id of its link.",
                Example: new JsonObject
                {
                    ["month"] = "2026-04",
                    ["items"] = new JsonArray(
                        new JsonObject { ["amount"] = 12_800, ["at"] = "2026-04-01T12:00:00+09:00" },
                        new JsonObject { ["amount"] = 3_000, ["at"] = "2026-04-02T08:00:00+09:00", ["transitCharge"] = true }),
                }),
            async (context, asked, ct) =>
                await Of(context).Feed((string)context.GetRouteValue("id")!, asked, ct));
    }

    static SandboxCreditCardsApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxCreditCardsApi>();

    async Task<SandboxAnswer<SandboxCreditCardAnswer>> Issue(SandboxCreditCardBody asked, CancellationToken ct)
    {
        if (asked.Card is { } id && await world.CreditCards.Find(id, ct) is null)
            return new(null, "not_found");
        var card = asked.Card is { } another ? await world.CreditCards.Issue((await world.CreditCards.Find(another, ct))!, ct)
            : await world.CreditCards.Issue(ct);
        return new(new SandboxCreditCardAnswer(card.LinkToken, card.Reference, card.Brand, card.LastFour));
    }

    async Task<SandboxAnswer<SandboxPurchasesAnswer>> Feed(string id, SandboxPurchasesBody asked, CancellationToken ct)
    {
        if (!DateOnly.TryParseExact(asked.Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            || asked.Items is not { Count: > 0 } items || items.Any(i => i is null)
            || asked.Edition is <= 0)
            return new(null, "invalid_request");
        if (await world.CreditCards.Find(id, ct) is not { } card)
            return new(null, "not_found");
        var month = int.Parse(asked.Month.Remove(4, 1), CultureInfo.InvariantCulture);
        var edition = asked.Edition ?? (items.Any(i => i.Id is not null) ? 1 + await files.LatestEdition(month, ct) : 1);
        var file = await take.Run($"sandbox {asked.Month}", Encoding.UTF8.GetBytes(Text(card, asked.Month, edition, items)), ct);
        return new(new SandboxPurchasesAnswer(file.Id.ToString(), file.Accepted, file.Refused.Count > 0 ? 0 : file.Fresh,
            file.Refused.Count > 0 ? 0 : file.Corrected, file.Refused.Count > 0 ? 0 : file.Lines - file.Fresh - file.Corrected,
            [.. file.Refused.Select(r => new SandboxPurchaseRefused(
                r.Line - HeaderLines, JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Fault.ToString())))]));
    }

    /// <summary>The file as the company sends it. An item without an id is known by what it says, and by how often it says so.</summary>
    internal static string Text(string card, string month, int edition, IEnumerable<SandboxPurchaseBody> items)
    {
        var (text, sum, count, seen) = (new StringBuilder("card,item,at,amount,kind\n"), 0L, 0, new Dictionary<string, int>());
        foreach (var item in items)
        {
            var kind = item.TransitCharge ? "transit" : "purchase";
            var says = string.Create(CultureInfo.InvariantCulture, $"{Plain(item.At)},{item.Amount},{kind}");
            var nth = seen[says] = seen.GetValueOrDefault(says) + 1;
            var id = item.Id is { } own ? Plain(own)
                : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{says} {nth}")))[..24];
            text.Append(CultureInfo.InvariantCulture, $"{card},{id},{says}\n");
            (sum, count) = (unchecked(sum + item.Amount), count + 1);
        }
        // What would break the line is left to the reader to refuse.
        static string Plain(string? field) => string.Concat(
            (field ?? "").Select(c => c is ',' || char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

        return text.Append(CultureInfo.InvariantCulture, $"total,{month},{edition},{sum},{count}\n").ToString();
    }
}
