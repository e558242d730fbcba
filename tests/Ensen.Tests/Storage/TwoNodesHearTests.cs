using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using Dapper;
using Ensen.Access;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Merchants;
using Ensen.Tests.Support;
using Npgsql;

namespace Ensen.Tests.Storage;

/// <summary>
/// Two nodes on one PostgreSQL that keep sessions, stores and tags in memory: what one node ends, closes or revokes is over on the other,
/// soon while it hears of it, and two seconds later at the latest when it hears nothing any more.
/// </summary>
public class TwoNodesHearTests
{
    static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_latest = TimeSpan.FromSeconds(2.3);

    [Fact]
    public Task A_session_is_kept_while_its_end_would_be_heard_and_dies_when_it_is() =>
        OneQuietTry.Shows(async () =>
        {
            await using var here = await Street.Open(Engine.Postgres);
            await using var there = here.SecondNode();
            await BothHear(here, there);
            var token = (await here.Sessions.Open(Subject.Member(Guid.NewGuid()), "Phone")).Token;
            (await there.Sessions.Who(token)).ShouldNotBeNull();

            // By hand and unannounced: the other node still trusts what it knows, which shows that it does not ask the database.
            await Change(here, "update session set ended_ms = 1");
            await Task.Delay(s_latest); // So long a node that hears nothing would trust it at most.
            (await there.Sessions.Who(token)).ShouldNotBeNull();

            await Change(here, "update session set ended_ms = null");
            await here.Sessions.End(token);
            (await here.Sessions.Who(token)).ShouldBeNull();
            await Within(s_soon, async () => await there.Sessions.Who(token) is null);
        });

    [Fact]
    public Task A_node_that_becomes_deaf_trusts_nothing_longer_than_two_seconds() =>
        OneQuietTry.Shows(async () =>
        {
            await using var here = await Street.Open(Engine.Postgres);
            await using var connection = (NpgsqlConnection)await here.Db.Connect();
            await using var wire = new DeafWire(connection.Host!, connection.Port);
            await using var there = Database.Open(
                $"postgres:{Environment.GetEnvironmentVariable("ENSEN_TEST_POSTGRES")};Database={connection.Database};Host=127.0.0.1;Port={wire.Port};SSL Mode=Disable", SandboxModule.Catalogue);
            here.Db.Notifications.Start();
            there.Notifications.Start();
            await Within(TimeSpan.FromSeconds(10), () => Task.FromResult(there.Notifications.Behind < s_soon));
            var (sessions, stores, tags) = (new Sessions(there, new Ensen.Basics.Programme(), here.Clock), new Stores(there, here.Clock),
                new Tags(there, here.Clock));
            var token = (await here.Sessions.Open(Subject.Member(Guid.NewGuid()), "Phone")).Token;
            var store = await here.Store();
            (await sessions.Who(token)).ShouldNotBeNull();
            (await stores.Find(store.Store.Id))!.State.ShouldBe(StoreState.Open);
            (await tags.Resolve(store.TagId)).Accepted.ShouldBeTrue();

            wire.IsDeaf = true;
            await here.Sessions.End(token);
            await Change(here, "update store set state = 2");
            await here.Tags.Revoke(store.Store.Merchant, store.TagId);
            var over = Stopwatch.StartNew();

            await Within(s_latest, async () => (await tags.Resolve(store.TagId)).Refusal == TagRefusal.TagRevoked);
            await Within(s_latest, async () => await sessions.Who(token) is null);
            await Within(s_latest, async () => await stores.Find(store.Store.Id) is { State: StoreState.Suspended });
            over.Elapsed.ShouldBeLessThan(s_latest + s_soon);
        });

