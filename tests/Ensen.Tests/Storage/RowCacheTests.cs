using Ensen.Storage;

namespace Ensen.Tests.Storage;

/// <summary>What is kept in memory is never older than promised, whatever is heard or not.</summary>
public sealed class RowCacheTests : IDisposable
{
    static readonly TimeSpan s_life = TimeSpan.FromSeconds(2);

    readonly Hands _clock = new();
    readonly Voice _news = new();
    int _reads;

    [Fact]
    public async Task Without_news_a_row_lives_for_its_life()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100);
        await Reads(recent, 1);
        _clock.Pass(1.9);
        await Reads(recent, 0);
        _clock.Pass(0.2);
        await Reads(recent, 1);
    }

    [Fact]
    public async Task A_key_may_have_any_hash_code()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100);
        foreach (var key in new[] { int.MinValue, -7, -1, 0, int.MaxValue })
        {
            (await recent.Get(key, (_, _) => Task.FromResult<string?>("read"), CancellationToken.None)).ShouldBe("read");
            recent.Forget(key);
        }
    }

    [Fact]
    public async Task While_news_is_heard_a_row_is_kept_and_when_it_is_not_it_is_read_again()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100, _news);
        await Reads(recent, 1);
        _news.Heard(0.5);
        _clock.Pass(30);
        await Reads(recent, 0);
        _news.Heard(2.1);
        await Reads(recent, 1);
        _news.Heard(0.1);
        _clock.Pass(61); // somebody may have changed it by hand
        await Reads(recent, 1);
    }

    [Fact]
    public async Task What_has_no_life_of_its_own_is_kept_only_while_news_is_heard()
    {
        var recent = new RowCache<int, string>(_clock, TimeSpan.Zero, most: 100, _news, deaf: TimeSpan.FromSeconds(1));
        await Reads(recent, 1);
        await Reads(recent, 1);
        _news.Heard(0.4);
        await Reads(recent, 0);
        _news.Heard(1.1);
        await Reads(recent, 1);
    }

    [Fact]
    public async Task What_is_forgotten_is_read_again_also_when_it_was_being_read()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100);
        await Reads(recent, 1);
        recent.Forget(7);
        await Reads(recent, 1);

        await recent.Get(8, (_, _) =>
        {
            recent.Forget(8); // the change commits while the old row is on its way
            return Task.FromResult<string?>("old");
        }, default);
        (await recent.Get(8, (_, _) => Task.FromResult<string?>("new"), default)).ShouldBe("new");
    }

    [Fact]
    public async Task When_all_is_forgotten_nothing_that_was_read_before_is_told_again()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100);
        await Reads(recent, 1);
        recent.ForgetAll();
        await Reads(recent, 1);
        await Reads(recent, 0);

        await recent.Get(8, (_, _) =>
        {
            recent.ForgetAll();
            return Task.FromResult<string?>("old");
        }, default);
        (await recent.Get(8, (_, _) => Task.FromResult<string?>("new"), default)).ShouldBe("new");
    }

    [Fact]
    public async Task Nobody_hears_an_old_row_while_many_ask_and_some_forget()
    {
        var ct = TestContext.Current.CancellationToken;
        var recent = new RowCache<int, string>(TimeProvider.System, TimeSpan.FromMinutes(1), most: 16);
        var (kept, seen) = (new int[32], 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(who => Task.Run(async () =>
        {
            var random = new Random(who);
            for (var i = 0; i < 20_000; i++)
            {
                var key = random.Next(kept.Length);
                if (who == 0 && i % 10 == 0)
                {
                    Interlocked.Increment(ref kept[key]);
                    if (i % 100 == 0)
                        recent.ForgetAll();
                    else
                        recent.Forget(key);
                }
                var least = Volatile.Read(ref kept[key]);
                var row = await recent.Get(key, async (k, _) =>
                {
                    var row = Volatile.Read(ref kept[k]);
                    if (i % 7 == 0)
                        await Task.Yield();
                    Interlocked.Increment(ref seen);
                    return $"{row}";
                }, ct);
                if (who == 0) // The one who changes rows knows that the last change was announced.
                    int.Parse(row!, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(least);
            }
        }, ct)));
        seen.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task There_are_never_more_than_so_many_and_what_is_in_use_stays()
    {
        var recent = new RowCache<int, string>(_clock, s_life, most: 100);
        await Reads(recent, 1);
        for (var i = 1_000; i < 2_000; i++)
        {
            await recent.Get(i, (key, _) => Task.FromResult<string?>("other"), default);
            await Reads(recent, 0);
        }
        var kept = 0;
        for (var i = 1_000; i < 2_000; i++)
            await recent.Get(i, (_, _) => { kept--; return Task.FromResult<string?>(null); }, default);
        (1_000 + kept).ShouldBeInRange(40, 100);
    }

    public void Dispose() => _news.Dispose();

    async Task Reads(RowCache<int, string> recent, int times)
    {
        var before = _reads;
        (await recent.Get(7, (_, _) => { _reads++; return Task.FromResult<string?>("row"); }, default)).ShouldBe("row");
        (_reads - before).ShouldBe(times);
    }

    sealed class Hands : TimeProvider
    {
        long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => _ticks;
        public void Pass(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);
    }

    sealed class Voice : Notifications
    {
        TimeSpan _behind = TimeSpan.MaxValue;

        public override TimeSpan Behind => _behind;
        public void Heard(double secondsAgo) => _behind = TimeSpan.FromSeconds(secondsAgo);
    }
}
