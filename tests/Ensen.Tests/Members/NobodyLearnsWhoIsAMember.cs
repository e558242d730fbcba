using System.Diagnostics;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Web.Session;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Members;

/// <summary>
/// Whether somebody has an account is told neither by an answer nor by how long it takes: what is done for an address that somebody has,
/// whatever they set up, is what is done for one that nobody has. The work is held (statements, the cost of a hash), which no busy machine
/// changes; how long it takes is measured beside it.
/// </summary>
public class NobodyLearnsWhoIsAMember
{
    const string Nobodys = "nobody@example.jp";

    static readonly Programme s_unhurried = new()
    {
        Membership = new()
        {
            TriesPerAccountAndAddress = 100_000,
            TriesPerAccount = 100_000,
            TriesPerAddress = 100_000,
            MailsPerAddress = 100_000,
            MailsPerMailbox = 100_000,
            RegistrationsPerAddress = 100_000,
            RegistrationsInAll = 100_000,
        },
    };

    [Theory, BothEngines]
    public async Task A_wrong_password_is_answered_by_the_same_work_whoever_has_the_address(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        using var house = new House(town);
        var members = await house.Members();
        var nobodys = await house.Work(() => house.SignIn(Nobodys));

        foreach (var (who, email) in members)
        {
            var work = await house.Work(() => house.SignIn(email));
            work.Answer.ShouldBe(nobodys.Answer, who);
            work.Statements.ShouldBe(nobodys.Statements, who);
        }
        nobodys.Answer.ShouldBe(SignInAnswer.Refused(SignInRefusal.Unauthenticated).ToString());
        nobodys.Statements.Count.ShouldBeGreaterThan(3);
    }

    [Theory, BothEngines]
    public async Task A_forgotten_password_is_answered_by_the_same_work_whoever_has_the_address(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        using var house = new House(town);
        var members = await house.Members();
        var nobodys = await house.Work(() => house.Forgotten(Nobodys));

        foreach (var (who, email) in members)
        {
            var work = await house.Work(() => house.Forgotten(email));
            work.Answer.ShouldBe(nobodys.Answer, who);
            work.Statements.ShouldBe(nobodys.Statements, who);
        }
        nobodys.Statements.Count(s => s.Contains("insert into outbox", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_cheaper_hash_makes_up_for_that_when_it_is_guessed_at()
    {
        PasswordHash.WorkLeft(PasswordHash.OfRandom("a random key")).ShouldBe(PasswordHash.Cost.Work - HashCost.Least.Work);
        PasswordHash.WorkLeft(PasswordHash.Make("old", CheapHashes.Weaker)).ShouldBe(PasswordHash.Cost.Work - CheapHashes.Weaker.Work);
        PasswordHash.WorkLeft(PasswordHash.Make("today's")).ShouldBe(0);
    }

    /// <summary>
    /// Tries at an account and at none in turn, so that what else the machine does falls on both alike; whole it is a thousand of each. The
    /// means are printed; what is held are the quickest of each, for a busy machine makes a try longer and never shorter.
    /// </summary>
    [Theory, BothEngines]
    public async Task It_takes_as_long_for_an_account_as_for_none(Engine engine)
    {
        await using var town = await Town.On(engine, s_unhurried);
        using var house = new House(town);
        var members = await house.Members();
        foreach (var (what, ask) in new (string, Func<string, Task<string>>)[]
            { ("sign-in", house.SignIn), ("reset", house.Forgotten), ("sign-up", house.Register) })
        {
            var (there, missing) = (new List<double>(), new List<double>());
            for (var i = 0; i < (TestRun.IsLong ? 1_000 : 60); i++)
            {
                there.Add(await Took(() => ask(members[i % members.Count].Email)));
                missing.Add(await Took(() => ask($"nobody{i}@example.jp")));
            }
            var difference = there.Average() - missing.Average();
            TestContext.Current.SendDiagnosticMessage(
                $"{what} on {engine}: {there.Average():F2} ms for an account, {missing.Average():F2} ms for none; the means differ by {difference:F2} ms");
            Math.Abs(there.Min() - missing.Min()).ShouldBeLessThan(5, what);
        }

        static async Task<double> Took(Func<Task<string>> work)
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    /// <summary>The features of a town over a database that notes what it is asked.</summary>
    sealed class House : IDisposable
    {
        readonly Town _town;
        readonly CountedDatabase _db;
        readonly ServiceProvider _services;

        public House(Town town)
        {
            (_town, _db) = (town, new CountedDatabase(town.Db));
            _services = new ServiceCollection()
                .AddEnsen(town.Db.Catalogue, _ => town.Db, town.Programme)
                .AddSingleton<Database>(_db)
                .AddSingleton<TimeProvider>(town.Clock)
                .AddSingleton<ISecretProtection>(new SecretProtection(new EphemeralDataProtectionProvider()))
                .AddSingleton<ITelephone>(new ReportedTelephone(Town.Numbers))
                .BuildServiceProvider();
            _services.GetRequiredService<Outbox>().On(AskPasswordReset.Kind, (_, _) => Task.FromResult(OutboxResult.Later));
        }

        /// <summary>A member of each sort, and where they get mail.</summary>
        public async Task<List<(string Who, string Email)>> Members()
        {
            var all = new List<(string, string)>();
            foreach (var who in new[] { "plain", "with an authenticator", "whose telephone called", "not confirmed", "without password", "with an old hash" })
            {
                var email = $"{who.Replace(' ', '-')}@example.jp";
                var hash = who == "without password" ? null
                    : who == "with an old hash" ? PasswordHash.OfRandom(Visitor.Password) : PasswordHash.Make(Visitor.Password);
                var id = (await _town.Get<CreateVerifiedMember>().Run(
                    new CreateVerifiedMemberRequest("Aoi", true, email, Visitor.Telephone, hash), Ct)).Value!.Id;
                await _town.Db.Transact(async tx =>
                {
                    if (who == "with an authenticator")
                        await _services.GetRequiredService<Authenticators>().Set(tx, id, Totp.NewSecret(), 0, _town.Clock.GetUtcNow());
                    if (who == "whose telephone called")
                        await tx.Connection!.ExecuteAsync("update member set telephone_possessed_ms = 1 where id = @id", new { id }, tx);
                    if (who == "not confirmed")
                        await tx.Connection!.ExecuteAsync("update member set mail_confirmed = @no where id = @id", new { id, no = false }, tx);
                }, Ct);
                all.Add((who, email));
            }
            return all;
        }

        public async Task<string> SignIn(string email) => (await _services.GetRequiredService<SignIn>().Run(
            new SignInRequest(email, "Wrong-pass-1", "phone", "192.0.2.1"), Ct)).ToString();

        public async Task<string> Forgotten(string email) => (await _services.GetRequiredService<AskPasswordReset>().Run(
            new PasswordResetAsked(email, "192.0.2.1"), Ct)).Refusal.ToString();

        public async Task<string> Register(string email) => (await _services.GetRequiredService<Register>().Run(
            new RegisterRequest("Aoi", email, Visitor.Telephone, Visitor.Password, "ja", "192.0.2.1"), Ct)).Refusal.ToString();

        public async Task<(string Answer, IReadOnlyList<string> Statements)> Work(Func<Task<string>> ask)
        {
            await ask(); // What a first time alone does is not looked at.
            _db.Take();
            return (await ask(), _db.Take());
        }

        public void Dispose() => _services.Dispose();

        static CancellationToken Ct => TestContext.Current.CancellationToken;
    }
}
