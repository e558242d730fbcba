using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>Authenticator app and recovery codes as proofs: set up by whoever has proven who they are, each code good once.</summary>
public class FactorsTests
{
    /// <summary>Nobody is slowed down, so that what refuses is what is looked at here.</summary>
    static readonly Programme s_unhurried = new() { Membership = new() { TriesPerAccountAndAddress = 1_000, TriesPerAccount = 1_000 } };

    [Theory, BothEngines]
    public async Task An_authenticator_is_set_up_with_a_proof_and_a_right_code_and_removed_with_a_proof(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var (aoi, secret) = (await SignedIn(town), Totp.NewSecret());

        (await SetUp(town, aoi, secret, "000000")).Refusal.ShouldBe(ChangeFactorsRefusal.WrongCode);
        (await SetUp(town, aoi, secret, Code(town, secret))).Refusal.ShouldBe(ChangeFactorsRefusal.StepUpRequired);
        (await SetUp(town, aoi, secret[..19], Code(town, secret[..19]))).Refusal.ShouldBe(ChangeFactorsRefusal.WrongCode, "too short a secret");
        (await Methods(town, aoi)).ShouldNotContain(ProofMethod.Totp);
        await Prove(town, aoi);
        (await SetUp(town, aoi, secret, Code(town, secret))).Value!.HasAuthenticator.ShouldBeTrue();

        (await Methods(town, aoi))[0].ShouldBe(ProofMethod.Totp, "the best there is");
        (await town.Count("select count(*) from authenticator where protected_secret = @secret", new { secret })).ShouldBe(0, "not in the open");
        (await town.Get<ChangeFactors>().Remove(aoi.Subject, new StepUpProof(await SignedIn(town, aoi)), "phone", Ct))
            .Refusal.ShouldBe(ChangeFactorsRefusal.StepUpRequired, "another session");
        (await town.Get<ChangeFactors>().Remove(aoi.Subject, new StepUpProof(aoi), "phone", Ct))
            .Refusal.ShouldBe(ChangeFactorsRefusal.StepUpRequired, "the proof was used up");
        await Prove(town, aoi);
        (await town.Get<ChangeFactors>().Remove(aoi.Subject, new StepUpProof(aoi), "phone", Ct)).Value!.HasAuthenticator.ShouldBeFalse();
        (await Answer(town, aoi, ProofMethod.Totp, Code(town, secret))).Refusal.ShouldBe(StepUpRefusal.NotAvailable);
    }

    [Theory, BothEngines]
    public async Task A_code_is_good_once_and_one_step_before_and_after(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await SignedIn(town);
        var secret = await WithAuthenticator(town, aoi);

        (await Passes(town, aoi, Code(town, secret))).ShouldBeFalse("it was used to set the app up");
        (await Passes(town, aoi, Code(town, secret, seconds: 30))).ShouldBeTrue("a telephone that is fast");
        (await Passes(town, aoi, Code(town, secret, seconds: 30))).ShouldBeFalse("used");
        (await Passes(town, aoi, Code(town, secret))).ShouldBeFalse("older than the one used");
        town.Clock.Move(TimeSpan.FromMinutes(5));
        (await Passes(town, aoi, Code(town, secret, seconds: -60))).ShouldBeFalse("two steps ago");
        (await Passes(town, aoi, Code(town, secret, seconds: 60))).ShouldBeFalse("two steps ahead");
        (await Passes(town, aoi, Code(town, secret, seconds: -30))).ShouldBeTrue("on its way for long");
        (await Passes(town, aoi, Code(town, secret))).ShouldBeTrue();
        (await Passes(town, await SignedIn(town), Code(town, secret))).ShouldBeFalse("another member");
    }

