using System.Globalization;
using System.Net;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Merchants;
using Ensen.Tests.Support;
using Ensen.Tests.Web.Session;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Somebody who guessed at an account kept its owner out for a quarter of an hour, and one who guessed at many accounts kept everybody out
/// behind the same address. Guesses bring delays of seconds; a device that is known has tries of its own.
/// </summary>
public class GuessersKeepNobodyOut
{
    [Theory, BothEngines]
    public async Task After_25_guesses_from_25_addresses_the_owner_comes_in_from_a_new_one_within_seconds(Engine engine)
    {
        await using var door = await Attacked(engine);
        using var anybody = door.Browser();
        var looked = 0;
        for (var i = 0; i < 25; i++)
            if ((await anybody.PostAsync(Path("aoi@example.jp", $"Guess-{i}", $"10.0.0.{i}"), null))
                .StatusCode == HttpStatusCode.Unauthorized)
                looked++;
        looked.ShouldBe(20);

        await ComesIn(door, "aoi@example.jp", "10.0.1.1");
    }

    [Theory, BothEngines]
    public async Task A_device_the_owner_has_used_before_does_not_wait_at_all(Engine engine)
    {
        await using var door = await Attacked(engine);
        using var phone = door.Browser();
        (await phone.PostAsync(Path("aoi@example.jp", Club.Password, "10.9.9.9"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var anybody = door.Browser();
        for (var i = 0; i < 25; i++)
            await anybody.PostAsync(Path("aoi@example.jp", $"Guess-{i}", i < 10 ? "10.9.9.9" : $"10.0.0.{i}"), null);

        (await phone.PostAsync(Path("aoi@example.jp", Club.Password, "10.9.9.9"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await phone.PostAsync(Path("aoi@example.jp", Club.Password, "10.7.7.7"), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // It is known to its owner alone, and guesses made on it are few as well.
        (await phone.PostAsync(Path("ren@example.jp", "Guess", "10.9.9.9"), null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        for (var i = 0; i < 6; i++)
            ((int)(await phone.PostAsync(Path("aoi@example.jp", "Guess", "10.9.9.9"), null)).StatusCode).ShouldBe(i < 5 ? 401 : 429);
    }

    [Theory, BothEngines]
    public async Task Who_guesses_at_a_hundred_accounts_does_not_keep_out_the_neighbours_behind_the_same_address(Engine engine)
    {
        await using var door = await Attacked(
            engine, new Programme { Membership = new() { TriesPerAddress = 10, TriesPatienceSeconds = 0 } });
        using var anybody = door.Browser();
        for (var i = 0; i < 14; i++)
            ((int)(await anybody.PostAsync(Path($"member{i}@example.jp", "Guess", "10.0.0.1"), null)).StatusCode)
                .ShouldBe(i < 10 ? 401 : 429);

        await ComesIn(door, "aoi@example.jp", "10.0.0.1");
    }

    [Theory, BothEngines]
    public async Task A_store_under_attack_signs_its_known_till_in_at_once(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var store = (await street.Store(tillPin: "280417")).Store;
        for (var i = 0; i < 30; i++)
            await street.Tills.SignIn(new(store.Number, $"4711{i}", "Tablet", $"10.0.0.{i}"));
        (await street.Tills.SignIn(new(store.Number, "280417", "Tablet", "10.0.1.1"))).Refusal.ShouldBe(TillSignInRefusal.TooManyRequests);

        var known = new KnownDevice(Guid.NewGuid(), [Guid.NewGuid(), store.Id]);
        (await street.Tills.SignIn(new(store.Number, "280417", "Tablet", "10.0.0.1", known))).Accepted.ShouldBeTrue();
        street.Clock.Move(TimeSpan.FromSeconds(1));
        (await street.Tills.SignIn(new(store.Number, "280417", "Tablet", "10.0.1.1"))).Accepted.ShouldBeTrue();
    }

    [Theory, BothEngines]
    public async Task One_till_that_guesses_the_refund_pin_does_not_stop_the_others(Engine engine)
    {
        await using var street = await Street.Open(engine);
        var opened = await street.Store(refundPin: "4719");
        for (var till = 0; till < 5; till++)
            for (var i = 0; i < 6; i++)
                (await street.Pins.CheckRefund(opened.Store.Id, new TillId(new Guid(till, 1, 1, new byte[8])), "0000")).ShouldBe(
                    i < 5 ? PinCheck.Wrong : PinCheck.TooManyRequests);

        (await street.Pins.CheckRefund(opened.Store.Id, opened.TillId, "4719")).ShouldBe(PinCheck.Right);
    }

    static string Path(string email, string password, string from) =>
        $"/sign-in?email={Uri.EscapeDataString(email)}&password={Uri.EscapeDataString(password)}&from={from}";

    static async Task<Door> Attacked(Engine engine, Programme? programme = null)
    {
        var door = await Door.Open(engine, programme: programme);
        await door.Club.CreateVerifiedMember.Run(
            new CreateVerifiedMemberRequest("Aoi", true, "aoi@example.jp", PasswordHash: PasswordHash.Make(Club.Password)));
        await door.Club.CreateVerifiedMember.Run(
            new CreateVerifiedMemberRequest("Ren", true, "ren@example.jp", PasswordHash: PasswordHash.Make(Club.Password)));
        return door;
    }

    /// <summary>At once, or after the few seconds that they are told.</summary>
    static async Task ComesIn(Door door, string email, string from)
    {
        using var browser = door.Browser();
        var answer = await browser.PostAsync(Path(email, Club.Password, from), null);
        if ((int)answer.StatusCode == 429)
        {
            var wait = int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
            wait.ShouldBeInRange(1, 10);
            door.Club.Clock.Move(TimeSpan.FromSeconds(wait));
            answer = await browser.PostAsync(Path(email, Club.Password, from), null);
        }
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
