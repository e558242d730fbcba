using System.Data.Common;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Somebody at the door of the console or of a merchant's desk, as typed.</summary>
/// <param name="Door">By which guesses are counted.</param>
/// <param name="Name">The name as it is compared.</param>
/// <param name="Account">Whose name it is; null where nobody signs in by it.</param>
/// <param name="NeedsCode">A code is asked of everybody here; else of who has an authenticator.</param>
/// <param name="From">The address of the net that it comes from.</param>
/// <param name="Known">What the device is known by, from an earlier sign-in.</param>
sealed record AtTheDoor(
    string Door, string Name, Guid? Account, string Password, string? Code, bool NeedsCode, string From, KnownDevice? Known);

/// <summary>A session; or none, because too many tried, or because something was wrong.</summary>
readonly record struct DoorAnswer(OpenedSession? Session, bool IsTooMany = false);

/// <summary>
/// The door by name, password and code, for everybody who works here. Guesses are counted as members' are (<see cref="Guesses"/>), before
/// anything is looked at; a name nobody has, a wrong password and a wrong code take the same work. A code is good once.
/// </summary>
public sealed class StaffDoor(Database db, Guesses guesses, HashLine hashes, Authenticators authenticators, AuthenticatorClock clock)
{
    const int MostPassword = 1_000;

    /// <param name="hold">Whether the account still signs in, held until the transaction ends.</param>
    /// <param name="open">Opens the session, in the transaction in which the code is used up.</param>
    internal async Task<DoorAnswer> Run(AtTheDoor who, Func<DbTransaction, Task<bool>> hold, Func<DbTransaction, Task<OpenedSession>> open,
        CancellationToken ct)
    {
        var known = who.Account is { } owner && who.Known?.Knows(owner) is true ? who.Known.Id : (Guid?)null;
        var guess = await guesses.Begin(who.Door, who.Name, who.From, known, ct);
        if (!guess.May)
            return new DoorAnswer(null, IsTooMany: true);
        var (hash, hasCode, step) = await Proofs(who.Account ?? default, who.Code, ct);
        var needsCode = who.NeedsCode || hasCode;
        var isText = who.Password.Length <= MostPassword;
        var source = known is { } device ? Id.Bare(device) : who.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? who.Password : "", source, known is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return new DoorAnswer(null, IsTooMany: true);
        }
        if (matches is PasswordVerdict.Wrong || who.Account is not { } account || needsCode && step is null)
            return default;
        // Of one code at two places one is taken.
        var opened = await db.Transact(async tx =>
            await hold(tx) && (!needsCode || await Authenticators.UseUp(tx, account, step!.Value)) ? await open(tx) : null, ct);
        if (opened is not null)
            await guess.Right();
        return new DoorAnswer(opened);
    }

    async Task<(string? Hash, bool HasCode, long? Step)> Proofs(Guid account, string? code, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await Credentials.FindHash(connection, account, CredentialKind.Password), await Authenticators.Has(connection, account),
            await authenticators.StepOf(connection, account, code, clock.Now));
    }
}
