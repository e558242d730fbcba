using System.Data.Common;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Access;

/// <summary>The code that the member's authenticator app shows now; one of the step before or after is taken too, and each once.</summary>
sealed class ProofByTotp(Database db, Authenticators authenticators, Guesses guesses, AuthenticatorClock clock) : IProofMethod
{
    public ProofMethod Method => ProofMethod.Totp;

    public Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose) =>
        Authenticators.Has(connection, caller.Subject.Id);

    public Task<ProofAsked> Ask(
        Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct) => ProofAsked.Nothing;

    public async Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct)
    {
        var guess = await guesses.Begin("totp", typed.Account, typed.From, typed.Device, ct);
        if (!guess.May)
            return ProofJudged.Unseen(guess.Wait);
        if (!await db.Transact(tx => authenticators.Take(tx, caller.Subject.Id, typed.Text, clock.Now), ct))
            return ProofJudged.Wrong;
        await guess.Right();
        return ProofJudged.Right;
    }
}
