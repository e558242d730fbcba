using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>The document of the API is checked in, says everything, and is what the running app serves.</summary>
public class OpenApiTests(Servers servers)
{
    static readonly JsonSerializerOptions s_pretty = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    static string File => Path.Combine(Repository.Root, "docs", "openapi.json");

    [Fact]
    public async Task The_document_in_docs_is_the_one_that_is_served()
    {
        var served = Sorted(await Document()).ToJsonString(s_pretty) + "\n";
        if (Environment.GetEnvironmentVariable("ENSEN_REFRESH_DOCS") is { Length: > 0 })
            await System.IO.File.WriteAllTextAsync(File, served);

        var kept = System.IO.File.Exists(File) ? await System.IO.File.ReadAllTextAsync(File) : "";

        (kept == served).ShouldBeTrue(
            $"docs/openapi.json is not what the app serves. Refresh it: ENSEN_REFRESH_DOCS=1 ./test quick {nameof(OpenApiTests)}\n{FirstDifference(kept, served)}");
    }

    [Fact]
    public async Task Every_endpoint_says_what_it_takes_and_all_that_it_answers()
    {
        var document = await Document();
        foreach (var (path, method, operation) in Operations(document))
        {
            var name = $"{method} {path}";
            operation["operationId"]?.GetValue<string>().ShouldNotBeNullOrWhiteSpace(name);
            operation["summary"]?.GetValue<string>().ShouldNotBeNullOrWhiteSpace(name);
            operation["operationId"].ShouldNotBeNull(name);
            operation["summary"].ShouldNotBeNull(name);
            var answers = operation["responses"]!.AsObject();
            // What begins to hold later is answered otherwise than what holds at once, and a sign-in that has a further step otherwise than
            // one that is done; a reset has no session at its end.
            answers.Count(a => a.Key[0] == '2').ShouldBe(name switch
            {
                "put /api/v1/me/limits" or "post /api/v1/sessions" => 2,
                "post /api/v1/sessions/{challengeId}/answer" => 3,
                _ => 1,
            }, name);
            foreach (var (status, answer) in answers)
            {
                var media = status[0] == '2' ? path.EndsWith("/events", StringComparison.Ordinal) ? "text/event-stream"
                    : "application/json"
                    : "application/problem+json";
                answer!["content"]?[media]?["schema"]?["$ref"].ShouldNotBeNull($"{name} {status}");
            }
            // Whoever signs in or registers has no token yet, so none is wrong or of the wrong kind.
            if (!path.Contains("/sandbox/", StringComparison.Ordinal) && !path.StartsWith("/api/v1/sessions", StringComparison.Ordinal)
                && !path.StartsWith("/api/v1/password-resets", StringComparison.Ordinal)
                && !path.StartsWith("/api/v1/registrations", StringComparison.Ordinal)
                && path != "/api/v1/merchant-applications")
                foreach (var status in (string[])["401", "403"])
                    answers.ContainsKey(status).ShouldBeTrue($"{name} {status}");
            if (method == "post" && path is not ("/api/v1/codes" or "/api/v1/me/freeze" or "/api/v1/me/thaw" or "/api/v1/me/recovery-codes"
                or "/api/v1/point-till/receipts/{receipt}/cancellation" or "/api/v1/point-till/files"
                or "/api/v1/console/purchase-files" or "/api/v1/point-cards/{id}/migration"
                or "/api/v1/me/telephone/confirmation"))
                operation["requestBody"]?["content"]?["application/json"]?["example"].ShouldNotBeNull(name);
        }
    }

    [Fact]
    public async Task Every_field_has_a_type_and_amounts_are_integers()
    {
        var document = await Document();
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            foreach (var (field, type) in schema!["properties"]?.AsObject() ?? [])
            {
                (type!["type"] ?? type["$ref"] ?? type["oneOf"]).ShouldNotBeNull($"{name}.{field}");
                var types = type["type"]?.ToJsonString() ?? "";
                (types.Contains("integer", StringComparison.Ordinal) && types.Contains("string", StringComparison.Ordinal))
                    .ShouldBeFalse($"{name}.{field} is {types}");
            }
        document["components"]!["schemas"]!["PaymentBody"]!["properties"]!["amount"]!["type"]!.GetValue<string>().ShouldBe("integer");
    }

