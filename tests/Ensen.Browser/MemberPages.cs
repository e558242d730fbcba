using Ensen.Browser.Support;

namespace Ensen.Browser;

/// <summary>Every page a member may hold out to somebody, for tests that walk them all.</summary>
static class MemberPages
{
    public static IEnumerable<string> Of(SandboxStore store, string paymentId) =>
    [
        "/", "/pay", "/pay?fault=invalid_code", $"/t/{store.TagId}", $"/pay/done/{paymentId}", "/pay/not-paid?why=insufficient_balance",
        $"/pay/checking/{Guid.CreateVersion7()}", "/charge", "/charge?need=500&then=/pay", "/history", $"/history/{paymentId}",
        $"/history/month/{TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(9)):yyyy-MM}", "/points", "/rewards", "/rewards/orders", "/send", "/withdraw", "/charge/auto", "/send/link", "/send/links", "/requests", "/requests/new", "/requests/split", "/account", "/account/limits", "/account/password", "/account/factors", "/account/verify", "/account/bank", "/transit", "/transit/rides", "/transit/charge", "/credit-cards", "/credit-cards/purchases", "/member-code", "/point-cards",
        "/point-cards/new", "/point-cards/new?issuer=tennoji", "/step-up?purpose=thaw",
        "/history/nope",
    ];
}
