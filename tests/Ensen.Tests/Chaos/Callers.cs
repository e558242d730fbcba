using System.Collections.Concurrent;
using System.Diagnostics;
using Ensen.Tests.Api;
using Ensen.Tests.Support;
using Shop = Ensen.Tests.Api.Shop;

namespace Ensen.Tests.Chaos;

/// <summary>
/// Sixteen callers who share a few members and stores. They pay, send and show codes, repeat requests with the same key on purpose, and
/// write down what they asked and what they were told. What they were not told they find out by asking again.
/// </summary>
sealed class Callers : IDisposable
{
    public const int Count = 16;
    const int Members = 6;
    const int MostSample = 200;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    readonly List<Person> _members = [];
    readonly List<Shop> _stores = [];
    readonly List<HttpClient> _opened = [];
    readonly ConcurrentDictionary<Uri, int> _silences = new();
    readonly ConcurrentDictionary<Uri, int> _putOff = new();
    readonly TimeSpan _perTry;
    volatile HttpClient[] _doors = [];

    Callers(TimeSpan perTry) => _perTry = perTry;

    public History History { get; } = new();

    /// <summary>The nodes that are asked now.</summary>
    public IReadOnlyList<HttpClient> Doors => _doors;

    /// <summary>How many tries this node left without a word.</summary>
    public int SilencesOf(WebApp node) => _silences.GetValueOrDefault(new Uri(node.Address));

    /// <summary>
    /// How many tries this node answered with "ask again", as one does who meets the other node at the same account too often.
    /// </summary>
    public int PutOffBy(WebApp node) => _putOff.GetValueOrDefault(new Uri(node.Address));

    /// <param name="perTry">How long a caller waits for one answer before it calls the outcome unknown.</param>
    public static async Task<Callers> Gather(WebApp app, TimeSpan perTry)
    {
        var callers = new Callers(perTry);
        var scene = new Scene(app);
        for (var i = 0; i < Members; i++)
        {
            // One is nearly poor: some of what is asked of that one is refused.
            var start = i == 0 ? 2_000 : 200_000;
            var member = await scene.Member(start);
            callers._members.Add(member);
            callers.History.Start.Add(member.Id, start);
        }
        for (var i = 0; i < 2; i++)
            callers._stores.Add(await scene.Store());
        callers.History.Stores.AddRange(callers._stores.Select(s => s.StoreId));
        callers.GoTo(app);
        return callers;
    }

    /// <summary>From now on these nodes are asked, each try at any of them.</summary>
    public void GoTo(params IEnumerable<WebApp> nodes)
    {
        var doors = nodes.Select(n => new HttpClient { BaseAddress = new Uri(n.Address), Timeout = _perTry }).ToArray();
        lock (_opened)
            _opened.AddRange(doors);
        _doors = doors;
    }

