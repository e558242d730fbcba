using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Rewards;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>What some points shall be for.</summary>
/// <param name="Name">As a member reads it: "only at the bakeries of Loop Station".</param>
/// <param name="Whole">Everything of these kinds.</param>
/// <param name="Key">Under it the same use is made once; null where there is none.</param>
public sealed record MakePointUseRequest(string Name, string EnglishName, IReadOnlyList<StoreId> Stores, IReadOnlyList<RewardId> Rewards,
    IReadOnlyList<SpendingKind> Whole, ActingOperator By, string? Key = null)
{
    /// <summary>Each place once; a store or a reward of a kind that is named whole goes without saying.</summary>
    public HashSet<SpendingPlace> Places() =>
    [
        .. Whole.Select(SpendingPlace.Any),
        .. Whole.Contains(SpendingKind.Store) ? [] : Stores.Select(s => SpendingPlace.Store(s)),
        .. Whole.Contains(SpendingKind.Reward) ? [] : Rewards.Select(r => SpendingPlace.Reward(r)),
    ];
}

/// <summary>A part of a use that can be wrong by itself.</summary>
public enum PointUseField
{
    Name = 1,
    EnglishName = 2,

    /// <summary>Nothing is named that points could be spent on, or too much.</summary>
    Places = 3,
}

/// <summary>Why no use was made; the names are the contract's codes.</summary>
public enum MakePointUseRefusal
{
    None = 0,

    /// <summary>A name is missing, is too long or cannot be kept, or nothing is named that points could be spent on.</summary>
    InvalidRequest = 1,

    /// <summary>A store or a reward that is named is none.</summary>
    NotFound = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,

    /// <summary>Something else was made under this key.</summary>
    KeyReused = 4,

    /// <summary>All numbers of uses are taken.</summary>
    NotAvailable = 5,

    /// <summary>There is a use of this name, in Japanese or in English: whoever reads it could not tell the two apart.</summary>
    AlreadyRegistered = 6,
}

/// <summary>
/// Makes a use of points, which a campaign can name from then on. One person makes it: it gives nobody a point, and the campaign that names
/// it takes two. It stays as it is, for lots name it.
/// </summary>
public sealed class MakePointUse(
    Database db, Operators operators, OperatorLog log, PointUses uses, Stores stores, RewardCatalogue rewards, TimeProvider clock)
{
    /// <summary>Letters of a name, in Japanese and in English.</summary>
    public const int LongestName = 40;
    public const int LongestEnglishName = 60;

    /// <summary>So many stores, or rewards, are one use at most.</summary>
    public const int MostPlaces = 500;

    /// <summary>So often the next number is looked for, while others make uses in the same moment.</summary>
    const int Tries = 50;

    public async Task<Answer<PointUse, MakePointUseRefusal>> Run(MakePointUseRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Campaigns, ct) is not { } by) return MakePointUseRefusal.Forbidden;
        if (Decide(request) is not MakePointUseRefusal.None and var refusal) return refusal;
        foreach (var store in request.Stores)
            if (await stores.Find(store, ct) is null) return MakePointUseRefusal.NotFound;
        foreach (var reward in request.Rewards)
            if (await rewards.Find(reward, ct) is null) return MakePointUseRefusal.NotFound;
        var (places, now) = (request.Places(), clock.Now());
        var under = request.Key is null ? null : $"{by.Id} {request.Key}";
        for (var attempt = 1; ; attempt++)
            try
            {
                var made = await db.Transact(async tx =>
                {
                    var use = await PointUses.Add(tx, request.Name.Trim(), request.EnglishName.Trim(), places, now, under);
                    if (use is null)
                        return null;
                    // After it has its number: whoever made one at the same moment wanted the same number, or is seen here.
                    if (await PointUses.HasNamesake(tx, use))
                        throw new NameIsTakenException();
                    await log.Append(tx, OperatorAct.MadePointUse, by, request.By, FormattableString.Invariant($"{use.Number}"), null,
                        use.Name);
                    return use;
                }, ct);
                return made is null ? MakePointUseRefusal.NotAvailable : made;
            }
            catch (NameIsTakenException)
            {
                return MakePointUseRefusal.AlreadyRegistered;
            }
            catch (DbException e) when (attempt < Tries && db.IsDuplicate(e))
            {
                if (under is not null && await Earlier(under, request, places, ct) is { } earlier)
                    return earlier;
            }
    }

    sealed class NameIsTakenException : Exception;

    /// <summary>All uses, the newest first.</summary>
    public Task<IReadOnlyList<PointUse>> All(CancellationToken ct = default) => uses.All(ct);

    /// <summary>The checks that need no look at what there is.</summary>
    internal static MakePointUseRefusal Decide(MakePointUseRequest request) =>
        Faults(request).Any() ? MakePointUseRefusal.InvalidRequest : MakePointUseRefusal.None;

    /// <summary>The fields that are missing or beyond their bounds.</summary>
    public static IEnumerable<PointUseField> Faults(MakePointUseRequest request)
    {
        if (!IsName(request.Name, LongestName)) yield return PointUseField.Name;
        if (!IsName(request.EnglishName, LongestEnglishName)) yield return PointUseField.EnglishName;
        if (request.Stores.Count > MostPlaces || request.Rewards.Count > MostPlaces || !request.Whole.All(Enum.IsDefined)
            || request.Places().Count == 0)
            yield return PointUseField.Places;
    }

    static bool IsName(string text, int most) => text.Trim().Length <= most && OperatorLine.IsOne(text);

    async Task<Answer<PointUse, MakePointUseRefusal>?> Earlier(
        string under, MakePointUseRequest request, HashSet<SpendingPlace> places, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        if (await PointUses.Under(connection, under) is not { } earlier) return null;
        return earlier.Name == request.Name.Trim() && earlier.EnglishName == request.EnglishName.Trim() && places.SetEquals(earlier.Places)
            ? ((Answer<PointUse, MakePointUseRefusal>)earlier).AsReplay() : MakePointUseRefusal.KeyReused;
    }
}
