using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Ensen.Basics;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Sandbox;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using Ensen.Tests.Web.Session;

namespace Ensen.Tests.Api.Rights;

/// <summary>Something of somebody's: its id, and who it is for by the kind of caller.</summary>
sealed record Belonging(string Id, IReadOnlyDictionary<string, string> Owners);

/// <summary>
/// Who tries every operation: a member and another, a store and another merchant's, operators with all roles and with all but one. They
/// have an app of their own, so that nobody else changes a row.
/// </summary>
sealed partial class Cast : IAsyncDisposable
{
    // Wrong attempts are counted; and what is to be done goes on by itself, as mails are sent.
    static readonly string[] s_restless = ["attempt", "job", "outbox", "sandbox_exchange", "sandbox_mail"];

    readonly Scene _scene;
    readonly Database _db;
    string _counts = "";

    Cast(WebApp app)
    {
        (App, _scene) = (app, new Scene(app));
        _db = Database.Open(app.DatabaseAddress, SandboxModule.Catalogue);
    }

    public WebApp App { get; }
    public required Person Aoi { get; init; }
    public required Person Ren { get; init; }
    public required Shop Bakery { get; init; }
    public required Shop Florist { get; init; }
    public required string Operator { get; init; }
    public required string PointTill { get; init; }
    public required string OtherPointTill { get; init; }
    public required string Order { get; init; }

    /// <summary>A token that was Aoi's until she threw its device out.</summary>
    public required string ThrownOut { get; init; }

    public static async Task<Cast> On(Engine engine)
    {
        var scene = new Scene(await WebApp.Start(engine));
        var (aoi, bakery, order) = (await scene.Member(50_000), await scene.Store(), Scene.Order());
        (await bakery.Take(await aoi.Code(), 300, order)).Created();
        (await aoi.Api.Put("/goal", new { points = 1_000 })).Ok();
        var (device, thrownOut) = await Device(scene, aoi);
        (await aoi.Api.Send(HttpMethod.Delete, $"/me/devices/{device}", null, Client.NoKey)).Status.ShouldBe(204);
        var (company, payee) = (await OpenCompany(scene, bakery.MerchantId), await OpenCompany(scene, null));
        await Trust(scene, company, payee.Id);
        var without = new Dictionary<OperatorRoles, string>();
        foreach (var role in RoleNames.Each)
            without[role] = (await scene.Operator("佐藤 二郎", [.. RoleNames.In(RoleNames.All & ~role)])).Api.Token!;
        return new Cast(scene.App)
        {
            Aoi = aoi,
            Ren = await scene.Member(50_000, name: "Ren"),
            Bakery = bakery,
            Florist = await scene.Store("花のみどり"),
            Operator = (await scene.Operator("鈴木 一郎")).Api.Token!,
            PointTill = (await scene.PointTill()).Token!,
            OtherPointTill = (await scene.PointTill()).Token!,
            Without = without,
            Order = order,
            Company = (company.Maker, company.Approver),
            Payee = payee.Id,
            ThrownOut = thrownOut,
        };
    }

    /// <summary>Somebody of this kind who owns what the operations are tried with.</summary>
    public string Owner(string kind) => kind switch
    {
        "member" => Aoi.Api.Token!,
        "till" => Bakery.Till.Token!,
        "merchant" => Company.Maker,
        "operator" => Operator,
        "point-till" => PointTill,
        _ => throw new ArgumentException($"No caller is called '{kind}'.", nameof(kind)),
    };

    /// <summary>Somebody of this kind who owns nothing of that.</summary>
    public string Stranger(string kind) => kind switch
    {
        "member" => Ren.Api.Token!,
        "till" => Florist.Till.Token!,
        "merchant" => Florist.Merchant.Token!,
        "point-till" => OtherPointTill,
        _ => throw new ArgumentException($"No stranger is called '{kind}'.", nameof(kind)),
    };

    public static IReadOnlyList<string> Kinds => ["member", "till", "merchant", "operator", "point-till"];

    /// <summary>An operator for each role, with every other.</summary>
    public required IReadOnlyDictionary<OperatorRoles, string> Without { get; init; }

    /// <summary>What is sent as this parameter; null for none. A new one is decided upon here.</summary>
    public string? Query(string name) => name switch
    {
        "limit" or "before" or "from" or "to" or "by" or "store" or "day" or "month" or "kind" or "name" or "status" or "again" => null,
        "orderId" => Order,
        "query" => Aoi.Id,
        "reason" => "asked by telephone",
        _ => throw new ArgumentException($"Nobody has said what is sent as '{name}'.", nameof(name)),
    };

