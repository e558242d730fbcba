using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A body of 100 MB is answered before it is read, and is never kept in memory.</summary>
public class HugeBodyTests(Servers servers)
{
    const int Chunk = 1 << 20;
    const int Chunks = 100;

    [Theory, BothEngines("length"), BothEngines("chunks"), BothEngines("deep")]
    public async Task A_hundred_megabytes_are_refused_at_once(Engine engine, string how)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var before = (Memory: await Memory(scene.App), AccountState: await member.AccountState());
        var start = $$"""{"storeId":"{{shop.StoreId}}","amount":100,"points":{{(how == "deep" ? "[[" : "")}}""";
        var waited = Stopwatch.StartNew();

        var answer = await Send(scene.App, member.Api.Token!, how != "length", start, how == "deep" ? '[' : ' ');

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"code\":\"invalid_");
        waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await Memory(scene.App) - before.Memory).ShouldBeLessThan(64 << 20);
        (await member.AccountState()).ShouldBe(before.AccountState);
        (await member.Pay(shop, 100)).Created();
    }

    [Theory, BothEngines]
    public async Task A_body_that_never_comes_holds_nobody_up(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var sockets = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
        {
            var socket = await Connect(scene.App);
            sockets.Add(socket);
            await socket.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes(Head(scene.App, member.Api.Token!, "Content-Length: 1000") + "{\"storeId\":"));
        }

        (await member.Pay(shop, 100)).Created();

        sockets.ForEach(s => s.Dispose());
    }

    /// <summary>Sends until it is all sent or the server has had enough, and returns what the server said.</summary>
    static async Task<string> Send(WebApp app, string token, bool chunked, string start, char filler)
    {
        using var socket = await Connect(app);
        var stream = socket.GetStream();
        var body = Encoding.ASCII.GetBytes(new string(filler, Chunk));
        start = start.PadRight(1_000);
        var answer = Read(stream);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                Head(app, token, chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {(long)Chunk * Chunks}")
                    + (chunked ? $"{1_000:x}\r\n{start}\r\n" : start)));
            for (var i = 0; i < Chunks && !answer.IsCompleted; i++)
            {
                if (chunked)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Chunk:x}\r\n"));
                await stream.WriteAsync(body);
                if (chunked)
                    await stream.WriteAsync("\r\n"u8.ToArray());
            }
        }
        catch (IOException)
        {
            // The server closed the door; what it said is read already.
        }
        return await answer.WaitAsync(TimeSpan.FromSeconds(20));
    }

    static async Task<string> Read(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        while (!text.ToString().Contains("\"code\"", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer);
            if (count == 0)
                break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        return text.ToString();
    }

    static string Head(WebApp app, string token, string length) =>
        $"POST /api/v1/payments HTTP/1.1\r\nHost: {new Uri(app.Address).Authority}\r\nAuthorization: Bearer {token}\r\n"
        + $"Content-Type: application/json\r\nIdempotency-Key: {Guid.NewGuid()}\r\n{length}\r\n\r\n";

    static async Task<TcpClient> Connect(WebApp app)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", new Uri(app.Address).Port);
        return socket;
    }

    static async Task<long> Memory(WebApp app)
    {
        var line = (await app.Http.GetStringAsync("/metrics")).Split('\n').Single(
            l => l.StartsWith("process_working_set_bytes{", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
