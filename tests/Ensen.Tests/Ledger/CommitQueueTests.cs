using System.Collections.Concurrent;
using System.Data.Common;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Tests.Ledger;

/// <summary>
/// Two writers take turns with batches of half of those who ask, instead of one setting out with whoever has just come back.
/// </summary>
public class CommitQueueTests
{
    const int Most = 512;
    readonly HandClock _clock = new();
    readonly CommitQueue _line;

    public CommitQueueTests() => _line = new CommitQueue(_clock);

    [Fact]
    public async Task A_few_wait_until_half_as_many_have_come_as_another_writer_has_in_hand()
    {
        Come(10);
        (await _line.Take(Most))!.Count.ShouldBe(10);

        Come(3);
        var second = _line.Take(Most);
        Come(1);
        second.IsCompleted.ShouldBeFalse("four are fewer than half of ten");
        Come(1);
        (await second)!.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_few_go_when_the_others_are_answered()
    {
        Come(10);
        var first = await _line.Take(Most);
        Come(4);
        var second = _line.Take(Most);
        second.IsCompleted.ShouldBeFalse();

        _line.Release(first!);
        (await second)!.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_few_go_after_a_moment_when_the_other_writer_stands_still()
    {
        Come(10);
        await _line.Take(Most);
        Come(4);
        var second = _line.Take(Most);
        second.IsCompleted.ShouldBeFalse();

        _clock.Ring();
        (await second)!.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_few_who_come_to_a_sleeping_writer_wait_no_longer_than_those_it_found()
    {
        Come(10);
        await _line.Take(Most);
        var second = _line.Take(Most);
        Come(1);
        (await _clock.HasTimer()).ShouldBeTrue("the writer was woken and has begun to wait for more");
        second.IsCompleted.ShouldBeFalse();

        _clock.Ring();
        (await second)!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Closing_makes_nobody_wait_for_more()
    {
        Come(10);
        await _line.Take(Most);
        Come(4);
        var second = _line.Take(Most);

        _line.Close();
        (await second)!.Count.ShouldBe(4);
        (await _line.Take(Most)).ShouldBeNull();
    }

    void Come(int heads)
    {
        for (var i = 0; i < heads; i++)
            _line.Join(new Caller());
    }

    sealed class Caller : PendingPost
    {
        public override Guid Id { get; } = Guid.NewGuid();
        public override IReadOnlyList<Guid> Owners => [Id];
        public override bool IsAlone => false;
        public override Enum? Refusal => null;
        public override bool IsAnswered => false;
        public override IReadOnlyList<IdempotencyKey> Keys => [];
        public override void AddReads(ReadSet reads) => throw new NotSupportedException();
        public override void Decide(LoadedState loaded, WriteSet writes, DateTimeOffset now, bool isLate) => throw new NotSupportedException();
        public override void Doubt() => throw new NotSupportedException();
        public override void Answer() => throw new NotSupportedException();
        public override void Fail(Exception e) => throw new NotSupportedException();
    }

    /// <summary>Its timers go off when the test says so.</summary>
    sealed class HandClock : TimeProvider
    {
        readonly ConcurrentQueue<Action> _timers = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Enqueue(() => callback(state));
            return new Timer();
        }

        public async Task<bool> HasTimer()
        {
            for (var tries = 0; _timers.IsEmpty && tries < 500; tries++)
                await Task.Delay(10);
            return !_timers.IsEmpty;
        }

        public void Ring()
        {
            while (_timers.TryDequeue(out var ring))
                ring();
        }

        sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;
            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
