using System.Text.Json;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>The console for programs: reasons, masks, freeze and thaw, the log; and who may ask for which of it.</summary>
public class ConsoleApiTests(Servers servers)
{
    /// <summary>The role that opens each endpoint of the console; an endpoint that is not here fails.</summary>
    static readonly Dictionary<string, string> s_roles = new()
    {
        ["get /console/members"] = "support",
        ["get /console/members/{id}"] = "support",
        ["post /console/members/{id}/freeze"] = "security",
        ["post /console/members/{id}/thaw"] = "security",
        ["delete /console/members/{id}/devices/{deviceId}"] = "security",
        ["delete /console/members/{id}/passkeys/{passkeyId}"] = "security",
        ["get /console/log"] = "audit",
        ["get /console/recoveries"] = "security",
        ["post /console/members/{id}/recoveries"] = "security",
        ["post /console/recoveries/{id}/approvals"] = "security",
        ["delete /console/recoveries/{id}"] = "security",
        ["get /console/verifications"] = "identity",
        ["get /console/verifications/{id}"] = "identity",
        ["post /console/verifications/{id}/decisions"] = "identity",
        ["get /console/points-report"] = "audit",
        ["get /console/reports/safeguarding"] = "accounting",
        ["get /console/reports/prepaid"] = "accounting",
        ["get /console/reports/holdings"] = "accounting",
        ["get /console/goodwill"] = "corrections",
        ["post /console/goodwill"] = "corrections",
        ["post /console/goodwill/{id}/approval"] = "corrections",
        ["post /console/goodwill/{id}/withdrawal"] = "corrections",
        ["get /console/card-revocations"] = "security",
        ["post /console/card-revocations"] = "security",
        ["post /console/card-revocations/{id}/approval"] = "security",
        ["post /console/card-revocations/{id}/withdrawal"] = "security",
        ["get /console/centres"] = "security",
        ["post /console/centres"] = "security",
        ["get /console/point-files"] = "security",
        ["get /console/ride-files"] = "security",
        ["get /console/purchase-files"] = "security",
        ["post /console/purchase-files"] = "security",
        ["get /console/merchant-applications"] = "corrections",
        ["get /console/merchant-applications/{id}"] = "corrections",
        ["post /console/merchant-applications/{id}/decisions"] = "corrections",
        ["get /console/withdrawals"] = "corrections",
        ["get /console/pay-out-files"] = "corrections",
        ["get /console/pay-out-files/{id}"] = "corrections",
        ["get /console/pay-out-accounts"] = "corrections",
        ["post /console/pay-out-accounts"] = "corrections",
        ["post /console/pay-out-accounts/{id}/approval"] = "corrections",
        ["post /console/pay-out-accounts/{id}/withdrawal"] = "corrections",
        ["get /console/point-uses"] = "campaigns",
        ["post /console/point-uses"] = "campaigns",
        ["get /console/campaigns"] = "campaigns",
        ["post /console/campaigns"] = "campaigns",
        ["get /console/campaigns/{id}"] = "campaigns",
        ["post /console/campaigns/{id}/dry-run"] = "campaigns",
        ["post /console/campaigns/{id}/approval"] = "campaigns",
        ["post /console/campaigns/{id}/stop"] = "campaigns",
    };

    static readonly string[] s_all = ["support", "security", "corrections", "staff", "audit", "identity", "campaigns", "accounting"];

