using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.CreditCards;
using Ensen.Formats;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Rewards;
using Ensen.Sandbox;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Transit;

namespace Ensen.Simulation.Worlds;

/// <summary>A member, as the town knows one.</summary>
sealed record Resident(Guid Id, string Name, bool Verified, SessionId Session)
{
    public Wallet.Payer Payer => new(new MemberId(Id), Verified);
}

/// <summary>A shop with a plain tag, a cryptographic tag whose touches are counted, and a till.</summary>
sealed record Shop(Store Store, TagId Tag, TagId SecureTag, string Uid, TillId Till)
{
    int _touches;

    public SunParameters Touch(TagKeys keys) => SunMessage.Make(new TagTouch(Uid, ++_touches), keys);

    /// <summary>The same as the last touch: a copied address.</summary>
    public SunParameters Copy(TagKeys keys) => SunMessage.Make(new TagTouch(Uid, _touches), keys);
}

/// <summary>A payment that somebody was told of.</summary>
sealed record Sale(Guid Id, Shop Shop, long Amount);

/// <summary>A transit card and its links, the latest last.</summary>
sealed record TransitCardHeld(string Number, List<(TransitCardId Id, Resident Who)> Links)
{
    /// <summary>When somebody let go of it, and nobody has linked it since.</summary>
    public DateTimeOffset? LetGo { get; set; }
}

/// <summary>Who lives and trades here.</summary>
sealed class Town
{
    static readonly string[] s_names = ["Aoi", "Botan", "Chika", "Daichi", "Emi"];

    public List<Resident> Residents { get; } = [];

    /// <summary>Who is going to leave; nobody else has anything to do with them before.</summary>
    public Queue<Resident> Leavers { get; } = [];
    public List<Shop> Shops { get; } = [];
    public List<Sale> Sales { get; } = [];

    public PointTill PointTill { get; private set; } = null!;
    public List<RewardOffered> Rewards { get; } = [];

    /// <summary>Links that somebody was told of.</summary>
    public List<(Resident From, Guid Id, string Token)> Links { get; } = [];

    public IReadOnlyList<Company> Companies { get; private set; } = [];

    /// <summary>Transfers of companies that wait, or waited.</summary>
    public List<(Company From, Businesses.BusinessTransferId Id)> Transfers { get; } = [];

    /// <summary>Orders of rewards that somebody was told of.</summary>
    public List<(Resident Who, Guid Id)> Orders { get; } = [];

    /// <summary>The transit cards, each resident's own to begin with.</summary>
    public List<TransitCardHeld> TransitCards { get; } = [];

    public List<CardHeld> PointCards { get; } = [];

    /// <summary>What the company of credit cards calls a resident's card.</summary>
    public static string CreditCardOf(Resident who) => FormattableString.Invariant($"card_{who.Id:N}");

    /// <summary>The phones on which somebody signed in later; who has them is not known.</summary>
    public List<Phone> Phones { get; } = [];

    public static async Task<Town> Settle(World world, Auditor auditor)
    {
        var town = new Town();
        var node = await world.SomeNode();
        var residents = 2 + world.RandomSource.Next(3);
        for (var i = 0; i < residents; i++)
        {
            var verified = i == 0 || world.RandomSource.Next(4) > 0;
            // One in three is nearly at the cap, where what is on its way counts.
            var money = 1_000L * (world.RandomSource.Next(3) == 0 ? world.RandomSource.Next(850, 990) : world.RandomSource.Next(0, 400));
            town.Residents.Add(await Settle(s_names[i], verified, money));
        }
        town.Leavers.Enqueue(await Settle("Ran", verified: true, 1_000L * world.RandomSource.Next(0, 40), "ran@example.jp"));
        for (var i = 0; i < 2; i++)
        {
            var (name, uid) = ($"Shop {i + 1}", $"0{i + 1}A1B2C3D4E5F6");
            town.Shops.Add(await node.Call(async () =>
            {
                var opened = (await new OpenStore(node.Db, node.Clock).Run(new OpenStoreRequest(name, name))).Value!;
                var secure = await node.Tags.Register(opened.Store.Id, uid);
                return new Shop(opened.Store, opened.TagId, secure!.Value, uid, opened.TillId);
            }));
            world.Name(town.Shops[^1].Store.Id, name);
        }
        var (budget, pendingDays, atTills) = await node.Call(() => Fair.Open(world, node));
        auditor.Announce(budget, pendingDays, atTills);
        await town.Furnish(node, auditor);
        town.Companies = await node.Call(() => Company.Open(node, auditor));
        foreach (var company in town.Companies)
            world.Name(company.Id, company.Account.Name);
        return town;

        async Task<Resident> Settle(string name, bool verified, long money, string? email = null)
        {
            var resident = await node.Call(async () =>
            {
                var member = (await new CreateVerifiedMember(node.Db, node.Clock)
                    .Run(new CreateVerifiedMemberRequest(name, verified, email))).Value!;
                var session = await node.Sessions.Open(Subject.Member(member.Id), "phone", lasting: true);
                return new Resident(member.Id, name, verified, session.Caller.Session);
            });
            auditor.Enrol(resident.Id, verified);
            world.Name(resident.Id, name);
            if (money > 0 && verified)
            {
                var deeds = await new Errands(world, town).Deposit(resident, money);
                await world.Network.Silence();
                await world.Loop.Quiet(TimeSpan.FromSeconds(5));
                await auditor.Judge(deeds, node);
            }
            return resident;
        }
    }

    /// <summary>The shopping centre, the rewards, and each resident's transit card.</summary>
    async Task Furnish(Node node, Auditor auditor)
    {
        PointTill = await node.Call(async () =>
            (await node.Get<OpenCentre>().Run(new OpenCentreRequest("Centre"))).Value is { } opened
                ? new PointTill(opened.Centre.Id, opened.TillId) : throw new InvalidOperationException("no centre"));
        foreach (var (name, points, yen, stock) in ((string, long, long, long)[])[("Seat", 40, 0, 3), ("Night", 90, 700, 40)])
        {
            var made = await node.Call(() => node.Get<KeepRewards>().Make(new NewReward(name, name, points, yen, 1_000, stock, null)));
            Rewards.Add(new RewardOffered(name, made.Value!.Id, points, yen));
            auditor.Offer(name, stock);
        }
        foreach (var (who, number) in Residents.Select((r, n) => (r, FormattableString.Invariant($"JW{n:000000000000000}"))))
        {
            var card = await node.Call(() => node.Get<LinkTransitCard>().Run(new LinkTransitCardRequest(
                who.Payer.MemberId, number, "proof", IdempotencyKey.Of(who.Id, "link", "transit card"))));
            TransitCards.Add(new TransitCardHeld(number, [(card.Value!.Id, who)]));
            auditor.Link(number, who.Id, Instant.OfMilliseconds(card.Value!.LinkedMs));
            var credit = await node.Call(() => node.Get<LinkCreditCard>().Run(new LinkCreditCardRequest(
                who.Payer.MemberId, CreditCardOf(who), IdempotencyKey.Of(who.Id, "link credit card", "credit card"))));
            if (!credit.Accepted)
                throw new InvalidOperationException($"no credit card: {credit.Refusal}");
            auditor.LinkCredit(who.Id, JapanDay.Of(node.Clock.GetUtcNow()).Month);
        }
    }
}
