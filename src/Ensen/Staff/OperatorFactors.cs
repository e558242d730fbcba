using System.Data.Common;
using Ensen.Access;

namespace Ensen.Staff;

/// <summary>An operator always has a passkey or an authenticator; what comes and goes of them stands in the log.</summary>
sealed class OperatorFactors(OperatorLog log) : IFactorOwner
{
    public SubjectKind Kind => SubjectKind.Operator;

    public async Task<bool> MustKeepOne(DbTransaction tx, Subject subject)
    {
        await Operators.Hold(tx, new OperatorId(subject.Id));
        return true;
    }

    public async Task Tell(DbTransaction tx, Subject subject, FactorEvent what, string? passkey, string device)
    {
        // A passkey's name is its owner's free text, which a row that is never changed does not hold.
        if (await Operators.Find(tx.Connection!, new OperatorId(subject.Id), tx) is { } who)
            await log.Append(tx, ActOf(what), (who, ActedThrough.Session), who.Id.ToString(), null);
    }

    static OperatorAct ActOf(FactorEvent what) => what switch
    {
        FactorEvent.PasskeyAdded => OperatorAct.AddedPasskey,
        FactorEvent.PasskeyRemoved => OperatorAct.RemovedPasskey,
        FactorEvent.PasskeyCopied => OperatorAct.PasskeyCopied,
        FactorEvent.AuthenticatorSet => OperatorAct.SetAuthenticator,
        FactorEvent.AuthenticatorRemoved => OperatorAct.RemovedAuthenticator,
        FactorEvent.RecoveryCodesMade => throw new ArgumentOutOfRangeException(nameof(what), what, "operators have no recovery codes"),
    };
}
