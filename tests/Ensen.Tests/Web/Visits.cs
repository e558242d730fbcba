using System.Globalization;
using System.Text.RegularExpressions;
using Ensen.Tests.Api;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>Who opens a page. A visitor is signed in nowhere.</summary>
enum Who
{
    RequestDevice = 0,
    Member = 1,
    Till = 2,
    Merchant = 3,
    Operator = 4,
    PointTill = 5,
}

/// <summary>One address opened by one person: what is answered, and what stands on it.</summary>
/// <param name="Route">The address as the program maps it.</param>
/// <param name="To">Where a redirect leads, or a text of the page.</param>
sealed record Visit(string Route, string Address, Who Who, int Status, string To);

/// <summary>
/// An address for each one that the program has, with things in it that happened: a payment, its refund, a transfer, a charge.
/// </summary>
sealed partial class Visits
{
    readonly Dictionary<Who, string?> _tokens;

    Visits(IReadOnlyList<Visit> all, Dictionary<Who, string?> tokens) => (All, _tokens) = (all, tokens);

    /// <summary>What each address shows those whom it is for.</summary>
    public IReadOnlyList<Visit> All { get; }

    public HttpRequestMessage Request(Who who, string address, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", "en");
        if (_tokens[who] is { } token)
            request.Headers.Add("Cookie", $"ensen-{(who == Who.PointTill ? "point-till" : who.ToString().ToLowerInvariant())}={token}");
        return request;
    }

