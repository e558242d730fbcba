using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>
/// Somebody has a list of addresses and passwords that leaked elsewhere, and a thousand addresses of the net to try it from. One pair in
/// fifty is right here. Whole it is ten thousand pairs; <c>./test</c> tries a tenth of them.
/// </summary>
public class LeakedPasswordsTests
{
    static readonly int s_pairs = TestRun.IsLong ? 10_000 : 1_000;
    const int RightOneIn = 50, PairsPerSource = 10;

    [Theory, BothEngines]
    public async Task Of_ten_thousand_leaked_pairs_none_opens_a_session_and_their_owners_come_in(Engine engine)
    {
        await using var town = await Town.On(engine, Club.Impatient);
        // Everybody's telephone has called once, as whoever registers shows it; all have one password here, which leaked with some.
        var hash = PasswordHash.Make(Visitor.Password);
        var owners = new List<Member>();
        for (var i = 0; i < s_pairs / RightOneIn; i++)
            owners.Add((await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(
                "Aoi", true, Address(i * RightOneIn), $"+8190{i:D8}", hash), Ct)).Value!);
        await town.Db.Transact(tx => tx.Connection!.ExecuteAsync("update member set telephone_possessed_ms = 1", null, tx), Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var mine = new List<SignInAnswer>();
            for (var i = worker; i < s_pairs; i += 8)
                mine.Add(await town.Get<SignIn>().Run(new SignInRequest(
                    Address(i), Visitor.Password, "Edge, Windows", $"10.{i / PairsPerSource / 256}.{i / PairsPerSource % 256}.1"), Ct));
            return mine;
        }, Ct)));

        var all = answers.SelectMany(a => a).ToList();
        all.Count.ShouldBe(s_pairs);
        all.Count(a => a.Session is not null).ShouldBe(0);
        all.Count(a => a.Next is not null).ShouldBe(owners.Count, "a right pair leads to the second step, and no further");
        all.Count(a => a.Refusal == SignInRefusal.Unauthenticated).ShouldBe(s_pairs - owners.Count, "nobody is locked out by it");
        (await town.Count("select count(*) from session")).ShouldBe(0);
        var owner = owners[^1];
        var known = new KnownDevice(Guid.NewGuid(), [owner.Id]);
        (await town.Get<SignIn>().Run(new SignInRequest(owner.Email!, Visitor.Password, "iPhone", "192.0.2.1", known), Ct)).Session.ShouldNotBeNull();
    }

    /// <summary>The same account from many places: after the first tries it is looked at a few times a minute, whoever asks.</summary>
    [Theory, BothEngines]
    public async Task A_thousand_addresses_that_guess_at_one_account_are_looked_at_a_few_times(Engine engine)
    {
        await using var town = await Town.On(engine, Club.Impatient);
        await town.Get<CreateVerifiedMember>().Run(
            new CreateVerifiedMemberRequest("Aoi", true, Visitor.Email, Visitor.Telephone, PasswordHash.Make(Visitor.Password)), Ct);
        var looked = 0;
        for (var i = 0; i < 1_000; i++)
            if ((await town.Get<SignIn>().Run(new SignInRequest(Visitor.Email, $"Guess-{i}", "Edge", $"10.0.{i / 256}.{i % 256}"), Ct)).Refusal
                == SignInRefusal.Unauthenticated)
                looked++;

        looked.ShouldBeLessThanOrEqualTo(21);
    }

    static string Address(int i) => $"member{i}@example.jp";

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
