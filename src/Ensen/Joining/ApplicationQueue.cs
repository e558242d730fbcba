using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>An application as an operator with a reason sees it, with what its checks say now.</summary>
public sealed record ViewedApplication(
    MerchantApplication Application, IReadOnlyList<(ApplicationCheck Check, CheckResult Result)> Checks, IReadOnlyList<int> Photos);

/// <summary>Why it is not shown; the names are the contract's codes.</summary>
public enum ViewApplicationRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,
    NotFound = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>Applications that wait for two people. Who applies, with account and photos, is shown with a reason, which is logged.</summary>
public sealed class ApplicationQueue(Database db, MerchantApplications applications, Operators operators, OperatorLog log)
{
    public async Task<Answer<ViewedApplication, ViewApplicationRefusal>> View(
        MerchantApplicationId id, string reason, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Corrections, ct) is not { } by) return ViewApplicationRefusal.Forbidden;
        var found = await applications.Find(id, ct);
        if (Decide(reason, found) is not ViewApplicationRefusal.None and var refusal) return refusal;
        await db.Transact(tx => log.Append(tx, OperatorAct.ViewedApplication, by, acting, id.ToString(), reason), ct);
        await using var connection = await db.Connect(ct);
        return new ViewedApplication(found!, ApplicationChecks.Of(await ApplicationChecks.Facts(connection, found!)),
            await MerchantApplications.Photos(connection, id));
    }

    /// <summary>
    /// A photo, for an operator who was shown its application: the row of the log is that of the view, and without one there is none.
    /// </summary>
    public async Task<StorePhoto?> Photo(MerchantApplicationId id, int store, ActingOperator acting, CancellationToken ct = default) =>
        await operators.Acting(acting, OperatorRoles.Corrections, ct) is { } by
        && await log.IsShown(by.Id, OperatorAct.ViewedApplication, id.ToString(), ct) ? await applications.Photo(id, store, ct) : null;

    internal static ViewApplicationRefusal Decide(string reason, MerchantApplication? found)
    {
        if (!OperatorLine.IsOne(reason)) return ViewApplicationRefusal.InvalidRequest;
        return found is null ? ViewApplicationRefusal.NotFound : ViewApplicationRefusal.None;
    }
}
