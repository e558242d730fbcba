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