    public static async Task<Visits> Prepare(WebApp app)
    {
        var scene = new Scene(app);
        var (member, other, shop) = (await scene.Member(60_000, name: "青井 花"), await scene.Member(name: "緑川 空"),
            await scene.Store("Bread"));
        var withdrawal = (await member.Api.Post("/withdrawals", new { amount = 12 })).Created().Text("withdrawalId");
        var link = (await member.Api.Post("/links", new { amount = 21, note = "for bread" })).Created();
        (await member.Pay(shop, 20_000)).Created();
        var paid = (await member.Pay(shop, 1_234)).Created().Text("paymentId");
        var refund = (await shop.Till.Post($"/payments/{paid}/refunds", new { amount = 345 })).Created().Text("refundId");
        var sent = (await member.Api.Post("/transfers", new { to = other.Id, amount = 777, note = "Lunch" })).Created().Text("transferId");
        var charge = (await member.Api.Post("/charges", new { source = "card", amount = 3_000 })).Created().Text("chargeId");
        var reward = (await scene.Nobody.Post("/sandbox/rewards", new { title = "環状線一日券", points = 5, worthYen = 9 }, Client.NoKey))
            .Ok().Text("rewardId");
        var asked = (await other.Api.Post("/requests", new { from = member.Id, amount = 432, note = "for tea" })).Created().Text("requestId");
        var split = (await member.Api.Post("/splits", new { total = 600, own = 100, shares = new[] { new { from = other.Id, amount = 500 } } }))
            .Created().Text("splitId");
        var order = (await member.Api.Post($"/rewards/{reward}/orders", new { quantity = 1 })).Created().Text("orderId");
        var made = (await scene.Nobody.Post("/sandbox/point-cards", new { issuer = "umeda" }, Client.NoKey)).Created();
        var card = (await member.Api.Post("/point-cards",
            new { issuer = "umeda", number = made.Text("number"), pin = made.Text("pin"), membership = "existing" })).Created().Text("cardId");
        var tokens = new Dictionary<Who, string?>
        {
            [Who.RequestDevice] = null,
            [Who.Member] = member.Api.Token,
            [Who.Till] = shop.Till.Token,
            [Who.Merchant] = shop.Merchant.Token,
            [Who.PointTill] = (await scene.Nobody.Post("/sandbox/centres", new { name = "Namba Mall" }, Client.NoKey)).Created()
                .Text("pointTillToken"),
            [Who.Operator] = (await scene.Operator("鈴木 一郎")).Api.Token,
        };
        var visits = new Visits([], tokens);
        (await scene.Nobody.Post("/sandbox/businesses", new { name = "Bread", merchantId = shop.MerchantId }, Client.NoKey)).Created();
        var ticket = TicketOf(await Text(app, visits.Request(Who.Member, $"/t/{shop.TagId}")));
        var day = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(9)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (month, unknown) = (day[..7], $"pay_{Guid.CreateVersion7():N}");
        var until = DateTimeOffset.UtcNow.AddMinutes(4).ToUnixTimeSeconds();
        return new Visits(
        [
            new("/", "/", Who.RequestDevice, 302, "/welcome"),
            new("/", "/", Who.Member, 200, "777"),
            new("/pay", "/pay", Who.Member, 200, "class=\"num digits\""),
            new("/t/{Tag}", $"/t/{shop.TagId}", Who.Member, 200, "Bread"),
            new("/t/{Tag}", "/t/tag_nothing", Who.Member, 404, "role=\"alert\""),
            new("/pay/to", $"/pay/to?ticket={ticket}", Who.Member, 200, "Bread"),
            new("/pay/done/{Payment}", $"/pay/done/{paid}", Who.Member, 200, "1,234"),
            new("/pay/done/{Payment}", $"/pay/done/{unknown}", Who.Member, 404, "<h1>"),
            new("/pay/not-paid", "/pay/not-paid?why=over_limit", Who.Member, 200, "role=\"alert\""),
            new("/pay/checking/{Intent}", $"/pay/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/send/checking/{Intent}", $"/send/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/charge/checking/{Intent}", $"/charge/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/pay/intents/{intent}", $"/pay/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/send/intents/{intent}", $"/send/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/charge/intents/{intent}", $"/charge/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/charge", "/charge", Who.Member, 200, "name=\"source\""),
            new("/charge/{Id}", $"/charge/{charge}", Who.Member, 200, "3,000"),
            new("/charge/{Id}", "/charge/chg_nothing", Who.Member, 404, "<h1>"),
            new("/send", "/send", Who.Member, 200, "name=\"to\""),
            new("/charge/auto", "/charge/auto", Who.Member, 200, "name=\"perMonth\""),
            new("/withdraw", "/withdraw", Who.Member, 200, withdrawal),
            new("/withdraw/{Withdrawal}", $"/withdraw/{withdrawal}", Who.Member, 200, "****"),
            new("/withdraw/{Withdrawal}", "/withdraw/wdr_nothing", Who.Member, 404, "<h1>"),
            new("/withdraw/checking/{Intent}", $"/withdraw/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/withdraw/intents/{intent}", $"/withdraw/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/send/link", "/send/link", Who.Member, 200, "name=\"note\""),
            new("/send/link/checking/{Intent}", $"/send/link/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/send/link/intents/{intent}", $"/send/link/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/send/links", "/send/links", Who.Member, 200, link.Text("linkId")),
            new("/send/links/{Link}", $"/send/links/{link.Text("linkId")}", Who.Member, 200, link.Text("token")),
            new("/send/links/{Link}", "/send/links/lnk_nothing", Who.Member, 404, "<h1>"),
            new("/l/{Token}", $"/l/{link.Text("token")}", Who.RequestDevice, 200, "for bread"),
            new("/l/{Token}", $"/l/{link.Text("token")}", Who.Member, 200, link.Text("linkId")),
            new("/l/{Token}", "/l/nothing", Who.RequestDevice, 404, "role=\"alert\""),
            new("/requests", "/requests", Who.Member, 200, asked),
            new("/requests/new", "/requests/new", Who.Member, 200, "name=\"from\""),
            new("/requests/split", "/requests/split", Who.Member, 200, "name=\"total\""),
            new("/requests/{Request}", $"/requests/{asked}", Who.Member, 200, "for tea"),
            new("/requests/{Request}", "/requests/req_nothing", Who.Member, 404, "<h1>"),
            new("/requests/splits/{Split}", $"/requests/splits/{split}", Who.Member, 200, "600"),
            new("/requests/splits/{Split}", "/requests/splits/spl_nothing", Who.Member, 404, "<h1>"),
            new("/requests/checking/{Intent}", $"/requests/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/requests/intents/{intent}", $"/requests/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/send/done/{Transfer}", $"/send/done/{sent}", Who.Member, 200, "777"),
            new("/send/done/{Transfer}", "/send/done/trf_nothing", Who.Member, 404, "<h1>"),
            new("/history", "/history", Who.Member, 200, "Bread"),
            new("/history/{Entry}", $"/history/{paid}", Who.Member, 200, "1,234"),
            new("/history/{Entry}", $"/history/{refund}", Who.Member, 200, "345"),
            new("/history/{Entry}", $"/history/{sent}", Who.Member, 200, "777"),
            new("/history/{Entry}", $"/history/{unknown}", Who.Member, 404, "<h1>"),
            new("/history/{entryId}/receipt", $"/history/{paid}/receipt", Who.Member, 200, paid),
            new("/history/month/{Month}", $"/history/month/{month}", Who.Member, 200, "1,234"),
            new("/history/month/{Month}", "/history/month/never", Who.Member, 404, "<h1>"),
            new("/history/csv/{month}", $"/history/csv/{month}", Who.Member, 200, "1234"),
            new("/points", "/points", Who.Member, 200, "class=\"stops\""),
            new("/rewards", "/rewards", Who.Member, 200, "環状線一日券"),
            new("/rewards/{Reward}", $"/rewards/{reward}", Who.Member, 200, "name=\"quantity\""),
            new("/rewards/{Reward}", "/rewards/rwd_nothing", Who.Member, 404, "<h1>"),
            new("/rewards/orders", "/rewards/orders", Who.Member, 200, order),
            new("/rewards/orders/{Order}", $"/rewards/orders/{order}", Who.Member, 200, "name=\"order\""),
            new("/rewards/orders/{Order}", "/rewards/orders/rwo_nothing", Who.Member, 404, "<h1>"),
            new("/rewards/checking/{Intent}", $"/rewards/checking/{Guid.CreateVersion7()}", Who.Member, 200, "data-watch=\"2000\""),
            new("/rewards/intents/{intent}", $"/rewards/intents/{Guid.CreateVersion7()}", Who.Member, 404, ""),
            new("/account", "/account", Who.Member, 200, "青井 花"),
            new("/account/leave", "/account/leave", Who.Member, 200, "What you lose"),
            new("/left", "/left", Who.RequestDevice, 200, "You have left"),
            new("/account/limits", "/account/limits", Who.Member, 200, "500,000"),
            new("/account/export", "/account/export", Who.Member, 200, "青井 花"),
            new("/account/email", "/account/email", Who.Member, 200, "name=\"email\""),
            new("/account/telephone", "/account/telephone", Who.Member, 200, "name=\"telephone\""),
            new("/account/passkeys", "/account/passkeys", Who.Member, 200, "Passkeys"),
            new("/account/password", "/account/password", Who.Member, 200, "/step-up?purpose=password"),
            new("/account/factors", "/account/factors", Who.Member, 200, "value=\"set-up\""),
            new("/account/verify", "/account/verify", Who.Member, 200, "href=\"/account/bank\""),
            new("/account/bank", "/account/bank", Who.Member, 200, "name=\"holderKana\""),
            new("/transit", "/transit", Who.Member, 200, "name=\"proof\""),
            new("/transit/charge", "/transit/charge", Who.Member, 200, "href=\"/transit\""),
            new("/transit/rides", $"/transit/rides?month={month}", Who.Member, 200, $"/transit/rides?month="),
            new("/credit-cards", "/credit-cards", Who.Member, 200, "name=\"token\""),
            new("/credit-cards/purchases", $"/credit-cards/purchases?month={month}", Who.Member, 200, $"/credit-cards/purchases?month="),
            new("/member-code", "/member-code", Who.Member, 200, "class=\"num digits\""),
            new("/point-cards", "/point-cards", Who.Member, 200, "/point-cards/new"),
            new("/point-cards/new", "/point-cards/new", Who.Member, 200, "issuer=umeda"),
            new("/point-cards/new", "/point-cards/new?issuer=umeda", Who.Member, 200, "name=\"pin\""),
            new("/point-cards/{Card}", $"/point-cards/{card}", Who.Member, 200, "Umeda Points"),
            new("/point-cards/{Card}", "/point-cards/pcd_nothing", Who.Member, 404, "<h1>"),
            new("/step-up", "/step-up?purpose=thaw", Who.Member, 200, "name=\"password\""),
            new("/safety", "/safety", Who.Member, 200, "青井 花"),
            new("/till", "/till", Who.Till, 200, "345"),
            new("/till/day", "/till/day", Who.Till, 200, "345"),
            new("/till/take", "/till/take", Who.Till, 200, "data-store=\"Bread\""),
            new("/till/take", "/till/take?order=o-1&checking=1", Who.Till, 200, "order=o-1&amp;checking=1"),
            new("/till/orders/{order}", "/till/orders/o-1", Who.Till, 404, ""),
            new("/till/qr", "/till/qr", Who.Till, 200, "name=\"amount\""),
            new("/till/qr", $"/till/qr?amount=500&order=o-1&until={until}", Who.Till, 200, "shown-qr"),
            new("/till/qr/new", "/till/qr/new?amount=500", Who.Till, 302, "/till/qr?amount=500"),
            new("/till/refund", "/till/refund", Who.Till, 200, "name=\"number\""),
            new("/till/refund", $"/till/refund?payment={paid}", Who.Till, 200, "889"),
            new("/till/refund/done", $"/till/refund/done?payment={paid}&refund={refund}", Who.Till, 200, "345"),
            new("/till/movement/{Entry}", $"/till/movement/{refund}", Who.Till, 200, "345"),
            new("/till/movement/{Entry}", $"/till/movement/{unknown}", Who.Till, 404, "role=\"alert\""),
            new("/till/receipt/{entryId}", $"/till/receipt/{paid}", Who.Till, 200, paid),
            new("/till/clerk", "/till/clerk", Who.Till, 200, "class=\"note\""),
            new("/till/poster", "/till/poster", Who.Till, 200, "Bread"),
            new("/till/sign-in", "/till/sign-in", Who.RequestDevice, 200, "name=\"pin\""),
            new("/point-till", "/point-till", Who.PointTill, 200, "Namba Mall"),
            new("/point-till/receipt", "/point-till/receipt?number=r1", Who.PointTill, 200, "value=\"r1\""),
            new("/point-till/day", "/point-till/day", Who.PointTill, 200, "class=\"facts\""),
            new("/point-till/asked", "/point-till/asked?receipt=none", Who.PointTill, 404, ""),
            new("/point-till/files", "/point-till/files", Who.PointTill, 200, "type=\"file\""),
            new("/point-till/sign-in", "/point-till/sign-in", Who.RequestDevice, 200, "name=\"pin\""),
            new("/shop", "/shop", Who.Merchant, 200, "Bread"),
            new("/shop", $"/shop?day={day}", Who.Merchant, 200, "aria-current=\"page\""),
            new("/shop/csv", "/shop/csv", Who.Merchant, 200, "1234"),
            new("/shop/sales", "/shop/sales", Who.Merchant, 200, "class=\"bars\""),
            new("/shop/sales", $"/shop/sales?from={day}&to={day}", Who.Merchant, 200, "aria-current=\"page\""),
            new("/shop/sales", "/shop/sales?from=tomorrow", Who.Merchant, 400, "role=\"alert\""),
            new("/shop/sales/csv", "/shop/sales/csv?by=way", Who.Merchant, 200, "direct"),
            new("/shop/search", "/shop/search", Who.Merchant, 200, "name=\"amount\""),
            new("/shop/search", $"/shop/search?from={day}&to={day}&amount=1,234", Who.Merchant, 200, "aria-labelledby=\"found\""),
            new("/shop/search", "/shop/search?amount=much", Who.Merchant, 400, "role=\"alert\""),
            new("/shop/movement/{Entry}", $"/shop/movement/{paid}", Who.Merchant, 200, "1,234"),
            new("/shop/movement/{Entry}", $"/shop/movement/{unknown}", Who.Merchant, 404, "class=\"note\""),
            new("/shop/receipt/{entryId}", $"/shop/receipt/{refund}", Who.Merchant, 200, refund),
            new("/shop/first-payment/{Text}", $"/shop/first-payment/{shop.StoreId}", Who.Merchant, 200, "class=\"shown-qr\""),
            new("/shop/poster/{Text}", $"/shop/poster/{shop.StoreId}", Who.Merchant, 200, "Bread"),
            new("/shop/poster/{Text}", "/shop/poster/str_nothing", Who.Merchant, 404, "class=\"note\""),
            new("/shop/poster/{Text}/{Piece}", $"/shop/poster/{shop.StoreId}/card", Who.Merchant, 200, "Bread"),
            new("/shop/poster/{Text}/{Piece}", $"/shop/poster/{shop.StoreId}/sticker", Who.Merchant, 200, "class=\"labels\""),
            new("/shop/poster/{Text}/{Piece}", $"/shop/poster/{shop.StoreId}/tags", Who.Merchant, 200, $"/t/{shop.TagId}"),
            new("/shop/poster/{Text}/{Piece}", $"/shop/poster/{shop.StoreId}/cup", Who.Merchant, 404, "class=\"note\""),
            new("/shop", "/shop?day=2026-02-30", Who.Merchant, 400, "role=\"alert\""),
            new("/shop/settlements", "/shop/settlements", Who.Merchant, 200, "ending in"),
            new("/shop/settlements/{Text}", "/shop/settlements/stl_nothing", Who.Merchant, 404, "class=\"note\""),
            new("/business", "/business", Who.Merchant, 200, "/business/transfers/new"),
            new("/business/transfers", "/business/transfers", Who.Merchant, 200, "/business/transfers/new"),
            new("/business/transfers/new", "/business/transfers/new", Who.Merchant, 200, "id=\"no-payees\""),
            new("/business/transfers/{Text}", "/business/transfers/btr_nothing", Who.Merchant, 404, "class=\"note\""),
            new("/business/payees", "/business/payees", Who.Merchant, 200, "name=\"to\""),
            new("/business/requests", "/business/requests", Who.Merchant, 200, "name=\"due\""),
            new("/business/requests/{Text}", "/business/requests/brq_nothing", Who.Merchant, 404, "class=\"note\""),
            new("/business/files", "/business/files", Who.Merchant, 200, "type=\"file\""),
            new("/business/files/{Text}", "/business/files/tfl_nothing", Who.Merchant, 404, "class=\"note\""),
            new("/shop/sign-in", "/shop/sign-in", Who.RequestDevice, 200, "name=\"password\""),
            new("/shop/join/{Token}", "/shop/join/nothing", Who.RequestDevice, 404, "role=\"alert\""),
            new("/shop/account", "/shop/account", Who.Merchant, 200, "class=\"note\""),
            new("/shop/tills", "/shop/tills", Who.Merchant, 200, "action=\"/shop/tills/out\""),
            new("/shop/staff", "/shop/staff", Who.Merchant, 200, "value=\"manager\""),
            new("/console", "/console", Who.Operator, 200, "鈴木 一郎"),
            new("/console/members", "/console/members", Who.Operator, 200, "name=\"query\""),
            new("/console/frozen", "/console/frozen", Who.Operator, 200, "<h1>"),
            new("/console/members/{Member}", $"/console/members/{member.Id}", Who.Operator, 200, "name=\"reason\""),
            new("/console/members/{Member}", "/console/members/mbr_nothing", Who.Operator, 404, "role=\"alert\""),
            new("/console/verifications", "/console/verifications", Who.Operator, 200, "<h1>"),
            new("/console/verifications/{Verification}", "/console/verifications/ver_nothing", Who.Operator, 404, "role=\"alert\""),
            new("/console/verifications/{verification}/{side}", "/console/verifications/ver_nothing/Front", Who.Operator, 404, ""),
            new("/console/recoveries", "/console/recoveries", Who.Operator, 200, "<h1>"),
            new("/console/cards", "/console/cards", Who.Operator, 200, "name=\"numbers\""),
            new("/console/cards/purchases", "/console/cards/purchases", Who.Operator, 200, "type=\"file\""),
            new("/console/cards/centres", "/console/cards/centres", Who.Operator, 200, "Namba Mall"),
            new("/console/corrections", "/console/corrections", Who.Operator, 200, "<h1>"),
            new("/console/campaigns", "/console/campaigns", Who.Operator, 200, "/console/campaigns/new"),
            new("/console/campaigns/new", "/console/campaigns/new", Who.Operator, 200, "name=\"budget\""),
            new("/console/campaigns/{Campaign}", "/console/campaigns/cmp_nothing", Who.Operator, 404, "role=\"alert\""),
            new("/console/campaigns/uses", "/console/campaigns/uses", Who.Operator, 200, "name=\"nameJa\""),
            new("/console/pay-outs", "/console/pay-outs", Who.Operator, 200, "name=\"holder\""),
            new("/console/pay-outs/{Text}", "/console/pay-outs/pof_nothing", Who.Operator, 404, "class=\"note\""),
            new("/console/applications", "/console/applications", Who.Operator, 200, "id=\"in-InReview\""),
            new("/console/applications/{Application}", "/console/applications/app_nothing", Who.Operator, 404, "role=\"alert\""),
            new("/console/applications/{application}/photos/{store}", "/console/applications/app_nothing/photos/0", Who.Operator, 404, ""),
            new("/console/goodwill", "/console/goodwill", Who.Operator, 200, "name=\"expiresOn\""),
            new("/console/rewards", "/console/rewards", Who.Operator, 200, "環状線一日券"),
            new("/console/points/csv", "/console/points/csv", Who.Operator, 200, "2026"),
            new("/console/points", "/console/points", Who.Operator, 200, "<table>"),
            new("/console/reports", "/console/reports", Who.Operator, 200, "10,000,000"),
            new("/console/reports/safeguarding/csv", "/console/reports/safeguarding/csv", Who.Operator, 200, "20"),
            new("/console/reports/prepaid/csv", "/console/reports/prepaid/csv", Who.Operator, 200, "20"),
            new("/console/reports/holdings", "/console/reports/holdings", Who.Operator, 200, "name=\"reason\""),
            new("/console/staff", "/console/staff", Who.Operator, 200, "鈴木 一郎"),
            new("/console/account", "/console/account", Who.Operator, 200, "id=\"passkeys\""),
            new("/console/log", "/console/log", Who.Operator, 200, "opr_"),
            new("/console/sign-in", "/console/sign-in", Who.RequestDevice, 200, "name=\"code\""),
            new("/console/join/{Token}", "/console/join/nothing", Who.RequestDevice, 404, "role=\"alert\""),
            new("/roots", "/roots", Who.RequestDevice, 200, "data-days"),
            new("/sandbox", "/sandbox", Who.RequestDevice, 200, "Bread"),
            new("/sandbox/credit-cards", "/sandbox/credit-cards", Who.RequestDevice, 200, "id=\"card\""),
            new("/sandbox/gates", "/sandbox/gates", Who.RequestDevice, 200, "id=\"card\""),
            new("/sandbox/scan", "/sandbox/scan?text=x", Who.RequestDevice, 302, "/welcome#walk"),
            new("/sandbox/scan", "/sandbox/scan?text=x", Who.Member, 302, "/pay?fault=invalid_code"),
            new("/welcome", "/welcome", Who.RequestDevice, 200, "Bread"),
            new("/trouble/{Status:int}", "/trouble/404", Who.RequestDevice, 200, "<h1>"),
            new("/register", "/register", Who.RequestDevice, 200, "name=\"telephone\""),
            new("/join-as-shop", "/join-as-shop", Who.RequestDevice, 200, "name=\"accountNumber\""),
            new("/join-as-shop/sent", "/join-as-shop/sent", Who.RequestDevice, 200, "role=\"status\""),
            new("/join-as-shop/application", "/join-as-shop/application?token=nothing", Who.RequestDevice, 404, "href=\"/join-as-shop\""),
            new("/register/sent", "/register/sent", Who.RequestDevice, 200, "href=\"/register\""),
            new("/begin", "/begin", Who.Member, 200, "/step-up?purpose=telephone"),
            new("/begin", "/begin?at=3", Who.Member, 200, "name=\"goal\""),
            new("/sign-in", "/sign-in", Who.RequestDevice, 200, "name=\"password\""),
            new("/sign-in/second", "/sign-in/second", Who.RequestDevice, 200, "href=\"/sign-in?then=%2F\""),
            new("/sign-in/forgotten", "/sign-in/forgotten", Who.RequestDevice, 200, "name=\"email\""),
            new("/sign-in/reset", "/sign-in/reset?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/sign-in/new-password", "/sign-in/new-password", Who.RequestDevice, 200, "href=\"/sign-in/forgotten\""),
            new("/sign-in", "/sign-in?then=/points", Who.Member, 302, "/points"),
            new("/change-mail", "/change-mail?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/recovery/stop", "/recovery/stop?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/change-mail/undo", "/change-mail/undo?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/confirm-mail", "/confirm-mail?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/confirm", "/confirm?token=unknown", Who.RequestDevice, 200, "value=\"unknown\""),
            new("/scenes/{category}-{seed:int:range(0,23)}.svg", "/scenes/bakery-3.svg", Who.RequestDevice, 200, "<svg"),
            new("/openapi/{documentName}.json", "/openapi/v1.json", Who.RequestDevice, 200, "openapi"),
            new("/health/live", "/health/live", Who.RequestDevice, 200, "alive"),
            new("/health/ready", "/health/ready", Who.RequestDevice, 200, "true"),
            new("/metrics", "/metrics", Who.RequestDevice, 200, "# TYPE"),
        ], tokens);
    }

    static async Task<string> Text(WebApp app, HttpRequestMessage request)
    {
        using (request)
        using (var answer = await app.Http.SendAsync(request))
            return await answer.Content.ReadAsStringAsync();
    }

    static string TicketOf(string page) =>
        Ticket().Match(page) is { Success: true } ticket ? ticket.Groups[1].Value : "none: the tag's page has no form";

    [GeneratedRegex("name=\"to\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();
}