    [Theory, BothEngines]
    public async Task Every_endpoint_of_the_document_lets_in_its_role_alone(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(), await scene.Store());
        var strangers = new (string Name, Client Api)[] { ("member", member.Api), ("till", shop.Till), ("merchant", shop.Merchant) };
        var only = new Dictionary<string, Client>();
        var without = new Dictionary<string, Client>();
        foreach (var role in s_all)
        {
            only[role] = (await scene.Operator(role, role)).Api;
            without[role] = (await scene.Operator("not " + role, [.. s_all.Where(r => r != role)])).Api;
        }
        var paths = JsonElement.Parse(await scene.App.Http.GetStringAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject();
        var endpoints = paths.SelectMany(p => p.Value.EnumerateObject().Where(m => m.Name is "get" or "post" or "put" or "delete" or "patch")
            .Select(m => (Method: m.Name, Path: p.Name["/api/v1".Length..], Operation: m.Value))).ToList();
        var ours = endpoints.Where(e => e.Path.StartsWith("/console", StringComparison.Ordinal)).ToList();
        ours.Select(e => $"{e.Method} {e.Path}").Order().ShouldBe(s_roles.Keys.Order());

        foreach (var (method, path, _) in ours)
        {
            var (name, role) = ($"{method} {path}", s_roles[$"{method} {path}"]);
            (await Ask(scene.Nobody, method, path)).Refused(401, "unauthenticated", name);
            foreach (var (who, api) in strangers)
                (await Ask(api, method, path)).Refused(403, "forbidden", $"{name} as {who}");
            (await Ask(without[role], method, path)).Refused(403, "forbidden", $"{name} by all roles but {role}");
            (await Ask(only[role], method, path)).Status.ShouldBeOneOf([200, 201, 400, 404], $"{name} as {role}");
        }
        // And an operator, whatever the roles, is no member, till or merchant.
        var all = (await scene.Operator("everything")).Api;
        foreach (var (method, path, operation) in endpoints.Except(ours).Where(e => e.Operation.TryGetProperty("security", out _)))
            (await Ask(all, method, path)).Refused(403, "forbidden", $"{method} {path} as an operator");
    }

