using System.Data.Common;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>A member whom an operator's program wants frozen, or thawed. <paramref name="Key"/>: under it this is done once.</summary>
public sealed record OperatorFreezeRequest(MemberId Member, string Reason, ActingOperator By, IdempotencyKey Key);

/// <summary>Whether the member is frozen now.</summary>
public sealed record MemberFreeze(MemberId Member, bool Frozen);

/// <summary>Why it is not done.</summary>
public enum OperatorFreezeRefusal
{
    None = 0,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such member.</summary>
    NotFound = 2,

    /// <summary>The operator may not; or the member was frozen by the same person, and another has to lift that.</summary>
    Forbidden = 3,

    /// <summary>The key was used for another request.</summary>
    KeyReused = 4,
}

/// <summary>Freezes a member, or lifts all that the member is frozen by, once for each key: the key commits with what it is for.</summary>
public sealed class OperatorFreeze(Database db, MemberDirectory members, Restrict restrict, LiftRestriction lift, TimeProvider clock)
{
    public Task<Answer<MemberFreeze, OperatorFreezeRefusal>> Freeze(OperatorFreezeRequest request, CancellationToken ct = default) =>
        Once(request, true, async () =>
        {
            var asked = RestrictRequest.ByOperator(request.By, request.Member, RestrictionKind.Frozen, request.Reason);
            var answer = await restrict.Run(asked with { Alongside = tx => Take(tx, request.Key) }, ct);
            return answer.Refusal switch
            {
                // The same person for the same reason: the member is frozen by it.
                RestrictRefusal.None or RestrictRefusal.Restricted => OperatorFreezeRefusal.None,
                RestrictRefusal.NotFound => OperatorFreezeRefusal.NotFound,
                RestrictRefusal.Forbidden => OperatorFreezeRefusal.Forbidden,
                _ => OperatorFreezeRefusal.InvalidRequest,
            };
        }, ct);

    public Task<Answer<MemberFreeze, OperatorFreezeRefusal>> Thaw(OperatorFreezeRequest request, CancellationToken ct = default) =>
        Once(request, false, async () =>
        {
            if (await members.Find(request.Member, ct) is null)
                return OperatorFreezeRefusal.NotFound;
            var (refusal, _) = await lift.All(request.Member, request.Reason, request.By, tx => Take(tx, request.Key), ct);
            return refusal switch
            {
                LiftRestrictionRefusal.None => OperatorFreezeRefusal.None,
                LiftRestrictionRefusal.InvalidRequest => OperatorFreezeRefusal.InvalidRequest,
                _ => OperatorFreezeRefusal.Forbidden,
            };
        }, ct);

    async Task<Answer<MemberFreeze, OperatorFreezeRefusal>> Once(
        OperatorFreezeRequest request, bool frozen, Func<Task<OperatorFreezeRefusal>> act, CancellationToken ct)
    {
        var done = new MemberFreeze(request.Member, frozen);
        while (true)
        {
            await using (var connection = await db.Connect(ct))
                if (await IdempotencyKeys.Find(connection, request.Key) is { } found)
                    return request.Key.IsSameRequest(found) ? ((Answer<MemberFreeze, OperatorFreezeRefusal>)done).AsReplay()
                        : OperatorFreezeRefusal.KeyReused;
            try
            {
                var refusal = await act();
                return refusal == OperatorFreezeRefusal.None ? done : refusal;
            }
            catch (KeyTakenException)
            {
                // By a request that was on its way at the same time: the key is found now.
            }
        }
    }

    async Task Take(DbTransaction tx, IdempotencyKey key)
    {
        if (!await IdempotencyKeys.Take(tx, key, clock.GetUtcNow()))
            throw new KeyTakenException();
    }

    sealed class KeyTakenException : Exception;
}
