using System.Data.Common;

namespace Ensen.Access;

/// <summary>What happened to what a subject proves who they are by.</summary>
public enum FactorEvent
{
    PasskeyAdded = 1,
    PasskeyRemoved = 2,

    /// <summary>A passkey signed with a counter that had gone back: there is a copy of it. Nobody was let in.</summary>
    PasskeyCopied = 3,
    AuthenticatorSet = 4,
    AuthenticatorRemoved = 5,
    RecoveryCodesMade = 6,
}

/// <summary>
/// What one kind of subject's module does about passkeys and authenticators: it tells whoever has to know, a member by mail and staff in
/// their log, and says who may never be without. A class a kind, which its module registers; all else is the same for every kind.
/// </summary>
public interface IFactorOwner
{
    SubjectKind Kind { get; }

    /// <summary>
    /// Whether this subject always has a passkey or an authenticator. Asked in the transaction that takes one away; where the answer is
    /// yes, the subject's row is held until that ends, so that of two that go at once the second sees that the first went.
    /// </summary>
    Task<bool> MustKeepOne(DbTransaction tx, Subject subject) => Task.FromResult(false);

    /// <summary>Told last in the transaction in which it happens.</summary>
    /// <param name="passkey">What its owner calls the passkey; null where it is about none.</param>
    /// <param name="device">The device on which they asked.</param>
    Task Tell(DbTransaction tx, Subject subject, FactorEvent what, string? passkey, string device);
}

/// <summary>The factor owners by their kind.</summary>
public sealed class FactorOwners(IEnumerable<IFactorOwner> owners)
{
    readonly IReadOnlyDictionary<SubjectKind, IFactorOwner> _owners = owners.ToDictionary(o => o.Kind);

    internal Task Tell(DbTransaction tx, Subject subject, FactorEvent what, string? passkey, string device) =>
        _owners[subject.Kind].Tell(tx, subject, what, passkey, device);

    /// <summary>Whether one of the subject's passkeys and authenticator may go: somebody who must have one keeps the last.</summary>
    internal async Task<bool> MayLoseOne(DbTransaction tx, Subject subject) =>
        !await _owners[subject.Kind].MustKeepOne(tx, subject)
        || (await Passkeys.Of(tx.Connection!, subject, tx)).Count + (await Authenticators.Has(tx.Connection!, subject.Id, tx) ? 1 : 0) > 1;
}