    [Theory, BothEngines]
    public async Task Of_forty_challenges_that_one_code_answers_at_once_one_passes(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await SignedIn(town);
        var secret = await WithAuthenticator(town, aoi);
        town.Clock.Move(TimeSpan.FromSeconds(30));

        var passed = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Passes(town, aoi, Code(town, secret)), Ct)));

        passed.Count(p => p).ShouldBe(1);
        // The same without the counting of guesses, which lets them in one after the other.
        town.Clock.Move(TimeSpan.FromSeconds(30));
        using var start = new Barrier(40);
        var taken = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait(Ct);
            return town.Db.Transact(tx => town.Get<Authenticators>().Take(tx, aoi.Id, Code(town, secret), town.Clock.GetUtcNow()), Ct);
        }, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        taken.Count(t => t).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task Guesses_at_codes_are_slowed_down(Engine engine)
    {
        await using var town = await Town.On(engine, Club.Impatient);
        var aoi = await SignedIn(town);
        await WithAuthenticator(town, aoi);
        await MakeCodes(town, aoi);

        foreach (var method in new[] { ProofMethod.Totp, ProofMethod.RecoveryCode })
        {
            var refused = 0;
            for (var i = 0; i < 30; i++)
                if ((await Answer(town, aoi, method, "123 456")).Refusal == StepUpRefusal.TooManyRequests)
                    refused++;
            refused.ShouldBeGreaterThan(20, method.ToString());
        }
    }

    [Theory, BothEngines]
    public async Task Ten_recovery_codes_are_made_with_a_proof_and_each_is_used_once(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await SignedIn(town);
        (await town.Get<ChangeFactors>().MakeCodes(aoi.Subject, new StepUpProof(aoi), "phone", Ct))
            .Refusal.ShouldBe(ChangeFactorsRefusal.StepUpRequired);
        var codes = await MakeCodes(town, aoi);

        codes.Distinct().Count().ShouldBe(10);
        codes.ShouldAllBe(code => System.Text.RegularExpressions.Regex.IsMatch(code, "^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$"));
        (await Uses(town, aoi, codes[0])).ShouldBeTrue();
        (await Uses(town, aoi, codes[0])).ShouldBeFalse("used");
        (await Uses(town, aoi, codes[1].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))).ShouldBeTrue("as it was copied");
        foreach (var typed in new[] { "", codes[2][..^1], codes[2] + "0", "ぱすわーど", new string('a', 1_000) })
            (await Uses(town, aoi, typed)).ShouldBeFalse(typed);
        (await Uses(town, await SignedIn(town), codes[2])).ShouldBeFalse("another member");
        (await town.Get<ChangeFactors>().Read(aoi.Subject, Ct)).RecoveryCodesLeft.ShouldBe(8);

        var again = await MakeCodes(town, aoi);
        (await Uses(town, aoi, codes[3])).ShouldBeFalse("new ones took their place");
        (await Uses(town, aoi, again[3])).ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task Of_forty_at_once_one_uses_a_recovery_code_and_one_makes_ten(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        var aoi = await SignedIn(town);

        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => MakeCodes(town, aoi), Ct)));

        (await town.Get<ChangeFactors>().Read(aoi.Subject, Ct)).RecoveryCodesLeft.ShouldBe(10);
        var whole = 0;
        foreach (var codes in made)
            if (await Uses(town, aoi, codes[0]))
            {
                whole++;
                foreach (var code in codes.Skip(1).SkipLast(1))
                    (await Uses(town, aoi, code)).ShouldBeTrue("all of one who made them");
                var passed = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => Uses(town, aoi, codes[^1]), Ct)));
                passed.Count(p => p).ShouldBe(1);
            }
        whole.ShouldBe(1);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static async Task<Caller> SignedIn(Town town, Caller? as_ = null) => (await town.Get<Sessions>().Open(
        as_?.Subject ?? Subject.Member((await town.Member("Aoi")).Id), "phone", ct: Ct)).Caller;

    static Task Prove(Town town, Caller who) => town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, who, ChangeFactors.Purpose), Ct);

    static Task<Answer<Factors, ChangeFactorsRefusal>> SetUp(Town town, Caller who, byte[] secret, string code) =>
        town.Get<ChangeFactors>().SetUp(who.Subject, new StepUpProof(who), secret, code, "phone", Ct);

    static async Task<byte[]> WithAuthenticator(Town town, Caller who)
    {
        var secret = Totp.NewSecret();
        await Prove(town, who);
        (await SetUp(town, who, secret, Code(town, secret))).Accepted.ShouldBeTrue();
        return secret;
    }

    static async Task<IReadOnlyList<string>> MakeCodes(Town town, Caller who)
    {
        await Prove(town, who);
        return (await town.Get<ChangeFactors>().MakeCodes(who.Subject, new StepUpProof(who), "phone", Ct)).Value!.Codes;
    }

    static string Code(Town town, byte[] secret, int seconds = 0) => Totp.CodeAt(secret, town.Clock.GetUtcNow().AddSeconds(seconds));

    static Task<IReadOnlyList<ProofMethod>> Methods(Town town, Caller who) => town.Get<StepUp>().MethodsOf(who, Thaw.Purpose, Ct);

    static Task<StepUpAnswer> Answer(Town town, Caller who, ProofMethod method, string typed) =>
        town.Get<StepUp>().Prove(who, Thaw.Purpose, method, new TypedProof(typed, "aoi@example.jp", "192.0.2.1", null), Ct);

    static async Task<bool> Passes(Town town, Caller who, string code) =>
        (await Answer(town, who, ProofMethod.Totp, code)).Value?.State == ChallengeState.Passed;

    static async Task<bool> Uses(Town town, Caller who, string code) =>
        (await Answer(town, who, ProofMethod.RecoveryCode, code)).Value?.State == ChallengeState.Passed;
}
