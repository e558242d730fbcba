using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The outbox kept the link of a mail, a name and an address in clear for ever, nobody swept it, one gateway that hung held up all others,
/// and what failed was tried for ever unseen.
/// </summary>
public class TheOutboxKeptWhatItSaid
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory, BothEngines]
    public async Task A_mailed_link_is_nowhere_in_clear_once_it_is_sent(Engine engine)
    {
        await using var club = await Club.Open(engine);
        (await club.Register.Run(Club.Aoi())).Accepted.ShouldBeTrue();
        var token = await club.TokenMailedTo("aoi@example.jp");

        await using var connection = await club.Db.Connect();
        (await connection.QueryAsync<string>("select body from outbox limit 10")).ShouldAllBe(body => body == "");
        (await connection.ExecuteScalarAsync<long>("select count(*) from outbox where body like @like", new { like = $"%{token}%" })).ShouldBe(0);
        (await club.Confirm.Run(token)).Accepted.ShouldBeTrue("the link itself is good");
    }

    [Theory, BothEngines]
    public async Task What_was_done_a_week_ago_is_forgotten_and_what_waits_is_not(Engine engine)
    {
        await using var town = await Town.On(engine);
        var outbox = new Outbox(town.Db, town.Clock, NullLogger<Outbox>.Instance);
        outbox.On("done", (_, _) => Task.FromResult(OutboxResult.Done));
        outbox.On("waits", (_, _) => Task.FromResult(OutboxResult.Later));
        await town.Db.Transact(async tx =>
        {
            for (var i = 0; i < 1_100; i++)
                await outbox.Add(tx, Id.New(town.Clock), i == 0 ? "waits" : "done", "secret");
        });
        await town.Count("select 1");
        await using (var connection = await town.Db.Connect())
            await connection.ExecuteAsync("update outbox set state = 2, ended_ms = @now where kind = 'done'",
                new { now = town.Clock.GetUtcNow().ToUnixTimeMilliseconds() });

        (await outbox.Sweep()).ShouldBe(0);
        town.Clock.Move(TimeSpan.FromDays(8));
        (await outbox.Sweep()).ShouldBe(1_099);
        (await town.Count("select count(*) from outbox where kind = 'waits' and state = 1")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task A_gateway_that_hangs_holds_up_nobody_else_and_is_given_up_after_its_time(Engine engine)
    {
        await using var town = await Town.On(engine);
        using var loops = new Loops();
        using var stop = new CancellationTokenSource();
        var outbox = new Outbox(town.Db, town.Clock, NullLogger<Outbox>.Instance) { MostForOne = TimeSpan.FromMilliseconds(300) };
        var never = new TaskCompletionSource<OutboxResult>();
        var done = new TaskCompletionSource();
        outbox.On("hangs", (_, _) => never.Task); // Nor does it listen to being cancelled.
        outbox.On("goes", (_, _) =>
        {
            done.TrySetResult();
            return Task.FromResult(OutboxResult.Done);
        });
        await town.Db.Transact(async tx =>
        {
            for (var i = 0; i < 50; i++)
                await outbox.Add(tx, Id.New(town.Clock), "hangs", "");
        });
        await town.Db.Transact(tx => outbox.Add(tx, Id.New(town.Clock), "goes", ""));

        var dispatching = outbox.Dispatch(loops, stop.Token);
        await done.Task.WaitAsync(s_patience);
        for (var from = TimeProvider.System.GetTimestamp(); await town.Count("select count(*) from outbox where kind = 'hangs' and last_error = 'took too long'") < 50; await Task.Delay(50))
            TimeProvider.System.GetElapsedTime(from).ShouldBeLessThan(s_patience);

        await stop.CancelAsync();
        await dispatching.WaitAsync(s_patience);
    }

    [Theory, BothEngines]
    public async Task What_keeps_failing_is_parked_seen_and_done_when_it_can_be(Engine engine)
    {
        await using var town = await Town.On(engine);
        var outbox = new Outbox(town.Db, town.Clock, NullLogger<Outbox>.Instance);
        var fails = true;
        var tries = 0;
        outbox.On("test", (_, _) =>
        {
            tries++;
            return fails ? throw new HttpRequestException() : Task.FromResult(OutboxResult.Done);
        });
        await town.Db.Transact(tx => outbox.Add(tx, Id.New(town.Clock), "test", "name"));

        for (var i = 0; i < Outbox.MostFailures + 10; i++)
        {
            await outbox.RunDue(CancellationToken.None);
            town.Clock.Move(TimeSpan.FromMinutes(1));
        }
        tries.ShouldBe(Outbox.MostFailures, "from here on it is tried once an hour");
        (await town.Count("select failures from outbox")).ShouldBe(Outbox.MostFailures);

        fails = false;
        town.Clock.Move(TimeSpan.FromHours(1));
        await outbox.RunDue(CancellationToken.None);
        (await town.Count("select count(*) from outbox where state = 2 and body = ''")).ShouldBe(1);
    }

    [Theory, BothEngines]
    public async Task What_only_waits_for_its_outcome_is_never_parked(Engine engine)
    {
        await using var town = await Town.On(engine);
        var outbox = new Outbox(town.Db, town.Clock, NullLogger<Outbox>.Instance);
        outbox.On("test", (_, _) => Task.FromResult(OutboxResult.Later));
        await town.Db.Transact(tx => outbox.Add(tx, Id.New(town.Clock), "test", ""));

        for (var i = 0; i < Outbox.MostFailures + 10; i++)
        {
            (await outbox.RunDue(CancellationToken.None)).ShouldBe(1);
            town.Clock.Move(TimeSpan.FromMinutes(1));
        }
    }

    [Theory, BothEngines]
    public async Task What_forms_were_refused_is_forgotten_after_two_days_and_nothing_else_is(Engine engine)
    {
        await using var town = await Town.On(engine);
        var forget = new ForgetKeys(town.Db, town.Clock);
        var aoi = await town.Member("Aoi").With(1_000.Yen());
        var cafe = await town.Store("Café Loop");
        var (paid, refused, charged, open) = (IdempotencyKey.OfForms + "paid", IdempotencyKey.OfForms + "refused", IdempotencyKey.OfForms
            + "charged", IdempotencyKey.OfForms + "under way");
        (await town.Pay(Town.Payment(aoi, cafe, 400.Yen(), key: paid))).Accepted.ShouldBeTrue();
        (await town.Pay(Town.Payment(aoi, cafe, 5_000.Yen(), key: refused))).Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        (await town.Pay(Town.Payment(aoi, cafe, 5_000.Yen(), key: "program"))).Refusal.ShouldBe(PayRefusal.InsufficientBalance);
        // A charge under way has no answer yet, one that was taken on names no entry.
        await town.Db.Transact(async tx =>
        {
            foreach (var key in (string[])[open, charged])
                (await IdempotencyKeys.Take(tx, IdempotencyKey.Of(aoi.Id, key), town.Clock.GetUtcNow())).ShouldBeTrue();
            await IdempotencyKeys.Answer(tx, aoi.Id, charged, "=Charged {}");
        });

        town.Clock.Move(TimeSpan.FromHours(47));
        (await forget.Forget(Guid.Empty, "")).Forgotten.ShouldBe(0);
        (await town.Pay(Town.Payment(aoi, cafe, 5_000.Yen(), key: refused))).Replayed.ShouldBeTrue();
        town.Clock.Move(TimeSpan.FromHours(2));
        (await forget.Forget(Guid.Empty, "")).ShouldBe((Guid.Empty, "", 1));
        (await town.Count("select count(*) from idempotency_key where key like '%paid' or key like '%under way' or key like '%charged' or key = 'program'")).ShouldBe(4);
        (await town.Count("select count(*) from idempotency_key where key like '%refused'")).ShouldBe(0);
        (await town.Pay(Town.Payment(aoi, cafe, 400.Yen(), key: paid))).Replayed.ShouldBeTrue();
        (await town.Pay(Town.Payment(aoi, cafe, 5_000.Yen(), key: "program"))).Replayed.ShouldBeTrue("400 days are promised to programs");
        (await Auditor.Complaints(town.Db, town.Clock)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task Once_only_keys_are_kept_for_400_days_and_then_forgotten_in_bites(Engine engine)
    {
        await using var town = await Town.On(engine);
        var forget = new ForgetKeys(town.Db, town.Clock);
        var caller = Guid.NewGuid();
        await Take("old", 5_000);
        town.Clock.Move(TimeSpan.FromDays(200));
        await Take("young", 10);
        town.Clock.Move(TimeSpan.FromDays(200));

        await Walk();
        (await town.Count("select count(*) from idempotency_key")).ShouldBe(5_010, "400 days are promised");
        town.Clock.Move(TimeSpan.FromDays(2));
        await Walk();
        (await town.Count("select count(*) from idempotency_key where key like 'old%'")).ShouldBe(0);
        (await town.Count("select count(*) from idempotency_key where key like 'young%'")).ShouldBe(10);

        async Task Walk()
        {
            var (at, key) = (Guid.Empty, "");
            do
                (at, key, _) = await forget.Forget(at, key);
            while (at != Guid.Empty);
        }

        Task Take(string name, int keys) => town.Db.Transact(async tx =>
        {
            for (var i = 0; i < keys; i++)
                (await IdempotencyKeys.Take(tx, IdempotencyKey.Of(i % 2 == 0 ? caller
                    : Guid.NewGuid(), $"{name}-{i}"), town.Clock.GetUtcNow())).ShouldBeTrue();
        });
    }
}