    [Theory, BothEngines]
    public async Task A_member_is_searched_viewed_frozen_and_thawed_with_reasons(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000, name: "青井 花"), await scene.Store());
        var (first, second) = (await scene.Operator("鈴木 一郎"), await scene.Operator("伊藤 二郎"));

        var found = (await first.Api.Get($"/console/members?query={member.Email}&reason=asked")).Ok().Json.GetProperty("items");
        found.GetArrayLength().ShouldBe(1);
        found[0].EnumerateObject().Select(f => f.Name).ShouldBe(["memberId", "name", "email", "telephone", "verified", "frozen"]);
        found[0].GetProperty("name").GetString().ShouldBe("青**");
        found[0].GetProperty("email").GetString()!.ShouldContain("**@");
        var profile = (await first.Api.Get($"/console/members/{member.Id}?reason=asked")).Ok();
        profile.Text("email").ShouldBe(member.Email);
        profile.Json.GetProperty("devices").GetArrayLength().ShouldBe(1);
        var device = profile.Json.GetProperty("devices")[0].GetProperty("deviceId").GetString();
        (await first.Api.Send(HttpMethod.Delete, $"/console/members/{member.Id}/devices/{device}", null, Client.NoKey)).Refused(400, "invalid_request");
        (await first.Api.Send(HttpMethod.Delete, $"/console/members/{member.Id}/passkeys/psk_nothing?reason=stolen", null, Client.NoKey))
            .Refused(404, "not_found");

        (await first.Api.Post($"/console/members/{member.Id}/freeze", new { reason = "theft" }, Client.NoKey)).Refused(400, "key_required");
        var frozen = (await first.Api.Post($"/console/members/{member.Id}/freeze", new { reason = "theft" }, "f-1")).Ok();
        frozen.Json.GetProperty("frozen").GetBoolean().ShouldBeTrue();
        (await member.Pay(shop, 100)).Refused(423, "frozen");
        var again = (await first.Api.Post($"/console/members/{member.Id}/freeze", new { reason = "theft" }, "f-1")).Ok();
        (again.Replayed, again.Body).ShouldBe((true, frozen.Body));
        (await first.Api.Post($"/console/members/{member.Id}/freeze", new { reason = "other" }, "f-1")).Refused(422, "key_reused");
        (await second.Api.Post($"/console/members/{member.Id}/thaw", new { reason = "found" })).Ok()
            .Json.GetProperty("frozen").GetBoolean().ShouldBeFalse();
        (await member.Pay(shop, 100)).Created();

        var log = (await first.Api.Get("/console/log?limit=100")).Ok().Json.GetProperty("items").EnumerateArray()
            .Where(r => (r.GetProperty("subject").GetString() ?? r.GetProperty("detail").GetString() ?? "").Contains(member.Id, StringComparison.Ordinal))
            .Select(r => $"{r.GetProperty("act").GetString()} {r.GetProperty("operatorId").GetString()} {r.GetProperty("reason").GetString()}");
        log.ShouldBe([$"liftedRestriction {second.Id} found", $"frozeMember {first.Id} theft", $"viewedMember {first.Id} asked",
            $"searchedMembers {first.Id} asked"]);
    }

    [Theory, BothEngines]
    public async Task Without_a_reason_nothing_is_shown_or_changed(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, one) = (await scene.Member(name: "青井 花"), (await scene.Operator("鈴木 一郎")).Api);

        foreach (var reason in (string[])["", "&reason=", "&reason=%20", $"&reason={new string('x', 201)}", "&reason=a%0Ab"])
        {
            (await one.Get($"/console/members?query={member.Email}{reason}")).Refused(400, "invalid_request", reason);
            (await one.Get($"/console/members/{member.Id}?x=1{reason}")).Refused(400, "invalid_request", reason);
            (await one.Get($"/console/members/mbr_nothing?x=1{reason}")).Refused(400, "invalid_request", reason);
        }
        foreach (var body in new object[] { new { }, new { reason = "" }, new { reason = " " }, new { reason = 5 }, new { reason = "a", more = 1 } })
            foreach (var what in (string[])["freeze", "thaw"])
                (await one.Post($"/console/members/{member.Id}/{what}", body)).Refused(400, "invalid_request");
        (await one.Get("/console/members?reason=asked")).Refused(400, "invalid_request");
        (await one.Get("/console/members/mbr_nothing?reason=asked")).Refused(404, "not_found");
        (await one.Post("/console/members/mbr_nothing/freeze", new { reason = "theft" })).Refused(404, "not_found");
        (await member.Api.Get("/wallet")).Ok();
    }

    [Theory, BothEngines]
    public async Task The_log_comes_by_pages_and_roles_by_their_names(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var one = (await scene.Operator("鈴木 一郎")).Api;
        for (var i = 0; i < 3; i++)
            (await one.Get($"/console/members?query=nobody{i}&reason=asked")).Ok();

        var page = (await one.Get("/console/log?limit=2")).Ok().Json;
        var next = page.GetProperty("next").GetString();
        var numbers = page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("number").GetInt64()).ToList();
        numbers.Count.ShouldBe(2);
        (await one.Get($"/console/log?limit=2&before={next}")).Ok().Json.GetProperty("items")[0].GetProperty("number").GetInt64()
            .ShouldBe(numbers[^1] - 1);
        foreach (var wrong in (string[])["limit=0", "limit=101", "limit=x", "before=x", "before=-1"])
            (await one.Get($"/console/log?{wrong}")).Refused(400, "invalid_request", wrong);
        (await scene.Nobody.Post("/sandbox/operators", new { name = "A", roles = new[] { "king" } }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/sandbox/operators", new { name = "A", roles = Array.Empty<string>() }, Client.NoKey)).Refused(400, "invalid_request");
        (await scene.Nobody.Post("/sandbox/operators", new { name = " " }, Client.NoKey)).Refused(400, "invalid_request");
    }

    static Task<Reply> Ask(Client who, string method, string path)
    {
        var address = System.Text.RegularExpressions.Regex.Replace(path, @"\{\w+\}", "x");
        return who.Send(new HttpMethod(method.ToUpperInvariant()), address,
            method == "get" ? null : new StringContent("{\"nothing\":1}", System.Text.Encoding.UTF8, "application/json"), null);
    }
}
