using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Access;

/// <summary>Who is asking, how that is proven, and how guesses at it are slowed down: sessions, hashes, attempts.</summary>
public static class AccessModule
{
    static readonly BoundedSetting s_hashesAtOnce = new("Ensen:HashesAtOnce", "1", new WholeNumbers(1, 64),
        "passwords and PINs that are hashed at a time, some eighty a second each; no more than half the processors, the others are for payments");

    static readonly BoundedSetting s_hashesWaiting = new("Ensen:HashesWaiting", "60", new WholeNumbers(1, 10_000),
        "how many wait for that before some are turned away");

    public static Module Module { get; } = new("Access")
    {
        Declares =
        [
            Schema.Of(typeof(AccessModule)),
            .. AccessKept.All,
            IdPrefix.Of<SessionId>(),
            IdPrefix.Of<ChallengeId>(),
            IdPrefix.Of<PasskeyId>(),
            Passkeys.Purpose, ChangeFactors.Purpose,
            Spending.Payments, Spending.Transfers, Spending.Links, Spending.Requests, Spending.Rewards, Spending.Codes,
            Spending.Withdrawals,
            s_hashesAtOnce, s_hashesWaiting,
            Job.Of<Sessions>("ended sessions", "sessions that nobody can use any more are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (s, ct) => s.Tidy(ct)),
            Job.Of<StepUp>("old challenges", "challenges that nobody can use any more are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (s, ct) => s.Tidy(ct)),
            Job.Of<PendingSignIns>("pending sign-ins", "sign-ins that nobody can go on with any more are forgotten", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (s, ct) => s.Tidy(ct)),
            Job.Of<AttemptLimiter>("old attempts", "tries that count no more are forgotten", TimeSpan.FromHours(1),
                TimeSpan.FromMinutes(30), (a, ct) => a.Tidy(ct)),
            Job.Of<Passkeys>("used passkey challenges", "challenges that passkeys answered, and that nobody could send again, are forgotten",
                TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), (p, ct) => p.Tidy(ct)),
            Job.Of<DeviceOwners>("old known devices", "devices on which nobody has signed in for long are new again", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (d, ct) => d.Tidy(ct)),
            Job.Of<DeviceKeys>("old device keys", "keys of sessions that are forgotten are forgotten, too", TimeSpan.FromHours(6),
                TimeSpan.FromMinutes(30), (k, ct) => k.Tidy(ct)),
        ],
        Services = services => services
            .AddSingleton(p => HashLineOf(p.GetRequiredService<SettingValues>()))
            .AddSingleton<AttemptLimiter>()
            .AddSingleton<Guesses>()
            .AddSingleton<Sessions>()
            .AddSingleton<DeviceOwners>()
            .AddSingleton<IProofMethod, ProofByPassword>()
            .AddSingleton<Passkeys>()
            .AddSingleton<FactorOwners>()
            .AddSingleton<UsePasskey>()
            .AddSingleton<AddPasskey>()
            .AddSingleton<RemovePasskey>()
            .AddSingleton<ChangeFactors>()
            .AddSingleton<DeviceKeys>()
            .AddSingleton<IProofMethod, ProofByTotp>()
            .AddSingleton<ISecretProtection, NoKeys>()
            .AddSingleton<Authenticators>()
            .AddSingleton(p => new AuthenticatorClock(p.GetRequiredService<TimeProvider>()))
            .AddSingleton<PendingSignIns>()
            .AddSingleton<StepUp>(),
    };

    static HashLine HashLineOf(SettingValues set) => new(set.Number(s_hashesAtOnce), set.Number(s_hashesWaiting));
}
