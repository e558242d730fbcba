using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Opens the shops and admits the members. Whoever is there already, because the town was left half-made, is found by name or address and
/// taken as they are.
/// </summary>
sealed class Settlers(TownFeatures features, Calendar calendar)
{
    const int MostStores = 1_000;

    public async Task<IReadOnlyList<OpenShop>> Shops(CancellationToken ct)
    {
        features.Clock.At(calendar.Opened.Start.AddHours(9));
        // Hashing takes a tenth of a second: one hash of each PIN does for the whole town.
        var hashes = (Till: PasswordHash.Make(TownPeople.TillPin), Refund: PasswordHash.Make(TownPeople.RefundPin));
        var open = (await features.Stores.List(MostStores, ct: ct)).ToDictionary(s => s.Name);
        var shops = new List<OpenShop>();
        foreach (var (number, plan) in ShopPlans.All.Index())
        {
            if (!open.TryGetValue(plan.Name, out var store))
            {
                var sister = shops.Find(s => s.Plan.Merchant == plan.Merchant);
                var opened = await features.OpenStore.Run(plan.Open(hashes.Till, hashes.Refund, sister?.Store.Merchant), ct);
                store = opened.Accepted ? opened.Value.Store
                    : throw new InvalidOperationException($"{plan.Name} cannot be opened: {opened.Refusal}.");
                if (sister is null)
                    await features.PayOutAccounts.MakeUp(store.Merchant, ct);
            }
            shops.Add(await Equip(number, plan, store, ct));
        }
        return shops;
    }

    async Task<OpenShop> Equip(int number, ShopPlan plan, Store store, CancellationToken ct)
    {
        // NXP's chips begin with 04; these were never made.
        var uid = FormattableString.Invariant($"04E45E00{number:X4}80");
        if (plan.HasCryptographicTag)
            await features.Tags.Register(store.Id, uid, ct: ct);
        var tags = await features.Tags.OfStore(store.Id, ct);
        return new OpenShop(
            plan, store, (await features.Tills.OfStore(store.Id, ct))[0].Id,
            tags.First(t => t.Kind == TagKind.Plain), tags.FirstOrDefault(t => t.Kind == TagKind.Cryptographic));
    }

    public async Task<Payer> Member(Resident who, string passwordHash, CancellationToken ct)
    {
        features.Clock.At(calendar.Joined(who));
        if (who.Role == TownRole.Newcomer)
        {
            var registered = await features.Register.Run(
                new RegisterRequest(who.Name, who.Email, who.Telephone, TownPeople.Password, who.Language), ct);
            if (registered.Accepted)
                return new Payer(registered.Value.Member.Id, registered.Value.Member.Verified);
        }
        var admitted = await features.CreateVerifiedMember.Run(
            new CreateVerifiedMemberRequest(who.Name, who.Verified, who.Email, who.Telephone, passwordHash, who.Language,
                features.KeepsPapers ? SandboxPapers.Details(who.Name, who.Kana) : null), ct);
        if (admitted.Accepted)
            return new Payer(admitted.Value.Id, admitted.Value.Verified);
        return admitted.Refusal == CreateVerifiedMemberRefusal.EmailTaken
            && await features.MemberProofs.FindByEmail(who.Email, ct) is { } there
            ? new Payer(there.Member, who.Verified)
            : throw new InvalidOperationException($"{who.Email} cannot be admitted: {admitted.Refusal}.");
    }
}