    /// <summary>The id in this scene that stands where the document has one with this prefix. A new one is decided upon here.</summary>
    public string Id(string prefix) => prefix switch
    {
        "mbr_" => Ren.Id,
        "str_" => Bakery.StoreId,
        "biz_" => Payee,
        "mer_" => Bakery.MerchantId,
        "ver_" => "ver_00000000000000000000000000",
        "rwo_" => "rwo_00000000000000000000000000",
        "rwd_" => "rwd_00000000000000000000000000",
        _ => throw new ArgumentException($"Nobody has said what stands for '{prefix}'.", nameof(prefix)),
    };

    /// <summary>
    /// Something that the addresses under a path name; null where it belongs to nobody, as a tag, or where its id is a secret by itself. A
    /// new one is decided upon here.
    /// </summary>
    public async Task<Belonging?> Make(string collection)
    {
        switch (collection)
        {
            case "/tags" or "/links" or "/sessions" or "/password-resets" or "/rewards" or "/campaigns":
                return null;
            case "/console/members":
                return new Belonging(Aoi.Id, new Dictionary<string, string> { ["operator"] = Operator });
            case "/withdrawals":
                {
                    var owner = await _scene.Member(1_000);
                    var id = (await owner.Api.Post("/withdrawals", new { amount = 400 })).Created().Text("withdrawalId");
                    // The bank is asked a moment later, and its answer would look like something that somebody else has changed.
                    for (var until = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < until; await Task.Delay(20))
                        if ((await owner.Api.Get($"/withdrawals/{id}")).Ok().Text("status") == "completed")
                            return Of(owner, id);
                    throw new TimeoutException("The bank said nothing of a withdrawal.");
                }
            case "/payments" or "/receipts":
                {
                    var owner = await _scene.Member(1_000);
                    var paid = (await owner.Pay(Bakery, 400)).Created().Text("paymentId");
                    return new Belonging(paid, new Dictionary<string, string>
                    {
                        ["member"] = owner.Api.Token!,
                        ["till"] = Bakery.Till.Token!,
                        ["merchant"] = Bakery.Merchant.Token!,
                    });
                }
            case "/point-cards":
                {
                    var owner = await _scene.Member();
                    var card = (await _scene.Nobody.Post("/sandbox/point-cards", new { issuer = "umeda" }, Client.NoKey)).Created();
                    return Of(owner, (await owner.Api.Post("/point-cards",
                        new { issuer = "umeda", number = card.Text("number"), pin = card.Text("pin"), membership = "existing" }))
                        .Created().Text("cardId"));
                }
            case "/sandbox/point-cards" or "/sandbox/credit-cards":
                return null;
            case "/point-till/receipts":
                {
                    var (number, receipt) = ((await Aoi.Api.Get("/member-code")).Ok().Text("code"), Scene.Order());
                    (await new Client(App.Http, PointTill).Post("/point-till/awards", new { code = number, amount = 1_100, receipt })).Created();
                    return new Belonging(receipt, new Dictionary<string, string> { ["point-till"] = PointTill });
                }
            case "/me/challenges":
                return Of(Aoi, (await Aoi.Api.Post("/me/challenges", new { purpose = "limits", method = "password" })).Created().Text("challengeId"));
            case "/shop/tills":
                return new Belonging((await Bakery.Merchant.Get("/shop/tills")).Ok().Json.GetProperty("items")[0].GetProperty("tillId").GetString()!,
                    new Dictionary<string, string> { ["merchant"] = Bakery.Merchant.Token! });
            case "/shop/staff":
                return new Belonging((await _scene.Nobody.Post("/sandbox/shop-accounts",
                    new { merchantId = Bakery.MerchantId, name = "海 太郎", role = "clerk", storeIds = new[] { Bakery.StoreId } }, Client.NoKey))
                    .Created().Text("accountId"), new Dictionary<string, string> { ["merchant"] = Bakery.Merchant.Token! });
            case "/me/devices":
                return Of(Aoi, (await Device(_scene, Aoi)).Id);
            case "/me/bank-accounts":
                {
                    var owner = await _scene.Member();
                    return Of(owner, (await owner.Api.Get("/me/bank-accounts")).Ok().Json.GetProperty("items")[0].GetProperty("bankAccountId")
                        .GetString()!);
                }
            case "/credit-cards":
                {
                    var owner = await _scene.Member();
                    var made = (await _scene.Nobody.Post("/sandbox/credit-cards", new { }, Client.NoKey)).Created();
                    return Of(owner, (await owner.Api.Post("/credit-cards", new { linkToken = made.Text("linkToken") })).Created().Text("creditCardId"));
                }
            case "/transit-cards":
                {
                    var owner = await _scene.Member();
                    var card = (await _scene.Nobody.Post("/sandbox/transit-cards", new { }, Client.NoKey)).Created();
                    return Of(owner, (await owner.Api.Post("/transit-cards", new { number = card.Text("number"), proof = card.Text("proof") }))
                        .Created().Text("transitCardId"));
                }
            case "/business/payees" or "/business/transfers" or "/business/requests" or "/business/transfer-files":
                return OfCompany(await MakeOfCompany(collection));
            case "/requests" or "/splits":
                {
                    var (owner, asked) = (await _scene.Member(), await _scene.Member(name: "Sora"));
                    var split = (await owner.Api.Post("/splits", new { total = 20, own = 10, shares = new[] { new { from = asked.Id, amount = 10 } } }))
                        .Created();
                    return Of(owner, collection == "/splits" ? split.Text("splitId")
                        : split.Json.GetProperty("shares")[0].GetProperty("requestId").GetString()!);
                }
            case "/reward-orders":
                {
                    var owner = await _scene.MemberWithPoints(100, 1_000);
                    var reward = (await _scene.Nobody.Post("/sandbox/rewards", new { title = "環状線一日券", points = 50 }, Client.NoKey))
                        .Ok().Text("rewardId");
                    return Of(owner, (await owner.Api.Post($"/rewards/{reward}/orders", new { })).Created().Text("orderId"));
                }
            case "/shop/settlements":
                {
                    var (owner, shop) = (await _scene.Member(1_000), await _scene.Store());
                    (await owner.Pay(shop, 400)).Created();
                    (await _scene.Nobody.Post("/sandbox/clock", new { advance = "P1D" }, Client.NoKey)).Ok();
                    var settled = (await shop.Merchant.Get("/shop/settlements")).Ok().Json.GetProperty("items")[0];
                    return new Belonging(settled.GetProperty("settlementId").GetString()!,
                        new Dictionary<string, string> { ["merchant"] = shop.Merchant.Token! });
                }
            case "/console/pay-out-files" or "/sandbox/bank/pay-outs" or "/sandbox/merchants":
                return null;
            case "/console/pay-out-accounts":
                {
                    var (first, shop) = (await _scene.Operator("伊藤 三郎"), await _scene.Store());
                    var proposed = (await first.Api.Post("/console/pay-out-accounts", new
                    {
                        merchantId = shop.MerchantId,
                        bankCode = "0005",
                        branchCode = "001",
                        kind = "ordinary",
                        number = "1234567",
                        holderKana = "パンコウボウ",
                        reason = "asked for",
                    })).Created();
                    return new Belonging(proposed.Text("accountId"), new Dictionary<string, string> { ["operator"] = Operator });
                }
            case "/console/merchant-applications":
                return null;
            case "/console/goodwill":
                {
                    var (first, member) = (await _scene.Operator("伊藤 三郎"), await _scene.Member());
                    var proposed = (await first.Api.Post("/console/goodwill", new
                    {
                        memberId = member.Id,
                        points = 10,
                        expiresOn = JapanDay.Of(DateTimeOffset.UtcNow).ToString(),
                        reason = "for the rain",
                    })).Created();
                    return new Belonging(proposed.Text("goodwillId"), new Dictionary<string, string> { ["operator"] = Operator });
                }
            case "/console/card-revocations":
                {
                    var first = await _scene.Operator("伊藤 三郎");
                    var proposed = (await first.Api.Post("/console/card-revocations", new { numbers = new[] { "637654321" }, reason = "for sale" }))
                        .Created();
                    return new Belonging(proposed.Text("revocationId"), new Dictionary<string, string> { ["operator"] = Operator });
                }
            case "/console/campaigns":
                {
                    var first = await _scene.Operator("伊藤 三郎");
                    var proposed = (await first.Api.Post("/console/campaigns", new
                    {
                        nameJa = "雨の日",
                        nameEn = "Rainy days",
                        from = DateTimeOffset.UtcNow,
                        until = DateTimeOffset.UtcNow.AddDays(30),
                        gift = new { kind = "fixed", amount = 10 },
                        budget = 1_000,
                        lastsDays = 60,
                    })).Created();
                    return new Belonging(proposed.Text("campaignId"), new Dictionary<string, string> { ["operator"] = Operator });
                }
            case "/me/passkeys":
                {
                    await using var place = new PasskeyPlace(App);
                    var (owner, id) = (await place.Member(), "");
                    id = (await place.Add(owner)).Json.GetProperty("passkeyId").GetString()!;
                    return new Belonging(id, new Dictionary<string, string> { ["member"] = owner.Token! });
                }
            case "/me/verifications":
                {
                    var owner = await _scene.Member(verified: false);
                    return Of(owner, await Verification(owner));
                }
            case "/console/recoveries":
                {
                    var owner = await _scene.Member();
                    var first = await _scene.Operator("伊藤 三郎");
                    var proposed = (await first.Api.Post($"/console/members/{owner.Id}/recoveries",
                        new { reason = "papers seen", bornOn = "1990-04-01" }, Client.NoKey)).Created();
                    return new Belonging(proposed.Text("recoveryId"), new Dictionary<string, string> { ["operator"] = Operator });
                }
            case "/console/verifications":
                {
                    var owner = await _scene.Member(verified: false);
                    var id = await Verification(owner);
                    (await _scene.Nobody.Post("/sandbox/identity-pictures", new { verificationId = id }, Client.NoKey)).Ok();
                    return new Belonging(id, new Dictionary<string, string> { ["operator"] = Operator });
                }
            default:
                throw new ArgumentException($"Nobody has said how something of '{collection}' is made.", nameof(collection));
        }
    }

