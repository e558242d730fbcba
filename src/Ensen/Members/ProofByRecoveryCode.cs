using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>One of the ten codes that the member wrote down. Using one up tells the member by mail.</summary>
sealed class ProofByRecoveryCode(Database db, Guesses guesses, MemberDirectory members, Outbox outbox, TimeProvider clock) : IProofMethod
{
    public ProofMethod Method => ProofMethod.RecoveryCode;

    public async Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose) =>
        await RecoveryCodes.Left(connection, caller.Subject.Id) > 0;

    public Task<ProofAsked> Ask(
        Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct) => ProofAsked.Nothing;

    public async Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct)
    {
        var guess = await guesses.Begin("recovery-code", typed.Account, typed.From, typed.Device, ct);
        if (!guess.May)
            return ProofJudged.Unseen(guess.Wait);
        var member = await members.Find(new MemberId(caller.Subject.Id), ct);
        var isRight = await db.Transact(async tx =>
        {
            var now = clock.Now();
            if (!await RecoveryCodes.Take(tx, caller.Subject.Id, typed.Text, now))
                return false;
            var device = await Sessions.DeviceOf(tx, caller);
            if (member is not null && Notice.Of(NoticeKind.RecoveryCodeUsed, member, device, now) is { } notice)
                await notice.Add(outbox, tx, Id.New(now));
            return true;
        }, ct);
        if (!isRight)
            return ProofJudged.Wrong;
        outbox.Wake();
        await guess.Right();
        return ProofJudged.Right;
    }
}
