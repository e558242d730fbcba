using System.Diagnostics;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api;

/// <summary>Shown codes, store codes and tags as attackers use them. Each refusal has its code and posts nothing.</summary>
public class CodesAndTagsTests(Servers servers)
{
    [Theory, BothEngines]
    public async Task A_code_is_used_once(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop, other) = (await scene.Member(5_000), await scene.Store(), await scene.Store());
        var shown = (await member.Api.Post("/codes")).Created();
        (await shop.Take(shown.Text("code"), 100, Scene.Order())).Created();
        var before = await member.AccountState();

        (await shop.Take(shown.Text("code"), 100, Scene.Order())).Refused(409, "code_used");
        (await shop.Take(shown.Text("qr"), 100, Scene.Order())).Refused(409, "code_used");
        (await other.Take(shown.Text("code"), 100, Scene.Order())).Refused(409, "code_used").Text("detail").ShouldContain(
            "お客さまの新しいコード", Case.Sensitive, "the staff are told");

        (await member.AccountState()).ShouldBe(before);
    }

    [Theory, BothEngines]
    public async Task At_two_tills_at_once_a_code_pays_one(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop, other) = (await scene.Member(50_000), await scene.Store(), await scene.Store());

        for (var round = 1; round <= 20; round++)
        {
            var code = await member.Code();
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? shop : other).Take(code, 100 + i, Scene.Order())));
            answers.Count(a => a.Status == 201).ShouldBe(1);
            foreach (var refused in answers.Where(a => a.Status != 201))
                refused.Refused(409, "code_used");
        }

        (await member.Balance()).ShouldBeInRange(50_000 - 20 * 105, 50_000 - 20 * 100);
    }

    [Theory, BothEngines]
    public async Task With_a_digit_changed_it_is_no_code(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var shown = (await member.Api.Post("/codes")).Created();
        var (code, qr) = (shown.Text("code"), shown.Text("qr"));
        var before = await member.AccountState();

        foreach (var wrong in (string[])[
            code[..^1] + (char)('0' + (code[^1] - '0' + 1) % 10), Swapped(code), code[..9] + (char)('0' + (code[9] - '0' + 1) % 10)
                + code[10..], code[1..],
            code + "0", "", "   ", "9990100000000000000", qr[..^4], qr.ToLowerInvariant(), shop.Qr, shop.TagUrl,
            "'; drop table shown_code; --",
            new string('9', 5_000)])
            (await (await scene.Store()).Take(wrong, 100, Scene.Order())).Refused(400, "invalid_code", wrong);

        (await member.AccountState()).ShouldBe(before);
        (await shop.Take($"{code[..4]} {code[4..]}", 100, Scene.Order())).Created();
        var wide = string.Concat((await member.Code()).Select(c => (char)('０' + c - '0')));
        (await shop.Take("]C1" + wide, 100, Scene.Order())).Created();
    }

    /// <summary>
    /// Twenty products on the counter, or twenty scans through the wrong keyboard, blocked the till for a quarter of an hour.
    /// </summary>
    [Theory, BothEngines]
    public async Task What_cannot_be_a_code_is_no_guess(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var qr = (await member.Api.Post("/codes")).Created().Text("qr");

        for (var scan = 0; scan < 12; scan++)
            foreach (var wrong in (string[])["4901234567894", qr.ToUpperInvariant()])
                (await shop.Take(wrong, 100, Scene.Order())).Refused(400, "invalid_code", wrong);

        (await shop.Take(await member.Code(), 100, Scene.Order())).Created();
    }

    [Theory, BothEngines]
    public async Task A_code_dies_with_its_device(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        var code = await member.Code();
        await using var workshop = await Workshop.Open(scene.App);

        await workshop.SignOut(member);

        (await shop.Take(code, 100, Scene.Order())).Refused(410, "code_expired");
    }

    [Theory, BothEngines]
    public async Task After_twenty_misses_a_till_is_blocked_and_no_other(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop, other) = (await scene.Member(5_000), await scene.Store(), await scene.Store());
        var (paidCode, order) = (await member.Code(), Scene.Order());
        (await shop.Take(paidCode, 100, order)).Created();

        for (var miss = 1; miss <= 20; miss++)
            (await shop.Take("9990112345678901230"[..^2]
                + miss.ToString("00", System.Globalization.CultureInfo.InvariantCulture), 100, Scene.Order()))
                .Refused(400, "invalid_code", $"miss {miss}");

        var code = await member.Code();
        var blocked = (await shop.Take(code, 100, Scene.Order())).Refused(429, "too_many_requests");
        blocked.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 900);
        (await shop.Take(paidCode, 100, order)).Created().Replayed.ShouldBeTrue();
        (await shop.Till.Get($"/till/payments?orderId={order}")).Ok();
        (await other.Take(code, 100, Scene.Order())).Created();
        (await member.Balance()).ShouldBe(4_800);
    }

    [Theory, BothEngines]
    public async Task Good_codes_that_are_refused_are_no_guesses(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (poor, rich, shop) = (await scene.Member(), await scene.Member(5_000), await scene.Store());

        for (var i = 0; i < 25; i++)
            (await shop.Take(await poor.Code(), 100, Scene.Order())).Refused(422, "insufficient_balance");

        (await shop.Take(await rich.Code(), 100, Scene.Order())).Created();
    }

    [Theory, BothEngines]
    public async Task A_cryptographic_tag_pays_once_for_each_touch(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        await using var workshop = await Workshop.Open(scene.App);
        var (chip, stranger) = (await workshop.Chip(shop), await workshop.Chip(shop));
        var touch = chip.Touch(7);
        var key = Guid.NewGuid().ToString();
        Task<Reply> Touch(string tag, string? with = null) => member.Api.Post("/payments", new { tag, amount = 100 }, with);

        var paid = (await Touch(touch, key)).Created();
        (await Touch(touch, key)).Created().Body.ShouldBe(paid.Body);
        var before = await member.AccountState();

        (await Touch(touch)).Refused(409, "code_used", "replayed");
        (await Touch(chip.Touch(7))).Refused(409, "code_used", "the same counter");
        (await Touch(chip.Touch(3))).Refused(409, "code_used", "an older counter");
        (await Touch(chip.TagId)).Refused(400, "invalid_code", "without proof");
        (await Touch(touch[..^1] + (touch[^1] == '0' ? '1' : '0'))).Refused(400, "invalid_code", "a wrong MAC");
        (await Touch(touch[..^16] + new string('0', 16))).Refused(400, "invalid_code", "no MAC");
        (await Touch(touch.Replace("picc=", "picc=00", StringComparison.Ordinal))).Refused(400, "invalid_code", "a longer PICC");
        (await Touch(stranger.Touch(9).Replace(stranger.TagId, chip.TagId, StringComparison.Ordinal))).Refused(
            400, "invalid_code", "another tag's message");
        (await Touch(chip.Touch(8) + "&cmac=" + new string('0', 16))).Refused(400, "invalid_code", "two MACs");
        (await member.AccountState()).ShouldBe(before);

        (await Touch(chip.Touch(9))).Created();
        await workshop.Revoke(shop, chip.TagId);
        (await Touch(chip.Touch(10))).Refused(410, "tag_revoked");
        (await member.Api.Get($"/tags/{chip.TagId}")).Refused(410, "tag_revoked");
    }

    [Theory, BothEngines]
    public async Task One_touch_sent_twenty_times_at_once_pays_once(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        await using var workshop = await Workshop.Open(scene.App);
        var chip = await workshop.Chip(shop);

        // A double tap: the same key. Every one of them hears that it was paid.
        var (touch, key) = (chip.Touch(1), Guid.NewGuid().ToString());
        var same = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => member.Api.Post("/payments", new { tag = touch, amount = 100 }, key)));
        same.Select(a => a.Created().Body).Distinct().ShouldHaveSingleItem();

        // A copied address: other keys.
        touch = chip.Touch(2);
        var others = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => member.Api.Post("/payments", new { tag = touch, amount = 100 })));
        others.Count(a => a.Status == 201).ShouldBe(1);
        foreach (var refused in others.Where(a => a.Status != 201))
            refused.Refused(409, "code_used");
        (await member.Balance()).ShouldBe(4_800);
    }

    [Theory, BothEngines]
    public Task A_plain_tag_that_was_revoked_pays_nobody(Engine engine) =>
        OneQuietTry.Shows(async () =>
        {
            var scene = new Scene(await servers.On(engine));
            var (member, shop) = (await scene.Member(5_000), await scene.Store());
            await using var workshop = await Workshop.Open(scene.App);
            (await member.Api.Post("/payments", new { tag = shop.TagId, amount = 100 })).Created();

            // Revoked by another node: this one hears of it within a second.
            await workshop.Revoke(shop, shop.TagId);
            for (var waited = Stopwatch.StartNew(); (await member.Api.Get($"/tags/{shop.TagId}")).Status != 410; await Task.Delay(20))
                waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));

            (await member.Api.Post("/payments", new { tag = shop.TagId, amount = 100 })).Refused(410, "tag_revoked");
            (await member.Api.Post("/payments", new { tag = shop.TagUrl, amount = 100 })).Refused(410, "tag_revoked");
            (await member.Api.Get($"/tags/{shop.TagId}")).Refused(410, "tag_revoked");
            (await member.Balance()).ShouldBe(4_900);
        });

    [Theory, BothEngines]
    public async Task A_suspended_store_is_paid_in_no_way(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());
        await using (var workshop = await Workshop.Open(scene.App))
            await workshop.Suspend(shop);
        // More than there is: nothing is paid while this node has not heard of it.
        for (var waited = Stopwatch.StartNew(); (await member.Pay(shop, 5_001)).Status != 403; await Task.Delay(20))
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));

        (await member.Pay(shop, 100)).Refused(403, "forbidden");
        (await member.Api.Post("/payments", new { tag = shop.TagUrl, amount = 100 })).Refused(403, "forbidden");
        (await shop.Take(await member.Code(), 100, Scene.Order())).Refused(403, "forbidden");
        (await member.Balance()).ShouldBe(5_000);
    }

    [Theory, BothEngines]
    public async Task A_dynamic_code_pays_its_amount_once_in_its_time(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, other, shop) = (await scene.Member(5_000), await scene.Member(5_000), await scene.Store());
        await using var workshop = await Workshop.Open(scene.App);
        var qr = await workshop.DynamicQr(shop, 1_200, "order-1", TimeSpan.FromMinutes(5));
        var before = await member.AccountState();

        (await member.Api.Post("/payments", new { qr, amount = 1_199 })).Refused(400, "invalid_amount", "another amount than the code's");
        (await member.Api.Post("/payments", new { qr = Forged(qr, "54041200", "54040001"), amount = 1 })).Refused(
            400, "invalid_code", "altered, checksum made anew");
        (await member.Api.Post("/payments", new { qr = qr.Replace("54041200", "54040001", StringComparison.Ordinal), amount = 1 }))
            .Refused(400, "invalid_code", "altered");
        (await member.Api.Post("/payments", new { qr = Forged(qr, "order-1", "order-2"), amount = 1_200 }))
            .Refused(400, "invalid_code", "another order");
        var lapsed = await workshop.DynamicQr(shop, 1_200, "order-0", TimeSpan.FromSeconds(-1));
        (await member.Api.Post("/payments", new { qr = lapsed, amount = 1_200 })).Refused(410, "code_expired");
        (await member.AccountState()).ShouldBe(before);

        (await member.Api.Post("/payments", new { qr, amount = 1_200 })).Created();
        (await member.Api.Post("/payments", new { qr, amount = 1_200 })).Refused(409, "code_used");
        (await other.Api.Post("/payments", new { qr, amount = 1_200 })).Refused(409, "code_used");
        (await member.Balance(), await other.Balance()).ShouldBe((3_800, 5_000));
    }

    [Theory, BothEngines]
    public async Task A_printed_code_that_is_not_ours_is_not_a_payment_code(Engine engine)
    {
        var scene = new Scene(await servers.On(engine));
        var (member, shop) = (await scene.Member(5_000), await scene.Store());

        foreach (var qr in (string[])[
            shop.Qr[..^1] + (shop.Qr[^1] == '0' ? '1' : '0'), shop.Qr[..^4], shop.Qr + " ",
            shop.Qr.Replace("OSAKA", "KYOTO", StringComparison.Ordinal),
            Forged(shop.Qr, "example.ensen", "example.esnen"), Forged(shop.Qr, "5303392", "5303840"), "00020101021126",
            "https://example.evil/t/" + shop.TagId,
            "WIFI:S:free;;", (await member.Api.Post("/codes")).Text("qr"), new string('0', 30_000)])
            (await member.Api.In("en").Post("/payments", new { qr, amount = 100 })).Refused(400, "invalid_code", qr).Text("detail")
                .ShouldBe("This is not a payment code.");

        (await member.Balance()).ShouldBe(5_000);
    }

    static string Swapped(string code)
    {
        var at = Enumerable.Range(5, 12).First(i => code[i] != code[i + 1] && code[i] - '0' + code[i + 1] - '0' != 9);
        return code[..at] + code[at + 1] + code[at] + code[(at + 2)..];
    }

    /// <summary>Anyone can make the checksum anew: CRC-16/CCITT-FALSE over everything before it.</summary>
    static string Forged(string qr, string original, string instead)
    {
        var text = qr.Replace(original, instead, StringComparison.Ordinal)[..^4];
        text.ShouldNotBe(qr[..^4]);
        var crc = 0xFFFF;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(text))
        {
            crc ^= b << 8;
            for (var i = 0; i < 8; i++)
                crc = (crc & 0x8000) != 0 ? crc << 1 & 0xFFFF ^ 0x1021 : crc << 1 & 0xFFFF;
        }
        return text + crc.ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
    }
}
