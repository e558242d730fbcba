using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>A member is told by mail what happened to their passkeys, authenticator and recovery codes.</summary>
sealed class MemberFactors(Outbox outbox, TimeProvider clock) : IFactorOwner
{
    public SubjectKind Kind => SubjectKind.Member;

    public async Task Tell(DbTransaction tx, Subject subject, FactorEvent what, string? passkey, string device)
    {
        var now = clock.Now();
        if (await MemberDirectory.Read(tx.Connection!, new MemberId(subject.Id), tx) is { } member
            && Notice.Of(KindOf(what), member, device, now) is { } notice)
            await (notice with { Passkey = passkey }).Add(outbox, tx, Id.New(now));
    }

    static NoticeKind KindOf(FactorEvent what) => what switch
    {
        FactorEvent.PasskeyAdded => NoticeKind.PasskeyAdded,
        FactorEvent.PasskeyRemoved => NoticeKind.PasskeyRemoved,
        FactorEvent.PasskeyCopied => NoticeKind.PasskeyCopied,
        FactorEvent.AuthenticatorSet => NoticeKind.AuthenticatorSet,
        FactorEvent.AuthenticatorRemoved => NoticeKind.AuthenticatorRemoved,
        FactorEvent.RecoveryCodesMade => NoticeKind.RecoveryCodesMade,
    };
}
