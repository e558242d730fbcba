using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>What a passkey's signature is worth once it is found right: once, with a counter that goes up, for its own subject.</summary>
public class PasskeysTests
{
    [Theory, BothEngines]
    public async Task Of_forty_answers_at_once_one_signs_in(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);
        var challenge = Id.New(town.Clock);

        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(count => Task.Run(
            () => SignIn(town, aoi, key, challenge, count), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        (await town.Get<Sessions>().Devices(Subject.Member(aoi.Id), Ct)).Count.ShouldBe(2, "the one that added it, and one that signed in");
    }

    [Theory, BothEngines]
    public async Task Of_forty_signatures_with_one_counter_one_signs_in(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(
            () => SignIn(town, aoi, key, Id.New(town.Clock), 7), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Of_forty_answers_at_once_one_is_kept(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        var caller = await Proven(town, aoi);
        var challenge = Id.New(town.Clock);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(
            () => Add(town, aoi, caller, RandomNumberGenerator.GetBytes(16), challenge), Ct)));

        answers.Count(a => a.Accepted).ShouldBe(1);
        answers.Where(a => !a.Accepted).ShouldAllBe(a => a.Refusal == AddPasskeyRefusal.InvalidRequest);
        (await town.Get<Passkeys>().Of(caller.Subject, Ct)).Count.ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_credential_is_one_subjects(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);
        var ren = await town.Member("Ren");
        var caller = await Proven(town, ren);

        (await Add(town, ren, caller, key, Id.New(town.Clock))).Refusal.ShouldBe(AddPasskeyRefusal.AlreadyRegistered);
        (await Add(town, aoi, await Proven(town, aoi), key, Id.New(town.Clock))).Refusal.ShouldBe(AddPasskeyRefusal.AlreadyRegistered);
        (await SignIn(town, ren, key, Id.New(town.Clock), 1)).Accepted.ShouldBeFalse();
        (await town.Get<Passkeys>().Find(caller.Subject, key, Ct)).ShouldBeNull();
        (await SignIn(town, aoi, key, Id.New(town.Clock), 1)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task A_counter_goes_up_and_where_the_device_does_not_count_it_stays(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);

        (await SignIn(town, aoi, key, Id.New(town.Clock), 0)).Accepted.ShouldBeTrue();
        (await SignIn(town, aoi, key, Id.New(town.Clock), 0)).Accepted.ShouldBeTrue("a device that does not count");
        (await SignIn(town, aoi, key, Id.New(town.Clock), 3)).Accepted.ShouldBeTrue();
        foreach (var back in new[] { 3, 2, 0 })
            (await SignIn(town, aoi, key, Id.New(town.Clock), back)).Accepted.ShouldBeFalse($"{back} after 3");
        (await SignIn(town, aoi, key, Id.New(town.Clock), uint.MaxValue)).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Signing_in_is_a_session_of_the_highest_level_and_proves_nothing_later(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);

        var session = (await SignIn(town, aoi, key, Id.New(town.Clock), 1)).Value!.Session;

        (await town.Get<Sessions>().Who(session.Token, Ct))!.Assurance.ShouldBe(AssuranceLevel.Passkey);
        foreach (var purpose in new[] { Thaw.Purpose, Passkeys.Purpose, ChangeFactors.Purpose, ChangePassword.Purpose })
        {
            (await town.Get<StepUp>().IsProven(session.Caller, purpose, Ct)).ShouldBeFalse(purpose.Name);
            (await town.Db.Transact(tx => town.Get<StepUp>().Take(tx, new StepUpProof(session.Caller), purpose), Ct)).ShouldBeFalse();
        }
    }

    [Theory, BothEngines]
    public async Task Adding_and_removing_take_a_proof_and_a_removed_one_opens_nothing(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);
        var ren = await town.Member("Ren");
        var id = (await town.Get<Passkeys>().Of(Subject.Member(aoi.Id), Ct)).Single().Id;
        var unproven = (await town.Get<Sessions>().Open(Subject.Member(aoi.Id), "tablet", ct: Ct)).Caller;

        (await Add(town, aoi, unproven, [1, 2, 3], Id.New(town.Clock))).Refusal.ShouldBe(AddPasskeyRefusal.StepUpRequired);
        (await Remove(aoi, unproven)).Refusal.ShouldBe(RemovePasskeyRefusal.StepUpRequired);
        (await Remove(ren, await Proven(town, ren))).Refusal.ShouldBe(RemovePasskeyRefusal.NotFound);
        (await town.Get<Passkeys>().Rename(Subject.Member(ren.Id), id, "Mine", Ct)).ShouldBeFalse();
        (await town.Get<Passkeys>().Rename(Subject.Member(aoi.Id), id, "Telephone", Ct)).ShouldBeTrue();
        (await Remove(aoi, await Proven(town, aoi))).Value!.Name.ShouldBe("Telephone");
        (await Remove(aoi, await Proven(town, aoi))).Refusal.ShouldBe(RemovePasskeyRefusal.NotFound);
        (await SignIn(town, aoi, key, Id.New(town.Clock), 1)).Accepted.ShouldBeFalse();

        Task<Answer<Passkey, RemovePasskeyRefusal>> Remove(Resident who, Caller caller) =>
            town.Get<RemovePasskey>().Run(new RemovePasskeyRequest(Subject.Member(who.Id), id, new StepUpProof(caller), "phone"), Ct);
    }

    [Theory, BothEngines]
    public async Task Who_is_frozen_signs_in_as_with_the_password_and_used_challenges_are_forgotten_in_the_end(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, key) = await WithPasskey(town);
        await town.Freeze(aoi);

        (await SignIn(town, aoi, key, Id.New(town.Clock), 1)).Accepted.ShouldBeTrue();

        (await town.Get<Passkeys>().Tidy(Ct)).ShouldBe(0);
        town.Clock.Move(TimeSpan.FromDays(3));
        (await town.Get<Passkeys>().Tidy(Ct)).ShouldBe(2);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A member with one passkey, and its credential.</summary>
    static async Task<(Resident Member, byte[] Credential)> WithPasskey(Town town)
    {
        var member = await town.Member("Aoi");
        var credential = RandomNumberGenerator.GetBytes(16);
        (await Add(town, member, await Proven(town, member), credential, Id.New(town.Clock))).Accepted.ShouldBeTrue();
        return (member, credential);
    }

    static async Task<Caller> Proven(Town town, Resident who)
    {
        var caller = (await town.Get<Sessions>().Open(Subject.Member(who.Id), "phone", ct: Ct)).Caller;
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, caller, Passkeys.Purpose), Ct);
        return caller;
    }

    static Task<Answer<Passkey, AddPasskeyRefusal>> Add(Town town, Resident who, Caller caller, byte[] credential, Guid challenge) =>
        town.Get<AddPasskey>().Run(new AddPasskeyRequest(
            Subject.Member(who.Id), new NewPasskey(challenge, credential, [4, 5, 6], 0, "internal", false, false), new StepUpProof(caller), null, "phone"), Ct);

    static Task<Answer<SignedInByPasskey, PasskeySignInRefusal>> SignIn(Town town, Resident who, byte[] credential, Guid challenge, long count) =>
        town.Get<SignInByPasskey>().Run(new SignedByPasskey(challenge, Subject.Member(who.Id), credential, count, false), "phone", ct: Ct);
}