    /// <summary>Aoi proves who she is for a purpose; null where a password is no way to.</summary>
    public async Task<string?> Prove(string purpose)
    {
        var begun = await Patiently(() => Aoi.Api.Post("/me/challenges", new { purpose, method = "password" }));
        if (begun.Status == 422)
            return null;
        var id = begun.Created().Text("challengeId");
        (await Patiently(() => Aoi.Api.Post($"/me/challenges/{id}/answer", new { password = Aoi.Password }))).Ok().Text("status")
            .ShouldBe("passed");
        return id;
    }

    /// <summary>Nobody begins sixty proofs at once and more than one a second afterwards; whoever tries everything comes again.</summary>
    static async Task<Reply> Patiently(Func<Task<Reply>> ask)
    {
        for (var tries = 0; ; tries++)
            if (await ask() is var answer && (answer.Status != 429 || tries == 20))
                return answer;
            else
                await Task.Delay(TimeSpan.FromSeconds(1)); // The limit is of real time: one a second.
    }

    /// <summary>The tables whose number of rows is another than at the last look.</summary>
    public async Task<IReadOnlyList<string>> Changed()
    {
        await using var connection = await _db.Connect();
        var tables = (await connection.QueryAsync<string>(_db.Engine == Engine.Postgres
            ? "select tablename from pg_tables where schemaname = current_schema() order by tablename"
            : "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")).Except(s_restless).ToList();
        var now = string.Join('\n', await connection.QueryAsync<string>(string.Join(" union all ", tables.Select(
            table => $"select '{table} ' || count(*) from \"{table}\""))));
        var before = Interlocked.Exchange(ref _counts, now);
        return before.Length == 0 ? [] : [.. now.Split('\n').Except(before.Split('\n'))];
    }

    static Belonging Of(Person owner, string id) => new(id, new Dictionary<string, string> { ["member"] = owner.Api.Token! });

    static async Task<string> Verification(Person owner) => (await owner.Api.Post("/me/verifications", new
    {
        method = "image",
        name = "青井 美咲",
        kana = "アオイ ミサキ",
        bornOn = "1990-04-01",
        address = "大阪市北区天神橋一丁目1番1号",
    })).Created().Text("verificationId");

    static async Task<(string Id, string Token)> Device(Scene scene, Person owner)
    {
        // Without digits: a dozen of them are now and then the number of a payment card, which no name may hold.
        var name = $"Tablet {RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 20)}";
        var token = (await scene.Nobody.Post("/sessions", new { email = owner.Email, password = owner.Password, device = name }, Client.NoKey))
            .Created().Text("token");
        return ((await owner.Api.Get("/me/devices")).Ok().Json.GetProperty("items").EnumerateArray()
            .Single(d => d.GetProperty("name").GetString() == name).GetProperty("id").GetString()!, token);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await App.DisposeAsync();
    }
}
