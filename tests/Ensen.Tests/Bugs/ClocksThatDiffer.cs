using Dapper;
using Ensen.Basics;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Bugs;

/// <summary>
/// Nodes went by their machines' clocks: what a node committed whose clock was behind was not heard by a till at another, its codes were
/// expired there, and histories were out of order. They go by the database's.
/// </summary>
public class ClocksThatDiffer
{
    static readonly TimeSpan s_wayThereAndBack = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(-30)]
    [InlineData(-360)]
    [InlineData(360)]
    public async Task A_till_hears_all_payments_of_two_nodes_and_codes_of_each_are_taken_at_the_other(int seconds)
    {
        await using var right = await WebApp.Start(Engine.Postgres);
        await using var wrong = await WebApp.Start(right.DatabaseAddress, $"--Ensen:ClockAheadMs={seconds * 1_000}");
        var scene = new Scene(right);
        var (here, shop) = (await scene.Member(50_000), await scene.Store());
        var there = new Person(here.Id, here.Api.At(wrong.Http));
        var paid = new List<string>();
        var heard = new List<string>();

        await using (var till = await Listener.Open(right.Http, shop))
        {
            for (var i = 0; i < 20; i++)
            {
                paid.Add((await here.Pay(shop, 1)).Created().Text("paymentId"));
                paid.Add((await there.Pay(shop, 2)).Created().Text("paymentId"));
            }
            while (heard.Count < 40)
                heard.Add((await till.Next()).Text("paymentId"));
        }
        heard.ShouldBe(paid, ignoreOrder: true);

        // Newest first, which here is the other way round than paid: each was answered before the next was asked. A node knows the
        // database's time to within the way there and back, so only what lies further apart than that has an order on two nodes.
        var history = (await here.Api.Get("/history?limit=40")).Ok().Json.GetProperty("items").EnumerateArray().Select(
            i => i.GetProperty("id").GetString()!).ToList();
        history.ShouldBe(paid, ignoreOrder: true);
        var madeAt = history.Select(id => Id.TryParse(id, out PaymentId entry) ? Id.TimeOf(entry)
            : throw new FormatException(id)).ToList();
        for (var i = 1; i < history.Count; i++)
            if (paid.IndexOf(history[i - 1]) < paid.IndexOf(history[i]))
                (madeAt[i - 1] - madeAt[i]).ShouldBeLessThan(s_wayThereAndBack);

        (await shop.Till.At(wrong.Http).Post("/till/payments", new { code = await here.Code(), amount = 85, orderId = "o-1" })).Created();
        (await shop.Till.Post("/till/payments", new { code = await there.Code(), amount = 85, orderId = "o-2" })).Created();
    }

    [Fact]
    public async Task A_wrong_machine_goes_by_the_database_and_never_back()
    {
        await using var test = await TestDatabase.Create(Engine.Postgres);
        foreach (var wrong in (double[])[-400, -0.5, 0, 0.5, 400])
        {
            using var clock = new DatabaseClock(new Wrong(TimeSpan.FromMinutes(wrong)));
            await clock.Load(test.Database);
            var before = clock.GetUtcNow();
            await using var connection = await test.Database.Connect();
            var said = DateTimeOffset.UnixEpoch.AddMicroseconds(
                await connection.ExecuteScalarAsync<long>("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)"));
            var after = clock.GetUtcNow();

            // As near as the slowest of our round trips on a busy machine; the machine was wrong by half a minute at least.
            (before - said).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            (said - after).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        }
    }

    [Theory, BothEngines]
    public async Task Where_one_program_has_the_database_the_machine_s_clock_is_gone_by(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        using var clock = new DatabaseClock(new Wrong(TimeSpan.FromHours(7)));
        await clock.Load(test.Database);

        (clock.Behind.Duration() < TimeSpan.FromMinutes(1)).ShouldBe(engine == Engine.Sqlite);
    }

    [Fact]
    public void What_the_database_said_is_somewhere_between_question_and_answer_and_an_estimate_within_is_left()
    {
        var machine = new Hands();
        using var clock = new DatabaseClock(machine);
        var noon = new DateTimeOffset(2026, 6, 1, 3, 0, 0, TimeSpan.Zero);

        Ask(noon, trip: 100);
        clock.GetUtcNow().ShouldBe(noon.AddMilliseconds(50));
        machine.Pass(1_000);
        clock.GetUtcNow().ShouldBe(noon.AddMilliseconds(1_050));

        Ask(noon.AddMilliseconds(1_060), trip: 40); // It is 1,060 to 1,100 by now, and we thought 1,090.
        clock.GetUtcNow().ShouldBe(noon.AddMilliseconds(1_090));

        Ask(noon.AddMilliseconds(1_200), trip: 10); // We thought 1,100: too little by 100 at least.
        clock.GetUtcNow().ShouldBe(noon.AddMilliseconds(1_200));

        void Ask(DateTimeOffset said, long trip)
        {
            var asked = machine.GetTimestamp();
            machine.Pass(trip);
            clock.Hear(said, asked, machine.GetTimestamp());
        }
    }

    [Fact]
    public void Who_was_ahead_goes_at_half_the_speed_until_the_database_has_caught_up()
    {
        var machine = new Hands();
        using var clock = new DatabaseClock(machine);
        var noon = new DateTimeOffset(2026, 6, 1, 3, 0, 0, TimeSpan.Zero);
        clock.Hear(noon, machine.GetTimestamp(), machine.GetTimestamp());
        machine.Pass(10_000);
        clock.GetUtcNow().ShouldBe(noon.AddSeconds(10));

        clock.Hear(noon.AddSeconds(4), machine.GetTimestamp(), machine.GetTimestamp());
        var shown = new List<DateTimeOffset>();
        for (var i = 0; i < 20; i++)
        {
            shown.Add(clock.GetUtcNow());
            machine.Pass(1_000);
        }

        shown[0].ShouldBe(noon.AddSeconds(10));
        shown.ShouldBe(shown.Order());
        shown[4].ShouldBe(noon.AddSeconds(12));
        shown[12].ShouldBe(noon.AddSeconds(16));
        shown[19].ShouldBe(noon.AddSeconds(23));
    }

    sealed class Wrong(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }

    /// <summary>A machine whose time a test lets pass.</summary>
    sealed class Hands : TimeProvider
    {
        long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => _ticks;

        public void Pass(long ms) => _ticks += ms * TimeSpan.TicksPerMillisecond;
    }
}
