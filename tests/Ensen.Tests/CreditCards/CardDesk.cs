using System.Globalization;
using System.Text;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.CreditCards;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.CreditCards;

/// <summary>Members with credit cards, and the sandbox's company of them.</summary>
sealed class CardDesk : Desk
{
    CardDesk(TestDatabase test, Programme? programme)
        : base(test, programme)
    {
    }

    public static async Task<CardDesk> Open(Engine engine, Programme? programme = null)
    {
        var desk = new CardDesk(await TestDatabase.Create(engine), programme);
        await desk.LoadKeys();
        return desk;
    }

    public Task<SandboxCreditCard> Card() => World.CreditCards.Issue(Ct);

    public Task<Answer<CreditCard, LinkCardRefusal>> Link(MemberId member, string token, string? key = null) =>
        Get<LinkCreditCard>().Run(new LinkCreditCardRequest(member, token, Town.Key(member, key, "credit card", token)), Ct);

    /// <summary>A member with a linked card.</summary>
    public async Task<(MemberId Member, CreditCard Link, string Reference)> Holder(string name = "aoi")
    {
        var (member, card) = (await Member(name), await Card());
        return (member, (await Link(member, card.LinkToken)).Value!, card.Reference);
    }

    /// <summary>A line of a file: <c>A-1 2026-06-03 12800 purchase</c> of this card.</summary>
    public static string Line(string card, string item)
    {
        var parts = item.Split(' ');
        return string.Create(CultureInfo.InvariantCulture,
            $"{card},{parts[0]},{TownClock.At(parts[1] + " 12:00"):yyyy-MM-dd'T'HH:mm:sszzz},{parts[2]},{(parts.Length > 3 ? parts[3] : "purchase")}");
    }

    /// <summary>A whole file of these lines.</summary>
    public static string Text(string month, int edition, params IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return $"card,item,at,amount,kind\n{string.Concat(all.Select(l => l + "\n"))}total,{month},{edition},{all.Sum(l => long.Parse(l.Split(',')[3], CultureInfo.InvariantCulture))},{all.Count}\n";
    }

    public Task<PurchaseFile> Take(string text, string name = "june.csv") =>
        Get<TakePurchaseFile>().Run(name, Encoding.UTF8.GetBytes(text), Ct);

    /// <summary>A file of one card.</summary>
    public Task<PurchaseFile> Take(string card, string month, int edition, params string[] items) =>
        Take(Text(month, edition, items.Select(i => Line(card, i))));

    public Task<CreditCardPointsPosted> Post() => Get<PostCreditCardPoints>().Run(Ct);

    public Task<CreditCardMonth> Month(MemberId member, int month) => Get<OwnCreditCards>().Month(member, month, Ct);

    public Task<long> Points(MemberId member) => Sum(member, AccountType.Points, AccountType.CampaignPoints);

    /// <summary>Points that the member has from elsewhere, or has spent.</summary>
    public async Task Move(MemberId member, Lot lot, long points) => await Get<GeneralLedger>().Post(new Move(Id.New(Clock), Clock.GetUtcNow(),
        [lot.LegOf(member, points.Points()), new Leg(Chart.Operator, AccountType.PointLiability, 0, -points)]), Ct);
}
