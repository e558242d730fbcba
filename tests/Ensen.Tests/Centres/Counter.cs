using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Codes;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>A shopping centre of the town and the point till on its counter.</summary>
sealed record Counter(Town Town, CentreId Centre, PointTillId Till)
{
    public static async Task<Counter> In(Town town, string name = "なんばモール")
    {
        var opened = (await town.Get<OpenCentre>().Run(new OpenCentreRequest(name))).Value!;
        return new Counter(town, opened.Centre.Id, opened.TillId);
    }

    public Task<string> NumberOf(Resident who) => Town.Get<MemberCodes>().Of(who.Id);

    public async Task<string> CodeOf(Resident who)
    {
        var session = await Town.Get<Sessions>().Open(Subject.Member(who.Id), "Test", lasting: true);
        return (await Town.Get<ShowCode>().Run(who.Id, session.Caller.Session)).Value!.Digits;
    }

    public Task<Answer<Awarded, AwardRefusal>> Award(string code, long amount, string receipt, string? key = null) =>
        Town.Get<AwardPoints>().Run(new AwardRequest(Centre, Till, code, amount.Yen(), receipt, [Key(key, "award", code, amount, receipt)]));

    public Task<Answer<Spent, SpendRefusal>> Spend(string code, long points, string receipt, string? key = null) =>
        Town.Get<SpendPoints>().Run(
            new SpendRequest(Centre, Till, code, points.Points(), receipt, [Key(key, "spend", code, points, receipt)]));

    public Task<Answer<PointsCancelled, CancelPointsRefusal>> Cancel(string receipt, string? key = null) =>
        Town.Get<CancelPoints>().Run(new CancelRequest(Centre, Till, receipt, [Key(key, "cancel", receipt)]));

    IdempotencyKey Key(string? key, params ReadOnlySpan<object?> parts) => Town.Key(Centre, key, parts);
}