    [Fact]
    public async Task A_challenges_few_values_are_named_and_a_step_up_is_told_where_it_is_asked_for()
    {
        var document = await Document();
        var body = document["components"]!["schemas"]!["ChallengeBody"]!["properties"]!;
        Values(body["purpose"]!).ShouldContain("thaw");
        Values(body["method"]!).ShouldBe(["password", "call", "passkey", "totp", "recovery_code"]);
        Values(document["components"]!["schemas"]!["ChallengeAnswer"]!["properties"]!["status"]!)
            .ShouldBe(["pending", "passed", "failed", "lapsed"]);

        var asking = Operations(document).SelectMany(o => o.Operation["responses"]!.AsObject()
            .Where(r => r.Value!["description"]!.GetValue<string>().Contains("step_up_required", StringComparison.Ordinal))
            .Select(r => $"{o.Method} {o.Path["/api/v1".Length..]} {r.Key}"));
        asking.Order(StringComparer.Ordinal).ShouldBe(
        [
            "delete /me/authenticator 403", "delete /me/passkeys/{id} 403", "post /me/bank-accounts 403", "post /me/leaving 403", "post /me/passkeys 403",
            "post /me/recovery-codes 403", "post /me/telephone/confirmation 403", "post /me/thaw 403", "post /payments/{id}/refunds 401", "post /withdrawals 403",
            "put /me/authenticator 403", "put /me/auto-charge 403", "put /me/email 403", "put /me/limits 403", "put /me/password 403", "put /me/telephone 403",
        ]);

        static IEnumerable<string> Values(JsonNode field) => field["enum"]!.AsArray().Select(v => v!.GetValue<string>());
    }

