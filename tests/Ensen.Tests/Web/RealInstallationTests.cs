using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Storage;
using Ensen.Tests.Support;
using SmtpServer.Protocol;

namespace Ensen.Tests.Web;

/// <summary>
/// An installation as docs/operating has it run: production, no sandbox, mail by SMTP, stores opened by command.
/// </summary>
public sealed partial class RealInstallationTests : IAsyncDisposable
{
    readonly MailServer _mail = MailServer.Start(MailSecurity.None, signIn: true);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string[] Options =>
    [
        "--environment=Production", "--Ensen:Sandbox=false", "--Ensen:Mail:Host=localhost", $"--Ensen:Mail:Port={_mail.Port}",
        "--Ensen:Mail:Security=none", $"--Ensen:Mail:User={MailServer.User}", $"--Ensen:Mail:Password={MailServer.Password}",
        "--Ensen:Mail:From=pay@ensen.example", "--Ensen:Mail:BouncesTo=bounces@ensen.example",
    ];

    [Theory, BothEngines]
    public async Task A_member_confirms_from_the_mail_a_till_signs_in_and_what_comes_back_is_told(Engine engine)
    {
        await using var app = await WebApp.Start(engine, Options);
        app.Output.ShouldContain("Not set up here: bank, card, atm, telephone, identity, rewards, transit, creditcard, payouts, deposits.");
        using var browser = Browser(app);

        // A member registers; the mail's link confirms the address.
        (await Fill(browser, "/register", "email", ("name", "西川 葵"), ("email", "aoi@example.jp"), ("telephone", "090-1234-5678"), ("password", "Loop-line-09")))
            .ShouldContain("aoi@example.jp に確認メールをお送りしました");
        var mail = await Mailed(1);
        (mail.User, mail.Recipient, mail.Sender).ShouldBe((MailServer.User, "aoi@example.jp", "bounces@ensen.example"));
        var link = Link().Match(mail.Message.TextBody!).Value;
        await Fill(browser, link, "confirm");
        var account = await browser.GetStringAsync("/account", Ct);
        account.ShouldContain("確認済み");
        account.ShouldNotContain("id=\"bounced\"");

        // What has no gateway says so.
        (await browser.GetStringAsync("/charge", Ct)).ShouldContain("id=\"nowhere\"");

        // The operator opens a store; its till signs in with what was printed.
        var opened = await Command(app, "store", "add", "パン工房 京橋", "--area", "京橋", "--category", "bakery");
        opened.ExitCode.ShouldBe(0, opened.Error);
        var (number, pin) = (Printed(opened.Output, "Number"), Printed(opened.Output, "Till PIN"));
        (await Command(app, "store")).Output.ShouldContain($"{number}  {Printed(opened.Output, "Merchant")}  パン工房 京橋  京橋");
        (await Fill(browser, "/till/sign-in", "pin", ("number", number), ("pin", pin))).ShouldContain("パン工房 京橋");
        var newPin = Printed((await Command(app, "store", "pin", number)).Output, "Till PIN");
        using (var tablet = Browser(app))
            (await Fill(tablet, "/till/sign-in", "pin", ("number", number), ("pin", newPin))).ShouldContain("パン工房 京橋");

        await ReadyOperators.Make(app.DatabaseAddress, "Suzuki", "Ito");
        // The operator freezes the member, whose page says so, and lifts that.
        var frozen = await Command(app, "restriction", "add", await Member(app), "--reason", "telephone stolen", "--by", "Suzuki", "--until", "2099-12-31");
        frozen.ExitCode.ShouldBe(0, frozen.Error);
        (await browser.GetStringAsync("/", Ct)).ShouldContain("ご利用を停止しています。");
        (await browser.GetStringAsync("/pay", Ct)).ShouldContain("ご利用を停止しています。", Case.Sensitive, "before a till is shown the code");
        (await Command(app, "restriction")).Output.ShouldContain(", until 2099-12-31, by Suzuki: telephone stolen");
        (await Command(app, "restriction", "lift", frozen.Output.Trim(), "--reason", "found", "--by", "Ito")).Output.ShouldContain("Lifted for mbr_");
        (await Command(app, "restriction")).Output.ShouldBeEmpty();
        (await browser.GetStringAsync("/", Ct)).ShouldNotContain("ご利用を停止しています。");
        (await browser.GetStringAsync("/pay", Ct)).ShouldNotContain("ご利用を停止しています。");

        // Whatever the tests beside this one take: a node in production stores hashes that cost 9 MiB four times, and none that cost less.
        var hashes = await Hashes(app);
        hashes.Count.ShouldBe(3, "a password, and the two PINs of a store");
        foreach (var hash in hashes)
            hash.ShouldStartWith("$argon2id$v=19$m=9216,t=4,p=1$");

        // The mail server says afterwards that the mailbox is gone: the member is told, and nothing more is sent.
        var bounced = await HandIn(app, Letters.Report(mail.Message.MessageId!.Split('@')[0]));
        bounced.ExitCode.ShouldBe(0, bounced.Output);
        bounced.Output.ShouldContain("came back: 5.1.1");
        (await HandIn(app, Letters.HolidayReply)).ExitCode.ShouldBe(0);
        (await browser.GetStringAsync("/account", Ct)).ShouldContain("id=\"bounced\"");
        (await Fill(browser, "/account", "mail-resume")).ShouldNotContain("id=\"bounced\"");
        _mail.Received.Count.ShouldBe(1);
    }

