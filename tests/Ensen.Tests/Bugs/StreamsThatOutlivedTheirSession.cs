using System.Net.ServerSentEvents;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Storage;
using Ensen.Tests.Api;
using Ensen.Tests.Merchants;
using Ensen.Tests.Support;
using Ensen.Web.Edge;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A member's stream went on telling payments after its device was signed out; one member's streams slowed everybody down; who came back
/// missed what committed late; and topics that nobody listens to were remembered for ever.
/// </summary>
public class StreamsThatOutlivedTheirSession
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory, BothEngines]
    public async Task A_member_s_stream_ends_when_its_device_is_signed_out(Engine engine)
    {
        await using var app = await WebApp.Start(engine);
        var scene = new Scene(app);
        var (aoi, shop) = (await scene.Member(1_000), await scene.Store());
        await using var stream = await MembersStream.Open(app.Http, aoi);

        await using (var workshop = await Workshop.Open(app))
            await workshop.SignOut(aoi);
        (await new Person(aoi.Id, aoi.Api).Api.Get("/wallet")).Status.ShouldBeOneOf(200, 401);

        (await stream.EndsBefore("payment")).ShouldBeTrue();
    }

    [Fact]
    public async Task Signing_out_all_others_on_one_node_ends_their_streams_on_another_at_once()
    {
        await using var here = await Street.Open(Engine.Postgres);
        await using var there = here.SecondNode();
        here.Db.Notifications.Start();
        there.Db.Notifications.Start();
        var member = Guid.NewGuid();
        var (lost, kept) = ((await here.Sessions.Open(Subject.Member(member), "Lost")).Caller,
            (await here.Sessions.Open(Subject.Member(member), "Kept")).Caller);
        var streams = Of(there);
        using var theirs = streams.Open(lost).ShouldNotBeNull();
        using var mine = streams.Open(kept).ShouldNotBeNull();
        await Until(() => there.Db.Notifications.Behind < TimeSpan.FromSeconds(1));

        await here.Sessions.EndAll(Subject.Member(member), except: kept.Session);

        await Until(() => theirs.Token.IsCancellationRequested);
        mine.Token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_has_a_few_streams_an_owner_some_and_the_node_as_many_as_it_is_told()
    {
        await using var street = await Street.Open(Engine.Sqlite);
        var streams = Of(street, most: 300);
        var owner = Guid.NewGuid();
        var session = new SessionId(Guid.NewGuid());

        var mine = Enumerable.Range(0, 50).Select(_ => streams.Open(new Caller(session, Subject.Member(owner), owner))!).ToList();
        mine.Count(s => !s.Token.IsCancellationRequested).ShouldBe(Streams.MostOfSession);
        mine.TakeLast(Streams.MostOfSession).ShouldAllBe(s => !s.GaveWay); // It is the oldest that give way.
        mine.ForEach(s => s.Dispose());
        streams.Count.ShouldBe(0);

        var all = Enumerable.Range(0, 250).Select(_ => streams.Open(new Caller(new SessionId(Guid.NewGuid()), Subject.Member(owner), owner))!).ToList();
        all.Count(s => !s.GaveWay).ShouldBe(Streams.MostOfOwner);

        all.AddRange(Enumerable.Range(0, 50)
            .Select(_ => streams.Open(new Caller(new SessionId(Guid.NewGuid()), Subject.Member(Guid.NewGuid()), Guid.NewGuid()))!));
        streams.Open(new Caller(new SessionId(Guid.NewGuid()), Subject.Member(Guid.NewGuid()), Guid.NewGuid())).ShouldBeNull();
        all.ForEach(s => s.Dispose());
        streams.Count.ShouldBe(0);
    }

    [Fact]
    public async Task However_many_listen_to_a_topic_it_is_read_once()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var topic = new Topic();
        var feeds = Of(test.Database);
        var listeners = new List<LiveListener>();
        var now = Id.First<EntryId>(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 500; i++)
        {
            listeners.Add(await feeds.Listen(topic, now, default));
            (await listeners[i].Next(TimeSpan.Zero, default)).ShouldBe([]);
        }
        var before = topic.Reads;

        var entry = topic.Commit(TimeProvider.System.GetUtcNow());
        test.Database.Notifications.Raise(topic.Name);

        foreach (var listener in listeners)
            (await Heard(listener)).ShouldBe([entry]);
        (topic.Reads - before).ShouldBeLessThan(20);
        feeds.Count.ShouldBe(1);
        listeners.ForEach(l => l.Dispose());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(5)]
    [InlineData(30)]
    public async Task Who_comes_back_hears_what_committed_meanwhile_with_a_smaller_id_and_nothing_twice(double secondsBefore)
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var topic = new Topic();
        var feeds = Of(test.Database);
        var now = TimeProvider.System.GetUtcNow();
        EntryId heard;
        using (var till = await feeds.Listen(topic, Id.First<EntryId>(now.AddMinutes(-2)), default))
        {
            (await till.Next(TimeSpan.Zero, default)).ShouldBe([]);
            heard = topic.Commit(now);
            test.Database.Notifications.Raise(topic.Name);
            (await Heard(till)).ShouldBe([heard]);
        }

        var late = topic.Commit(now.AddSeconds(-secondsBefore));
        using var again = await feeds.Listen(topic, heard, default);
        (await Heard(again)).ShouldBe([late]);
        var next = topic.Commit(now.AddSeconds(1));
        test.Database.Notifications.Raise(topic.Name);
        (await Heard(again)).ShouldBe([next]);
    }

    [Fact]
    public async Task Who_comes_to_another_node_hears_what_committed_late_there_too()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var topic = new Topic();
        var now = TimeProvider.System.GetUtcNow();
        var (early, heard, late) = (topic.Commit(now.AddSeconds(-60)), topic.Commit(now), topic.Commit(now.AddSeconds(-3)));

        using var listener = await Of(test.Database).Listen(topic, heard, default);

        (await Heard(listener)).ShouldBe([late]);
        early.ShouldNotBe(late);
    }

    [Fact]
    public async Task What_commits_while_somebody_begins_to_listen_is_heard_once()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var topic = new Topic();
        var feeds = Of(test.Database);
        var from = Id.First<EntryId>(TimeProvider.System.GetUtcNow());
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                topic.Commit(TimeProvider.System.GetUtcNow());
                test.Database.Notifications.Raise(topic.Name);
                Thread.Yield();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var listener = await feeds.Listen(topic, from, default);
            var heard = new List<EntryId>();
            while (heard.Count < 2_000)
                heard.AddRange(await Heard(listener));
            heard.Distinct().Count().ShouldBe(2_000);
        }));
        await writing;
    }

    [Fact]
    public async Task When_the_database_is_away_for_long_the_streams_end_and_who_comes_again_is_served()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var topic = new Topic();
        var feeds = Of(test.Database);
        var now = TimeProvider.System.GetUtcNow();
        using (var listener = await feeds.Listen(topic, Id.First<EntryId>(now), default))
        {
            (await listener.Next(TimeSpan.Zero, default)).ShouldBe([]);
            topic.IsAway = true;
            test.Database.Notifications.Raise(topic.Name);
            for (IReadOnlyList<LiveItem>? news = []; news is not null; news = await listener.Next(s_patience, default)
                .WaitAsync(s_patience))
                news.Count.ShouldBe(0);
        }

        var missed = topic.Commit(now.AddSeconds(1));
        topic.IsAway = false;
        using var again = await feeds.Listen(topic, Id.First<EntryId>(now), default);
        (await Heard(again)).ShouldBe([missed]);
    }

    [Fact]
    public async Task A_topic_that_nobody_listens_to_is_forgotten()
    {
        await using var test = await TestDatabase.Create(Engine.Sqlite);
        var signals = test.Database.Notifications;
        var topics = Enumerable.Range(0, 1_000).Select(i => $"store:{i}").ToList();

        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), (i, _) =>
        {
            using var bell = signals.Listen(topics[i % 7 == 0 ? 0 : i % topics.Count]);
            signals.Raise(topics[i % topics.Count]);
            return ValueTask.CompletedTask;
        });
        signals.Topics.ShouldBe(0);

        using var two = signals.Listen("store:1");
        using (signals.Listen("store:1"))
            signals.Topics.ShouldBe(1);
        signals.Raise("store:1");
        (await two.Wait(s_patience, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_row_that_is_kept_in_memory_hears_that_its_tag_s_counter_rose()
    {
        await using var here = await Street.Open(Engine.Postgres);
        await using var there = here.SecondNode();
        here.Db.Notifications.Start();
        there.Db.Notifications.Start();
        await Until(() => here.Db.Notifications.Behind < TimeSpan.FromSeconds(1)
            && there.Db.Notifications.Behind < TimeSpan.FromSeconds(1));
        var store = await here.Store();
        const string Uid = "04A1B2C3D4E5F6";
        var tag = (await here.Tags.Register(store.Store.Id, Uid)).ShouldNotBeNull();

        for (var counter = 1; counter <= 5; counter++)
        {
            (await here.Tags.Resolve(tag)).Value!.Counter.ShouldBe(counter == 1 ? -1 : counter - 1);
            await Until(async () => (await there.Tags.Resolve(tag)).Value!.Counter == (counter == 1 ? -1 : counter - 1));
            (await here.Tags.Accept(tag, Uid, counter)).Accepted.ShouldBeTrue();
        }
    }

    static Streams Of(Street street, int most = 20_000) => new(
        Of(street.Db), street.Sessions, street.Db, new Ensen.Web.Settings(
            "", false, false, default, default, default, new Programme(), [], 1, 1, 1, 1)
        { MostStreams = most });

    static LiveFeeds Of(Database db) => new(db, TimeProvider.System, new Loops(), NullLogger<LiveFeeds>.Instance);

    static async Task<List<EntryId>> Heard(LiveListener listener)
    {
        for (var from = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(from) < s_patience;)
            if ((await listener.Next(TimeSpan.FromSeconds(1), default)).ShouldNotBeNull() is { Count: > 0 } news)
                return [.. news.Select(n => n.Entry!.Value)];
        throw new TimeoutException("Nothing was heard.");
    }

    static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    static async Task Until(Func<Task<bool>> holds)
    {
        for (var from = TimeProvider.System.GetTimestamp(); !await holds(); await Task.Delay(10))
            TimeProvider.System.GetElapsedTime(from).ShouldBeLessThan(s_patience);
    }

    /// <summary>A topic whose entries commit when the test says so, with the ids that it says.</summary>
    sealed record Topic() : LiveTopic("test:topic")
    {
        readonly SortedSet<EntryId> _entries = [];
        int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public bool IsAway { get; set; }

        public EntryId Commit(DateTimeOffset at)
        {
            var id = Id.New<EntryId>(at);
            lock (_entries)
                _entries.Add(id);
            return id;
        }

        public override Task<(IReadOnlyList<LiveItem> Items, EntryId? More)> Read(Database db, EntryId after, CancellationToken ct)
        {
            Interlocked.Increment(ref _reads);
            if (IsAway)
                throw new TimeoutException();
            lock (_entries)
            {
                List<LiveItem> some = [.. _entries.Where(e => e.Value > after).Take(200)
                    .Select(e => new LiveItem(e, new SseItem<string>("", "payment")))];
                return Task.FromResult(((IReadOnlyList<LiveItem>)some, some.Count == 200 ? some[^1].Entry : null));
            }
        }
    }

    /// <summary>A member's page, listening.</summary>
    sealed class MembersStream : IAsyncDisposable
    {
        readonly HttpResponseMessage _answer;
        readonly IAsyncEnumerator<SseItem<string>> _events;

        MembersStream(HttpResponseMessage answer, Stream stream) =>
            (_answer, _events) = (answer, SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator());

        public static async Task<MembersStream> Open(HttpClient http, Person member)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
            request.Headers.TryAddWithoutValidation("Cookie", $"ensen-member={member.Api.Token}");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {member.Api.Token}");
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
            return new MembersStream(answer, await answer.Content.ReadAsStreamAsync());
        }

        public async Task<bool> EndsBefore(string kind)
        {
            while (await _events.MoveNextAsync().AsTask().WaitAsync(s_patience))
                if (_events.Current.EventType == kind)
                    return false;
            return true;
        }

        public ValueTask DisposeAsync()
        {
            _answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