    /// <summary>Everybody asks, one request after the other, until <paramref name="enough"/> is done.</summary>
    public Task ActUntil(Task enough) => Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(async () =>
    {
        while (!enough.IsCompleted)
            foreach (var call in await Wish())
                await Insist(call, times: Random.Shared.Next(1, 4));
    })));

    /// <summary>Usually one request; sometimes the same one twice, or two tills with the code that one member shows.</summary>
    async Task<IReadOnlyList<Call>> Wish()
    {
        var random = Random.Shared;
        var member = _members[random.Next(Members)];
        var store = _stores[random.Next(_stores.Count)];
        var amount = random.Next(1, 500);
        switch (random.Next(8))
        {
            case 0 when await Code(member) is { } code:
                return [.. from till in random.Next(3) == 0 ? _stores : [store] select Take(member, till, amount, code)];
            case 1 or 2 or 3:
                var to = _members[random.Next(Members)];
                return to == member ? [] : [Send(member, to, amount)];
            default:
                return [History.Add(new Call(Deed.Pay, member.Id, store.StoreId, amount, "/payments", new { storeId = store.StoreId, amount }, member.Api))];
        }
    }

    public Call Send(Person member, Person to, int amount) =>
        History.Add(new Call(Deed.Send, member.Id, to.Id, amount, "/transfers", new { to = to.Id, amount }, member.Api));

    public Call Take(Person member, Shop till, int amount, string code)
    {
        var orderId = Scene.Order();
        return History.Add(new Call(Deed.Take, member.Id, till.StoreId, amount, "/till/payments", new { code, amount, orderId }, till.Till, orderId, code));
    }

    /// <summary>A code to show; null when none is given now.</summary>
    public async Task<string?> Code(Person member)
    {
        try
        {
            var reply = await member.Api.At(AnyDoor()).Post("/codes");
            return reply.Status == 201 ? reply.Text("code") : null;
        }
        catch (Exception e) when (IsSilence(e))
        {
            await Task.Delay(20);
            return null;
        }
    }

    public IReadOnlyList<Person> People => _members;
    public IReadOnlyList<Shop> Shops => _stores;

    /// <summary>
    /// Asks up to so many times, always with the same key: after an answer to hear it again, after silence to learn what became of it.
    /// </summary>
    async Task Insist(Call call, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (Random.Shared.Next(8) == 0)
                await Task.WhenAll(Try(call), Try(call));
            else
                await Try(call);
            if (call.Answer is not null && Random.Shared.Next(4) != 0)
                return;
        }
    }

    public async Task Try(Call call, HttpClient? door = null)
    {
        call.Try();
        door ??= AnyDoor();
        try
        {
            var reply = await call.Speaker.At(door).Post(call.Path, call.Body, call.Key);
            if (IsAnswer(reply))
            {
                History.Learn(call, reply);
                return;
            }
            if (!IsAskAgain(reply))
                call.Complain($"was answered {reply.Status} {reply.Body}");
            _putOff.AddOrUpdate(door.BaseAddress!, 1, (_, n) => n + 1);
        }
        catch (Exception e) when (IsSilence(e))
        {
            // Nobody answers, or not in time.
            _silences.AddOrUpdate(door.BaseAddress!, 1, (_, n) => n + 1);
        }
        History.Lose(call);
        await Task.Delay(20);
    }

    HttpClient AnyDoor() =>
        _doors is var doors ? doors[Random.Shared.Next(doors.Length)] : throw new InvalidOperationException("Nobody is to be asked.");

    static bool IsAnswer(Reply reply) =>
        reply.Status is 201 or 409 or 410 or 422 or 423 && !(reply.Status == 409 && reply.Text("code") == "in_progress");

    static bool IsAskAgain(Reply reply) => (reply.Status, reply.MediaType) switch
    {
        (503, "application/problem+json") => reply.Text("code") == "try_again" && reply.Headers.RetryAfter is not null,
        (409 or 429, _) => true,
        _ => false,
    };

    static bool IsSilence(Exception e) => e is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException;

    /// <summary>
    /// Finds out what became of every request without an answer: an order by the till's enquiry, and each with its key again.
    /// </summary>
    /// <returns>How many now have one.</returns>
    public async Task<int> Resolve()
    {
        var open = History.Calls.Where(c => c.Answer is null).ToList();
        await AtMost(Count, open, async call =>
        {
            var known = call.Order is null ? null : await Enquire(call);
            var waited = Stopwatch.StartNew();
            while (call.Answer is null && waited.Elapsed < s_patience)
                await Try(call);
            if (known is not null && (!call.Accepted || call.Id != known))
                call.Complain($"is payment {known} to the enquiry and then answered {call.Answer?.Status} {call.Answer?.Body}");
        });
        return open.Count(c => c.Answer is not null);
    }

    async Task<string?> Enquire(Call call)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience; await Task.Delay(20))
        {
            try
            {
                var reply = await call.Speaker.At(AnyDoor()).Get($"/till/payments?orderId={call.Order}");
                if (reply.Status is 200 or 404)
                    return reply.Status == 200 ? reply.Text("paymentId") : null;
            }
            catch (Exception e) when (IsSilence(e))
            {
                // Later.
            }
        }
        return null;
    }

    /// <summary>Asks for some of what was answered long ago once more: the same answer, and marked as a repeat.</summary>
    public async Task AskAgain()
    {
        var some = History.Calls.Where(c => c.Answer is not null).ToArray();
        Random.Shared.Shuffle(some);
        await AtMost(Count, some.Take(MostSample), async call =>
        {
            var waited = Stopwatch.StartNew();
            var reply = await call.Speaker.At(AnyDoor()).Post(call.Path, call.Body, call.Key);
            // Whoever was refused often is told to come again, which is no answer.
            for (; reply.Status == 429 && waited.Elapsed < s_patience; await Task.Delay(100))
                reply = await call.Speaker.At(AnyDoor()).Post(call.Path, call.Body, call.Key);
            History.Learn(call, reply);
            if (call.Accepted && !reply.Replayed)
                call.Complain($"was answered {call.Answer!.Body}, and is done again");
        });
    }

    static Task AtMost(int many, IEnumerable<Call> calls, Func<Call, Task> ask) =>
        Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = many }, async (call, _) => await ask(call));

    public void Dispose()
    {
        foreach (var door in _opened)
            door.Dispose();
    }
}