    static async Task<string> Member(WebApp app)
    {
        await using var database = Database.Open(app.DatabaseAddress, Product.Catalogue);
        await using var connection = await database.Connect();
        return new MemberId(await connection.QuerySingleAsync<Guid>("select id from member")).ToString();
    }

    static async Task<IReadOnlyList<string>> Hashes(WebApp app)
    {
        await using var database = Database.Open(app.DatabaseAddress, Product.Catalogue);
        await using var connection = await database.Connect();
        return [.. await connection.QueryAsync<string>(
            "select hash from credential")];
    }

    [Fact]
    public async Task Commands_say_what_they_lack()
    {
        await using var database = await TestDatabase.Create(Engine.Sqlite);
        string[] with = ["--database", database.Address, .. Options];

        await Says(0, "The mail server took it", ["send-test-mail", "aoi@example.jp", .. with]);
        _mail.Received.ShouldHaveSingleItem().Message.Subject.ShouldBe("【Ensen】テストメール / test mail");
        _mail.ToRecipient = _ => new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "5.1.1 no");
        await Says(1, "does not take it: refused: 5.1.1", ["send-test-mail", "aoi@example.jp", .. with]);
        await Says(2, "No mail is set up here", ["send-test-mail", "aoi@example.jp", "--database", database.Address, "--Ensen:Sandbox=false"]);
        await Says(1, "bakery", ["store", "add", "A", "--category", "spaceport", .. with]);
        await Says(1, "no store with the number", ["store", "pin", "12345678", .. with]);
        string[] operated = ["--reason", "theft", "--by", "Suzuki", .. with];
        await Says(1, "no operator of that name", ["restriction", "add", new MemberId(Guid.CreateVersion7()).ToString(), .. operated]);
        await ReadyOperators.Make(database.Address, "Suzuki");
        await Says(1, "no such member", ["restriction", "add", new MemberId(Guid.CreateVersion7()).ToString(), .. operated]);
        await Says(1, "no member's number", ["restriction", "add", "aoi", .. operated]);
        await Says(1, "There are: frozen", ["restriction", "add", "aoi", "--kind", "melted", .. operated]);
        await Says(1, "no such restriction", ["restriction", "lift", Id.Format("rst", Guid.CreateVersion7()), .. operated]);
        // A mail server that is told so keeps the letter, and hands it in again.
        await Says(75, "cannot be used", ["bounces", "-", "--database", "postgres:Host=127.0.0.1;Port=1;Database=x;Timeout=1"]);
    }

    static async Task Says(int code, string words, string[] command)
    {
        var (exitCode, output, error) = await WebApp.Command(command);
        (exitCode, output + error).ShouldSatisfyAllConditions(
            said => said.exitCode.ShouldBe(code, said.Item2),
            said => said.Item2.ShouldContain(words));
    }

    static HttpClient Browser(WebApp app) => new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(app.Address) };

    /// <summary>Sends the page's form that contains a text, with what somebody typed; answers the page it leads to.</summary>
    static async Task<string> Fill(HttpClient browser, string page, string form, params (string Name, string Value)[] typed)
    {
        var html = await browser.GetStringAsync(page, Ct);
        var found = Form().Matches(html).Select(m => m.Value).First(f => f.Contains(form, StringComparison.Ordinal));
        var fields = Hidden().Matches(found).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value));
        foreach (var (name, value) in typed)
            fields[name] = value;
        using var filled = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(Action().Match(found).Groups[1].Value, filled, Ct);
        var led = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, led);
        return led;
    }

    Task<(int ExitCode, string Output, string Error)> Command(WebApp app, params string[] words) => WebApp.Command([.. words, "--database", app.DatabaseAddress, .. Options]);

    static async Task<(int ExitCode, string Output)> HandIn(WebApp app, string letter)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, letter, Ct);
            var pipe = new ProcessStartInfo("bash", ["-c", "dotnet \"$0\" bounces - --database \"$1\" <\"$2\"", Repository.WebProgram, app.DatabaseAddress, file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            var (exitCode, output, error) = await WebApp.End(pipe);
            return (exitCode, output + error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string Printed(string output, string what) =>
        output.Split('\n').Single(line => line.StartsWith(what, StringComparison.Ordinal))[what.Length..].Trim();

    async Task<ReceivedMail> Mailed(int count)
    {
        for (var tries = 0; _mail.Received.Count < count && tries < 200; tries++)
            await Task.Delay(50, Ct);
        _mail.Received.Count.ShouldBe(count);
        return _mail.Received.Last();
    }

    [GeneratedRegex("<form .*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""action="([^"]+)""")]
    private static partial Regex Action();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"[^>]*>""")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"/confirm-mail\?token=\S+")]
    private static partial Regex Link();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();
}
