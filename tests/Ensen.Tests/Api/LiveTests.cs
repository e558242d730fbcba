using System.Net.ServerSentEvents;
using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A till hears payments and refunds as they commit, and what it missed when it was away.</summary>
public class LiveTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_till_hears_payments_and_refunds_as_they_commit(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop, other) = (await scene.Member(10_000), await scene.Store(), await scene.Store());
        await using var till = await Listener.Open(scene.App.Http, shop);
        await using var otherTill = await Listener.Open(scene.App.Http, other);

        var payment = (await shop.Take(await member.Code(), 1_200, "o-7")).Created().Text("paymentId");
        var heard = await till.Next();
        heard.Type.ShouldBe("payment");
        heard.Json.ShouldHave("paymentId pay_", "amount int", "yen int", "points int", "paidAt instant", "receiptNumber text",
            "orderId text?");
        (heard.Text("paymentId"), heard.Text("orderId"), heard.Json.GetProperty("amount").GetInt64()).ShouldBe((payment, "o-7", 1_200));
        heard.Data.ShouldNotContain(member.Id);

        var refund = (await shop.Till.Post($"/payments/{payment}/refunds", new { amount = 200 })).Created().Text("refundId");
        heard = await till.Next();
        heard.Type.ShouldBe("refund");
        heard.Json.ShouldHave("refundId ref_", "paymentId pay_", "amount int", "yen int", "points int", "at instant", "receiptNumber text");
        (heard.Text("refundId"), heard.Text("paymentId")).ShouldBe((refund, payment));

        var elsewhere = (await member.Pay(other, 300)).Created().Text("paymentId");
        (await otherTill.Next()).Text("paymentId").ShouldBe(elsewhere);
        (await member.Pay(shop, 100)).Created();
        (await till.Next()).Json.GetProperty("amount").GetInt64().ShouldBe(100);
    }

    [Theory, BothEngines]
    public async Task A_till_that_was_away_hears_all_of_what_it_missed_in_order(Engine engine)
    {
        const int Missed = 450, AtOnce = 50;
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(500_000), await scene.Store());
        string last;
        await using (var till = await Listener.Open(scene.App.Http, shop))
        {
            (await member.Pay(shop, 1)).Created();
            last = (await till.Next()).Id;
        }

        var payments = new List<string>();
        foreach (var batch in Enumerable.Range(0, Missed).Chunk(AtOnce))
            payments.AddRange((await Task.WhenAll(batch.Select(_ => member.Pay(shop, 1)))).Select(p => p.Created().Text("paymentId")));

        await using var again = await Listener.Open(scene.App.Http, shop, last);
        var heard = new List<string>();
        while (heard.Count < Missed)
            heard.Add((await again.Next()).Text("paymentId"));

        heard.ShouldBe(payments, ignoreOrder: true);
        // Two writers may commit payments of one moment in either order; what was answered before the next was asked comes before it.
        heard.Select(p => payments.IndexOf(p) / AtOnce).ShouldBeInOrder();
        (await member.Pay(shop, 2)).Created();
        (await again.Next()).Json.GetProperty("amount").GetInt64().ShouldBe(2);
    }

    [Theory, BothEngines]
    public async Task A_last_id_that_is_none_begins_now(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(10_000), await scene.Store());
        (await member.Pay(shop, 1)).Created();

        foreach (var last in (string[])["nonsense", "ent_", "' or 1=1", "pay_" + new string('0', 26)])
        {
            await using var till = await Listener.Open(scene.App.Http, shop, last);
            (await member.Pay(shop, 7)).Created();
            (await till.Next()).Json.GetProperty("amount").GetInt64().ShouldBe(7, last);
        }
    }

    [Theory, BothEngines]
    public async Task A_till_that_is_signed_out_hears_nothing_more(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(10_000), await scene.Store());
        await using var till = await Listener.Open(scene.App.Http, shop);
        await using var node = await Workshop.Open(scene.App);

        await node.SignOutTillsOf(shop);
        (await member.Pay(shop, 100)).Created();

        (await till.Ended()).ShouldBeTrue();
    }
}

/// <summary>A till's open stream.</summary>
sealed class Listener : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    readonly HttpResponseMessage _answer;
    readonly IAsyncEnumerator<SseItem<string>> _events;

    Listener(HttpResponseMessage answer, Stream stream) =>
        (_answer, _events) = (answer, SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator());

    /// <summary>Returns when the stream is open: what commits from now on is heard.</summary>
    public static async Task<Listener> Open(HttpClient http, Shop shop, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/till/events");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {shop.Till.Token}");
        if (lastId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var listener = new Listener(answer, await answer.Content.ReadAsStreamAsync());
        (await listener._events.MoveNextAsync().AsTask().WaitAsync(s_patience)).ShouldBeTrue();
        listener._events.Current.EventType.ShouldBe("hello");
        return listener;
    }

    /// <summary>The next payment or refund.</summary>
    public async Task<Heard> Next()
    {
        do
            (await _events.MoveNextAsync().AsTask().WaitAsync(s_patience)).ShouldBeTrue("the stream ended");
        while (_events.Current.EventType == "still-here");
        return new Heard(_events.Current.EventType, _events.Current.EventId!, _events.Current.Data);
    }

    /// <summary>True when the stream ends without a further payment or refund.</summary>
    public async Task<bool> Ended()
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (await _events.MoveNextAsync().AsTask().WaitAsync(s_patience))
            if (_events.Current.EventType != "still-here" || TimeProvider.System.GetElapsedTime(deadline) > s_patience)
                return false;
        return true;
    }

    /// <summary>Hears everything that is still to come; the stream must come to a proper end.</summary>
    public async Task HearOut()
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(s_patience))
            ;
    }

    public ValueTask DisposeAsync()
    {
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }
}

sealed record Heard(string Type, string Id, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);

    public string Text(string name) => Json.GetProperty(name).GetString()!;
}
