using Ensen.Access;
using Ensen.Basics;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Sandbox.Town;

/// <summary>
/// The town's shopping centre: its point till has given and taken points of the member to begin with, who has a point card; another card
/// waits to be registered. Whatever an interrupted making had brought already is left as it is.
/// </summary>
sealed class TownCentre(TownFeatures features)
{
    const string Name = "あべのモール";

    /// <summary>How many days ago the member was there, and what the purchase came to.</summary>
    static readonly (int DaysAgo, long Yen)[] s_purchases = [(41, 8_690), (20, 3_300), (9, 12_980), (2, 4_620)];

    Centre _centre = new(default, Name, "");
    PointTillId _till;

    public async Task<TownMall> Open(CancellationToken ct)
    {
        if ((await features.FindCentre.All(ct)).FirstOrDefault(c => c.Name == Name) is { } there)
            (_centre, _till) = (there, (await features.FindCentre.TillsOf(there.Id, ct))[0]);
        else if ((await features.OpenCentre.Run(new OpenCentreRequest(Name, TownPeople.TillPin), ct)).Value is { } opened)
            (_centre, _till) = (opened.Centre, opened.TillId);
        else
            throw new InvalidOperationException("The town's shopping centre cannot be opened.");
        return new TownMall(_centre.Id, _till, _centre.Name, _centre.Number);
    }

    /// <summary>What the member bought there on a day, in the evening.</summary>
    public async Task Live(MemberId member, int daysAgo, JapanDay day, CancellationToken ct)
    {
        foreach (var (_, yen) in s_purchases.Where(p => p.DaysAgo == daysAgo))
        {
            features.Clock.At(day.Start.AddHours(21).AddMinutes(37));
            await features.AwardPoints.Run(new AwardRequest(
                _centre.Id, _till, await features.MemberCodes.Of(member, ct), yen.Yen(), $"M-{day}", []), ct);
        }
    }

    /// <summary>
    /// Registers the member's card, and makes one that is to be tried. Null where the program has no keys to keep a number.
    /// </summary>
    public async Task<TownPointCard?> Cards(MemberId member, CancellationToken ct)
    {
        if (!features.KeepsPapers)
            return null;
        if ((await features.OwnPointCards.Known(member, ct)).Count == 0
            && await features.PointCards.Make("umeda", null, null, 480, RegisterPointCard.Existing, ct) is { } own)
            await features.RegisterPointCard.Run(new RegisterPointCardRequest(
                member, "umeda", own.Number, own.Pin, RegisterPointCard.Existing, new SessionId(Guid.CreateVersion7()),
                IdempotencyKey.Of(member, "town card", own.Number)), ct);
        return await features.PointCards.Make("namba", null, null, 250, RegisterPointCard.Existing, ct) is { } other
            ? new TownPointCard("namba", other.Number, other.Pin!) : null;
    }
}
