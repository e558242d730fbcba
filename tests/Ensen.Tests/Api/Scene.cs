using System.Text.Json;
using Ensen.Merchants;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>A member as a partner's program knows one.</summary>
public sealed record Person(string Id, Client Api, string Email = "", string Password = "", string Telephone = "")
{
    public async Task<JsonElement> Wallet() => (await Api.Get("/wallet")).Ok().Json;

    public async Task<long> Balance() => (await Wallet()).GetProperty("balance").GetInt64();

    public async Task<string> Code() => (await Api.Post("/codes")).Created().Text("code");

    public async Task<Reply> Pay(Shop shop, long amount, long points = 0, string? key = null) =>
        await Api.Post("/payments", new { storeId = shop.StoreId, amount, points }, key);

    /// <summary>Everything of this member that a posting would change.</summary>
    public async Task<string> AccountState() => $"{await Wallet()} {(await Api.Get("/history?limit=100")).Ok().Json}";
}

/// <summary>A store with one till, as a partner's program knows it.</summary>
public sealed record Shop(string MerchantId, string StoreId, string TagId, string TagUrl, string Qr, Client Till, Client Merchant)
{
    public Task<Reply> Take(string code, long amount, string orderId, string? key = null) =>
        Till.Post("/till/payments", new { code, amount, orderId }, key);
}

/// <summary>Members and stores of one test, made through the sandbox.</summary>
sealed class Scene(WebApp app)
{
    public WebApp App => app;

    public Client Nobody { get; } = new(app.Http);

    /// <summary>Whoever has this token.</summary>
    public Client As(string token) => new(app.Http, token);

    public async Task<Person> Member(long balance = 0, bool verified = true, string name = "Aoi")
    {
        var made = (await Nobody.Post("/sandbox/members", new { name, verified, balance }, Client.NoKey)).Created();
        return new Person(made.Text("memberId"), new Client(app.Http, made.Text("token")), made.Text("email"),
            made.Text("password"), made.Text("telephone"));
    }

    public async Task<Shop> Store(string name = "パン工房つるはし", string area = "鶴橋")
    {
        var made = (await Nobody.Post("/sandbox/stores", new { name, area }, Client.NoKey)).Created();
        return new Shop(made.Text("merchantId"), made.Text("storeId"), made.Text("tagId"), made.Text("tagUrl"), made.Text("qr"),
            new Client(app.Http, made.Text("tillToken")), new Client(app.Http, made.Text("merchantToken")));
    }

    /// <summary>The point till of a new shopping centre.</summary>
    public async Task<Client> PointTill(string name = "なんばモール") =>
        new(app.Http, (await Nobody.Post("/sandbox/centres", new { name }, Client.NoKey)).Created().Text("pointTillToken"));

    /// <summary>An operator with these roles; with all where none is said.</summary>
    public async Task<(string Id, Client Api)> Operator(string name, params string[] roles)
    {
        var made = (await Nobody.Post("/sandbox/operators", roles.Length == 0 ? new { name } : new { name, roles }, Client.NoKey)).Created();
        return (made.Text("operatorId"), new Client(app.Http, made.Text("token")));
    }

    /// <summary>A member who has earned points: 20,000 yen paid are 100 points.</summary>
    public async Task<Person> MemberWithPoints(long points, long balance)
    {
        var member = await Member(balance + points * 200);
        (await member.Pay(await Store("たこ焼き なにわ"), points * 200)).Created();
        return member;
    }

    public static string Order() => "o-" + Guid.NewGuid().ToString("N")[..12];
}