    [Fact]
    public async Task The_contracts_endpoints_are_all_there()
    {
        Operations(await Document()).Select(o => $"{o.Method} {o.Path["/api/v1".Length..]}").Order(StringComparer.Ordinal).ShouldBe(
        [
            "delete /business/payees/{id}", "delete /console/members/{id}/devices/{deviceId}",
            "delete /console/members/{id}/passkeys/{passkeyId}", "delete /console/recoveries/{id}", "delete /credit-cards/{id}",
            "delete /me/authenticator", "delete /me/bank-accounts/{id}", "delete /me/changes", "delete /me/devices/{id}",
            "delete /me/passkeys/{id}", "delete /me/recovery", "delete /point-cards/{id}",
            "delete /shop/tills/{id}/devices/{deviceId}", "delete /transit-cards/{id}", "get /business",
            "get /business/history", "get /business/payees", "get /business/requests", "get /business/requests/{id}",
            "get /business/transfer-files/{id}", "get /business/transfers", "get /business/transfers/{id}", "get /campaigns",
            "get /console/campaigns", "get /console/campaigns/{id}", "get /console/card-revocations", "get /console/centres",
            "get /console/goodwill", "get /console/log", "get /console/members", "get /console/members/{id}",
            "get /console/merchant-applications", "get /console/merchant-applications/{id}", "get /console/pay-out-accounts",
            "get /console/pay-out-files", "get /console/pay-out-files/{id}", "get /console/point-files",
            "get /console/point-uses", "get /console/points-report", "get /console/purchase-files", "get /console/recoveries",
            "get /console/reports/holdings", "get /console/reports/prepaid", "get /console/reports/safeguarding",
            "get /console/ride-files", "get /console/verifications", "get /console/verifications/{id}",
            "get /console/withdrawals", "get /credit-cards", "get /credit-cards/purchases", "get /goal", "get /history",
            "get /links", "get /links/{token}", "get /me", "get /me/authenticator/secret", "get /me/auto-charge",
            "get /me/bank-accounts", "get /me/challenges/{id}", "get /me/changes", "get /me/devices", "get /me/export",
            "get /me/factors", "get /me/leaving", "get /me/limits", "get /me/passkeys", "get /me/recommendations",
            "get /me/recovery", "get /me/verifications", "get /me/verifications/{id}", "get /member-code", "get /payments/{id}",
            "get /point-card-issuers", "get /point-cards", "get /point-till/receipts/{receipt}", "get /point-till/totals",
            "get /points", "get /receipts/{entryId}", "get /requests", "get /requests/{id}", "get /reward-orders/{id}",
            "get /rewards", "get /rides", "get /sandbox/bank/statement", "get /sandbox/clock", "get /sandbox/gates",
            "get /sandbox/mail", "get /shop/sales", "get /shop/settlements", "get /shop/settlements/{id}", "get /shop/staff",
            "get /shop/tills", "get /splits/{id}", "get /tags/{tagId}", "get /till/events", "get /till/payments",
            "get /transit-cards", "get /wallet", "get /withdrawals", "get /withdrawals/{id}", "patch /me",
            "patch /me/passkeys/{id}", "post /business/payees", "post /business/payees/{id}/confirmation",
            "post /business/requests", "post /business/requests/{id}/closing", "post /business/requests/{id}/payment",
            "post /business/transfer-files", "post /business/transfer-files/{id}/transfer", "post /business/transfers",
            "post /business/transfers/{id}/approval", "post /business/transfers/{id}/refusal", "post /campaigns/{id}/entries",
            "post /charges", "post /codes", "post /console/campaigns", "post /console/campaigns/{id}/approval",
            "post /console/campaigns/{id}/dry-run", "post /console/campaigns/{id}/stop", "post /console/card-revocations",
            "post /console/card-revocations/{id}/approval", "post /console/card-revocations/{id}/withdrawal",
            "post /console/centres", "post /console/goodwill", "post /console/goodwill/{id}/approval",
            "post /console/goodwill/{id}/withdrawal", "post /console/members/{id}/freeze",
            "post /console/members/{id}/recoveries", "post /console/members/{id}/thaw",
            "post /console/merchant-applications/{id}/decisions", "post /console/pay-out-accounts",
            "post /console/pay-out-accounts/{id}/approval", "post /console/pay-out-accounts/{id}/withdrawal",
            "post /console/point-uses", "post /console/purchase-files", "post /console/recoveries/{id}/approvals",
            "post /console/verifications/{id}/decisions", "post /credit-cards", "post /gateways/identity/reports",
            "post /gateways/telephone/calls", "post /links", "post /links/{token}/cancellation", "post /links/{token}/claim",
            "post /me/bank-accounts", "post /me/challenges", "post /me/challenges/{id}/answer", "post /me/freeze",
            "post /me/leaving", "post /me/passkeys", "post /me/passkeys/options", "post /me/recovery-codes",
            "post /me/telephone/confirmation", "post /me/thaw", "post /me/verifications", "post /merchant-applications",
            "post /password-resets", "post /password-resets/link", "post /password-resets/recoveries/stops", "post /payments",
            "post /payments/{id}/refunds", "post /point-cards", "post /point-cards/{id}/migration", "post /point-till/awards",
            "post /point-till/files", "post /point-till/receipts/{receipt}/cancellation", "post /point-till/spendings",
            "post /registrations", "post /registrations/confirmations", "post /registrations/email-changes/confirmations",
            "post /registrations/email-changes/undos", "post /registrations/releases", "post /requests",
            "post /requests/{id}/payment", "post /requests/{id}/refusal", "post /requests/{id}/reminder",
            "post /requests/{id}/withdrawal", "post /reward-orders/{id}/cancellation", "post /rewards/{id}/orders",
            "post /sandbox/bank/deposits", "post /sandbox/bank/pay-outs/{id}/answer", "post /sandbox/businesses",
            "post /sandbox/calls", "post /sandbox/centres", "post /sandbox/clock", "post /sandbox/credit-cards",
            "post /sandbox/credit-cards/{id}/purchases", "post /sandbox/gates/cases", "post /sandbox/gates/in",
            "post /sandbox/gates/out", "post /sandbox/identity", "post /sandbox/identity-pictures",
            "post /sandbox/identity-reports", "post /sandbox/members", "post /sandbox/merchants/{id}/pay-out-account",
            "post /sandbox/operators", "post /sandbox/point-cards", "post /sandbox/point-cards/{number}/events",
            "post /sandbox/reward-partner", "post /sandbox/reward-uses", "post /sandbox/rewards", "post /sandbox/rides",
            "post /sandbox/shop-accounts", "post /sandbox/stores", "post /sandbox/transit-cards", "post /sessions",
            "post /sessions/{challengeId}/answer", "post /shop/staff/{id}/till-pin", "post /splits", "post /till/payments",
            "post /transfers", "post /transit-cards", "post /transit-cards/{id}/charges", "post /withdrawals", "put /goal",
            "put /me/authenticator", "put /me/auto-charge", "put /me/email", "put /me/limits", "put /me/password",
            "put /me/recommendations", "put /me/telephone", "put /me/verifications/{id}/images/{side}",
            "put /password-resets/{challengeId}/password", "put /shop/staff/{id}/refund-caps",
        ]);
    }

    async Task<JsonNode> Document() => JsonNode.Parse(await (await servers.On(Engine.Sqlite)).Http.GetStringAsync("/openapi/v1.json"))!;

    static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value);

    /// <summary>Names in alphabetical order, so that a change in the program moves nothing else.</summary>
    static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : (JsonNode?)Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(n => n is null ? null : Sorted(n))]),
        _ => node.DeepClone(),
    };

    static string FirstDifference(string kept, string served)
    {
        var (old, now) = (kept.Split('\n'), served.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, now.Length)).FirstOrDefault(
            i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {at + 1}: '{old.ElementAtOrDefault(at)}' is served as '{now.ElementAtOrDefault(at)}'";
    }
}