    [Fact]
    public Task A_store_that_closes_and_a_tag_that_is_stolen_are_over_on_both_nodes() =>
        OneQuietTry.Shows(async () =>
        {
            await using var here = await Street.Open(Engine.Postgres);
            await using var there = here.SecondNode();
            await BothHear(here, there);
            var opened = await here.Store();
            foreach (var node in new[] { here, there })
            {
                (await node.Stores.Find(opened.Store.Id))!.State.ShouldBe(StoreState.Open);
                (await node.Tags.Resolve(opened.TagId)).Accepted.ShouldBeTrue();
            }

            await here.Db.Transact(async tx =>
            {
                await here.Stores.Changing(tx, opened.Store.Id);
                await tx.Connection!.ExecuteAsync("update store set state = 2", transaction: tx);
            });
            here.Stores.Changed(opened.Store.Id);
            (await here.Stores.Find(opened.Store.Id))!.State.ShouldBe(StoreState.Suspended);
            await Within(s_soon, async () => await there.Stores.Find(opened.Store.Id) is { State: StoreState.Suspended });

            (await here.Tags.Revoke(opened.Store.Merchant, opened.TagId, stolen: true)).ShouldBeTrue();
            (await here.Tags.Resolve(opened.TagId)).Refusal.ShouldBe(TagRefusal.TagRevoked);
            await Within(s_soon, async () => (await there.Tags.Resolve(opened.TagId)).Refusal == TagRefusal.TagRevoked);
        });

    [Fact]
    public Task News_of_a_transaction_that_is_rolled_back_is_none() =>
        OneQuietTry.Shows(async () =>
        {
            await using var here = await Street.Open(Engine.Postgres);
            await using var there = here.SecondNode();
            await BothHear(here, there);
            var heard = new List<string?>();
            there.Db.Notifications.Follow("test", heard.Add);

            await Should.ThrowAsync<InvalidOperationException>(() => here.Db.Transact(async Task (tx) =>
            {
                await here.Db.Notifications.Announce(tx, "test:undone");
                throw new InvalidOperationException();
            }));
            await here.Db.Transact(tx => here.Db.Notifications.Announce(tx, "test:done"));

            await Within(s_soon, () => Task.FromResult(heard.Count > 0));
            heard.ShouldBe(["done"]);
        });

    static Task BothHear(Street here, Street there)
    {
        here.Db.Notifications.Start();
        there.Db.Notifications.Start();
        return Within(TimeSpan.FromSeconds(10), () => Task.FromResult(here.Db.Notifications.Behind < s_soon
            && there.Db.Notifications.Behind < s_soon));
    }

    static async Task Change(Street street, string sql)
    {
        await using var connection = await street.Db.Connect();
        await connection.ExecuteAsync(sql);
    }

    static async Task Within(TimeSpan atMost, Func<Task<bool>> holds)
    {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(10))
            waited.Elapsed.ShouldBeLessThan(atMost);
    }

    /// <summary>A wire to PostgreSQL on which, once it is deaf, nothing comes back to whoever listens; all else goes on.</summary>
    sealed class DeafWire : IAsyncDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource _stop = new();
        readonly Task _accepting;

        public DeafWire(string host, int port)
        {
            _listener.Start();
            _accepting = Accept(host, port);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public volatile bool IsDeaf;

        async Task Accept(string host, int port)
        {
            try
            {
                while (true)
                    _ = Carry(await _listener.AcceptTcpClientAsync(_stop.Token), host, port);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The wire is taken down.
            }
        }

        async Task Carry(TcpClient near, string host, int port)
        {
            using var far = new TcpClient();
            using (near)
            {
                try
                {
                    await far.ConnectAsync(host, port, _stop.Token);
                    var listens = false;
                    await Task.WhenAny(
                        Pump(near, far, bytes => { listens |= bytes.AsSpan().IndexOf("listen ensen"u8) >= 0; return true; }),
                        Pump(far, near, _ => !(listens && IsDeaf)));
                }
                catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
                {
                    // One end went away; both are closed.
                }
            }
        }

        async Task Pump(TcpClient from, TcpClient to, Func<byte[], bool> look)
        {
            var buffer = new byte[64 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is var read and > 0)
            {
                var bytes = buffer[..read];
                if (look(bytes))
                    await to.GetStream().WriteAsync(bytes, _stop.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _stop.Dispose();
        }
    }
}
