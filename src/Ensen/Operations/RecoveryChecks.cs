using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>What the day of birth on somebody's papers says about the member they say they are.</summary>
public enum PapersSay
{
    /// <summary>The member is not verified, or nothing of it is kept here: there is nothing to compare papers with.</summary>
    Nothing = 0,
    SamePerson = 1,

    /// <summary>Another day, or none was typed.</summary>
    DifferentPerson = 2,
}

/// <summary>What is so of a member whose recovery is asked for.</summary>
/// <param name="CanBeTold">Mail is set up here, and the member has an address that they confirmed.</param>
/// <param name="CanCall">There is a telephone for the call, and a number of ours to be called.</param>
/// <param name="IsChanging">The address can still be taken back, or the telephone is another since a short while ago.</param>
public readonly record struct RecoveryFacts(bool IsThere, bool CanBeTold, bool CanCall, bool IsChanging, PapersSay Papers);

/// <summary>
/// Looks up what both persons of a recovery need to know. Each of them compares papers by themselves: of a verified member the day of birth
/// is typed from what was seen, and held against what was verified; nobody is shown that. Wrong days are counted, for whoever guesses.
/// </summary>
public sealed class RecoveryChecks(
    Database db, MemberDirectory members, MemberKeys keys, ProofByCall call, AttemptLimiter tries, Outbox outbox, Programme programme,
    TimeProvider clock)
{
    const string Tries = "recovery-papers";
    static readonly AttemptLimit s_limit = new(10, TimeSpan.FromDays(1));

    /// <summary>Whether a member's papers can be compared, for the page that asks.</summary>
    public async Task<bool> HasPapers(MemberId member, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await VerifiedIdentity.Read(connection, keys, member) is not null;
    }

    /// <summary>Null when too many wrong days were typed for this member.</summary>
    /// <param name="telephone">Another in place of the registered one.</param>
    internal async Task<RecoveryFacts?> Of(MemberId id, string? bornOn, string? telephone, CancellationToken ct)
    {
        if (await members.Find(id, ct) is not { HasLeft: false } member)
            return default(RecoveryFacts);
        var papers = PapersSay.Nothing;
        if (await Born(id, ct) is { } born)
        {
            if (!await tries.Count(Tries, Id.Bare(id), s_limit, ct))
                return null;
            papers = PersonalDetails.TryDay(bornOn, JapanDay.Of(clock.GetUtcNow()), out var typed) && typed == born
                ? PapersSay.SamePerson : PapersSay.DifferentPerson;
            if (papers == PapersSay.SamePerson)
                await tries.TakeBack(Tries, Id.Bare(id), ct);
        }
        await using var connection = await db.Connect(ct);
        return new RecoveryFacts(
            IsThere: true,
            CanBeTold: outbox.Takes(Notice.Kind) && member is { MailConfirmed: true, Email: not null },
            CanCall: call.CanBeCalled && (telephone is not null || (await call.From(connection, id)).Can),
            IsChanging: await Recoveries.IsChanging(connection, id, clock.Now(), programme.Membership.TelephoneChangeHours),
            papers);
    }

    async Task<JapanDay?> Born(MemberId member, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return (await VerifiedIdentity.Read(connection, keys, member))?.Born;
    }
}
