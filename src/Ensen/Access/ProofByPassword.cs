using System.Data.Common;
using Ensen.Basics;

namespace Ensen.Access;

/// <summary>The password once more. Guesses are counted with those of signing in.</summary>
sealed class ProofByPassword(Storage.Database db, Guesses guesses, HashLine hashes) : IProofMethod
{
    const int MostPassword = 1_000;

    public ProofMethod Method => ProofMethod.Password;

    public async Task<bool> Has(DbConnection connection, Caller caller, StepUpPurpose purpose) =>
        await Credentials.FindHash(connection, caller.Subject.Id, CredentialKind.Password) is not null;

    public Task<ProofAsked> Ask(
        Caller caller, StepUpPurpose purpose, ChallengeId challenge, DateTimeOffset until, CancellationToken ct) => ProofAsked.Nothing;

    public async Task<ProofJudged> Judge(Caller caller, string? asked, TypedProof typed, CancellationToken ct)
    {
        var guess = await guesses.Begin("password", typed.Account, typed.From, typed.Device, ct);
        if (!guess.May)
            return ProofJudged.Unseen(guess.Wait);
        string? hash;
        await using (var connection = await db.Connect(ct))
            hash = await Credentials.FindHash(connection, caller.Subject.Id, CredentialKind.Password);
        var isText = typed.Text.Length <= MostPassword;
        var source = typed.Device is { } device ? Id.Bare(device) : typed.From;
        var matches = await hashes.Verify(isText ? hash : null, isText ? typed.Text : "", source, typed.Device is not null, ct);
        if (matches is null)
        {
            await guess.Unseen();
            return ProofJudged.Unseen(HashLine.ComeAgain);
        }
        if (matches is PasswordVerdict.Wrong)
            return ProofJudged.Wrong;
        await guess.Right();
        return ProofJudged.Right;
    }
}
