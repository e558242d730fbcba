using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Ensen.Access;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.Logging;

namespace Ensen.Tests.Operations;

/// <summary>
/// A member with a row wherever there can be one leaves, and everything that is kept is searched for everything that is known of them: each
/// column of each table as it is, and each line of the log. The sandbox's own tables stay out of it: they play the mailboxes and the bank of
/// the outside, which nobody here could erase.
/// </summary>
public class LeavingLeavesNothing
{
    const string Name = "桐生 静流";
    const string Kana = "キリュウ シズル";
    const string BornOn = "1987-03-14";
    const string Home = "京都市左京区百万遍町77番地";
    const string Email = "Shizuru.K+ensen@kiryu.example";
    const string NewEmail = "shizuru.neu@kiryu.example";
    const string Device = "Pixel of Shizuru";
    const string Passkey = "Schlüssel von Shizuru";
    const string Password = "Loop-line-Kiryu-09";
    const string BankNumber = "7041963";

    [Theory, BothEngines]
    public async Task No_table_and_no_line_of_the_log_says_who_somebody_was_who_left(Engine engine)
    {
        using var log = new Heard();
        await using var desk = await IdentityDesk.Open(engine, log: log);
        var (member, session, secrets) = await Fill(desk);
        var before = await Found(desk, Marks(secrets));
        before.Count.ShouldBeGreaterThan(15, "there is something to be erased");
        var export = (await desk.Get<ExportMember>().Run(member, Ct))!;
        export["identity"]![0]!["kana"]!.GetValue<string>().ShouldBe(Kana);
        foreach (var section in (string[])["profile", "addresses", "addressChanges", "telephoneChanges", "devices", "passkeys", "authenticators",
            "recoveryCodes", "bankAccounts", "verifications", "verificationPictures", "transfers", "charges", "notices", "requests"])
            export[section]!.AsArray().ShouldNotBeEmpty(section);

        await desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, session, LeaveProgramme.Purpose), Ct);
        (await desk.Get<LeaveProgramme>().Run(
            new LeaveRequest(member, true, new StepUpProof(session), Town.Key(member, null)), Ct)).Refusal.ShouldBe(LeaveRefusal.None);
        await desk.Get<Outbox>().RunDue(Ct);
        (await Found(desk, Marks(secrets))).ShouldAllBe(
            f => f.StartsWith("outbox.body", StringComparison.Ordinal), "the last mail waits for the mail server, and nothing else does");
        desk.Clock.Move(TimeSpan.FromMinutes(2));
        await desk.Get<Outbox>().RunDue(Ct);

        (await Found(desk, Marks(secrets))).ShouldBeEmpty();
        log.Says(Marks(secrets)).ShouldBeEmpty();
        (await desk.World.Mail.Latest(1, Email, Ct)).Single().Subject.ShouldContain("退会");
        (await desk.Count("select count(*) from mail_bounce")).ShouldBe(0);
        if (engine == Engine.Sqlite)
            await TheFileItself(desk, secrets);
        await TheRecord(desk, member);
    }

    /// <summary>The same address, telephone, papers and bank account are free for a new member, who has nothing of the old one.</summary>
    [Theory, BothEngines]
    public async Task Whoever_comes_back_is_somebody_new(Engine engine)
    {
        await using var desk = await IdentityDesk.Open(engine);
        var (member, session, _) = await Fill(desk);
        await desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, session, LeaveProgramme.Purpose), Ct);
        (await desk.Get<LeaveProgramme>().Run(
            new LeaveRequest(member, true, new StepUpProof(session), Town.Key(member, null)), Ct)).Accepted.ShouldBeTrue();

        var again = (await desk.Get<Register>().Run(new RegisterRequest(Name, Email, "090-5555-0123", Password, "ja"), Ct)).Value!.Member;

        again.Id.ShouldNotBe(member);
        await Verify(desk, again.Id);
        (await desk.Link(again.Id, BankNumber, "ｷﾘﾕｳ ｼｽﾞﾙ")).Accepted.ShouldBeTrue();
        (await desk.Get<History>().Of(again.Id, null, 10, Ct)).ShouldBeEmpty();
    }

    /// <summary>Whatever fails in the step, nothing of it happened; afterwards what was not told is told again.</summary>
    [Theory, BothEngines]
    public async Task A_leaving_that_breaks_off_before_its_end_is_none(Engine engine)
    {
        using var log = new Heard();
        await using var desk = await IdentityDesk.Open(engine, log: log);
        var (member, session, secrets) = await Fill(desk);
        await desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, session, LeaveProgramme.Purpose), Ct);
        // The last thing that the step writes cannot be written.
        await desk.Execute("alter table outbox rename to outbox_elsewhere");
        await Should.ThrowAsync<Exception>(async () => await desk.Get<LeaveProgramme>().Run(
            new LeaveRequest(member, true, new StepUpProof(session), Town.Key(member, null)), Ct));
        await desk.Execute("alter table outbox_elsewhere rename to outbox");

        log.Lines.ShouldNotBeEmpty("that it failed");
        log.Says(Marks(secrets)).ShouldBeEmpty();
        (await desk.Row(member)).Name.ShouldBe(Name);
        (await desk.Get<Sessions>().IsOpen(Subject.Member(member), session.Session, Ct)).ShouldBeTrue();
        (await desk.Get<ExportMember>().Run(member, Ct))!["identity"]!.AsArray().ShouldNotBeEmpty("the key is there");
        (await desk.Get<LeaveProgramme>().Run(
            new LeaveRequest(member, true, new StepUpProof(session), Town.Key(member, null)), Ct)).Accepted.ShouldBeTrue("the proof was not used up");
        (await Found(desk, Marks(secrets))).Where(f => !f.StartsWith("outbox", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    static async Task TheRecord(IdentityDesk desk, MemberId member)
    {
        await using var connection = await desk.Db.Connect(Ct);
        var record = (await FormerMembers.Record(connection, member))!;
        RecordsKey.Open(Town.Records.PrivatePem, record, "record of somebody else").ShouldBeNull();
        RecordsKey.Open(RecordsKey.MakePair().PrivatePem, record, FormerMembers.About(member)).ShouldBeNull("another key");
        var kept = JsonSerializer.Deserialize<KeptRecord>(
            RecordsKey.Open(Town.Records.PrivatePem, record, FormerMembers.About(member)), JsonSerializerOptions.Web)!;
        kept.Verifications[^1].ShouldSatisfyAllConditions(
            v => v.Name.ShouldBe(Name), v => v.Kana.ShouldBe(Kana), v => v.BornOn.ShouldBe(BornOn), v => v.Address.ShouldBe(Home),
            v => v.Method.ShouldBe("image"));
        desk.Clock.Move(TimeSpan.FromDays(365 * 7));
        await desk.Get<FormerMembers>().Run(Ct);
        (await FormerMembers.Record(connection, member)).ShouldNotBeNull("seven years are not over");
        desk.Clock.Move(TimeSpan.FromDays(3));
        await desk.Get<FormerMembers>().Run(Ct);
        (await FormerMembers.Record(connection, member)).ShouldBeNull();
        (await desk.Count("select count(*) from verification where member = @member", new { member })).ShouldBe(0);
    }

    /// <summary>What was deleted is overwritten in the file: it is not found there without the database either.</summary>
    static async Task TheFileItself(IdentityDesk desk, IReadOnlyList<byte[]> secrets)
    {
        foreach (var table in (string[])["sandbox_mail", "sandbox_exchange", "sandbox_request", "sandbox_identity_order"])
            await desk.Execute($"delete from {table}");
        await desk.Execute("pragma wal_checkpoint(truncate)");
        var path = desk.Address["sqlite:".Length..];
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, Ct);
        Marks(secrets).Where(mark => bytes.ToArray().AsSpan().IndexOf(mark.Bytes) >= 0).Select(mark => mark.Told).ShouldBeEmpty();
    }

    static async Task<(MemberId Member, Caller Session, IReadOnlyList<byte[]> Secrets)> Fill(IdentityDesk desk)
    {
        var member = (await desk.Get<Register>().Run(
            new RegisterRequest(Name, Email, "090-5555-0123", Password, "ja", "192.0.2.7"), Ct)).Value!.Member.Id;
        await desk.Execute("update member set mail_confirmed = true, telephone_possessed_ms = 1, goal_points = 500 where id = @member", new { member });
        var session = (await desk.Get<Sessions>().Open(Subject.Member(member), Device, assurance: AssuranceLevel.Password, ct: Ct)).Caller;
        var proof = new StepUpProof(session);
        await desk.Get<SignIn>().Run(new SignInRequest(Email, "Wrong-pass-1", Device, "192.0.2.7"), Ct);
        await desk.Get<SignIn>().Run(new SignInRequest(Email, Password, Device, "192.0.2.7"), Ct);
        await Verify(desk, member);
        (await desk.Link(member, BankNumber, "ｷﾘﾕｳ ｼｽﾞﾙ")).Refusal.ShouldBe(LinkBankAccountRefusal.None);
        var (key, publicKey, secret) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(77), Totp.NewSecret());
        await Prove(Passkeys.Purpose);
        (await desk.Get<AddPasskey>().Run(new AddPasskeyRequest(
            session.Subject, new NewPasskey(Id.New(desk.Clock), key, publicKey, 0, "", true, true), proof, Passkey, Device), Ct)).Accepted.ShouldBeTrue();
        await Prove(ChangeFactors.Purpose);
        (await desk.Get<ChangeFactors>().SetUp(session.Subject, proof, secret, Totp.CodeAt(secret, desk.Clock.GetUtcNow()), Device, Ct)).Refusal
            .ShouldBe(ChangeFactorsRefusal.None);
        await Prove(ChangeFactors.Purpose);
        (await desk.Get<ChangeFactors>().MakeCodes(session.Subject, proof, Device, Ct)).Accepted.ShouldBeTrue();
        using var browser = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await desk.Get<DeviceKeys>().Bind(session.Session, Convert.ToBase64String(browser.ExportSubjectPublicKeyInfo()), Ct);
        await desk.Db.Transact(tx => desk.Get<LowCaps>().Begin(tx, member, LowCapsCause.NewDevice), Ct);
        await Money(desk, member);
        await Prove(ChangeMail.Purpose);
        (await desk.Get<ChangeMail>().Ask(new(member, NewEmail, proof, Device), Ct)).Accepted.ShouldBeTrue();
        await Prove(ChangeTelephone.Purpose);
        (await desk.Get<ChangeTelephone>().Ask(new(member, "080-5555-0456", proof), Ct)).ShouldBe(ChangeTelephoneRefusal.None);
        await Prove(Possession.Purpose);
        await desk.Get<Outbox>().RunDue(Ct);
        await desk.Get<MailBounces>().Keep(Ensen.Formats.AddressHash.Of(Email), "4.2.2", Ct);
        var proposed = await desk.Get<ProposeRecovery>().Run(
            new ProposeRecoveryRequest(member, "papers seen", await desk.Operator("Suzuki"), BornOn, "070-5555-0789"), Ct);
        (await desk.Get<ApproveRecovery>().Run(new ApproveRecoveryRequest(proposed.Value!.Id, await desk.Operator("Ito"), BornOn), Ct))
            .Refusal.ShouldBe(ApproveRecoveryRefusal.None);
        // Mails that wait while the mail server is away.
        await desk.World.Moods.Set(Gateway.Mail, FaultMode.Lost, 2, ct: Ct);
        await desk.Get<AskPasswordReset>().Run(new PasswordResetAsked(Email, "192.0.2.7"), Ct);
        await desk.Get<Outbox>().RunDue(Ct);
        await using var connection = await desk.Db.Connect(Ct);
        var hash = await connection.ExecuteScalarAsync<string>("select hash from credential where owner = @member", new { member });
        var memberKey = await connection.ExecuteScalarAsync<byte[]>("select protected_key from member_key where member = @member", new { member });
        return (member, session, [key, publicKey, secret, Encoding.UTF8.GetBytes(hash!), memberKey!, IdentityDesk.Jpeg,
            SHA256.HashData(Encoding.UTF8.GetBytes(Ensen.Members.EmailAddress.TryParse(Email, out _, out var k) ? k : ""))]);

        Task Prove(StepUpPurpose purpose) => desk.Db.Transact(tx => desk.Get<StepUp>().Mark(tx, session, purpose), Ct);
    }

    static async Task Verify(IdentityDesk desk, MemberId member)
    {
        var waiting = await desk.InReview(member, new PersonalDetails(Name, Kana, BornOn, Home));
        await desk.Decide(waiting, await desk.Operator("Suzuki"));
        (await desk.Decide(waiting, await desk.Operator("Ito"))).Accepted.ShouldBeTrue();
        (await desk.Row(member)).Verified.ShouldBeTrue();
    }

    /// <summary>Charged, sent on with a word, and nothing left.</summary>
    static async Task Money(IdentityDesk desk, MemberId member)
    {
        var friend = await desk.Verified("ren");
        (await desk.Get<SandboxDeposit>().Run(member, 5_000.Yen(), Ct)).Refusal.ShouldBe(ChargeRefusal.None);
        (await desk.Get<Transfer>().Run(new TransferRequest(
            new Payer(member, true), new Payer(friend, true), 5_000.Yen(), "lunch on Sunday", Initiator.Member(member),
            [Town.Key(member, null)]), Ct)).Refusal.ShouldBe(TransferRefusal.None);
    }

    /// <summary>Where in the tables something is found, as table, column and what it is.</summary>
    static async Task<IReadOnlyList<string>> Found(IdentityDesk desk, IReadOnlyList<Mark> marks)
    {
        var found = new List<string>();
        await using var connection = await desk.Db.Connect(Ct);
        var tables = (await connection.QueryAsync<string>(desk.Db.Engine == Engine.Sqlite
            ? "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
            : "select table_name from information_schema.tables where table_schema = 'public'")).Where(t => !t.StartsWith("sandbox_", StringComparison.Ordinal));
        foreach (var table in tables)
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"select * from {table}"))
                foreach (var (column, value) in row)
                    found.AddRange(marks.Where(mark => Bytes(value).AsSpan().IndexOf(mark.Bytes) >= 0).Select(mark => $"{table}.{column}: {mark.Told}"));
        return [.. found.Distinct()];
    }

    static byte[] Bytes(object? value) => value switch
    {
        null => [],
        byte[] bytes => bytes,
        Guid => [],
        string text => Encoding.UTF8.GetBytes(text),
        IFormattable number => Encoding.UTF8.GetBytes(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => [],
    };

    /// <summary>Everything that is known of the member, in each form in which a program could have kept it.</summary>
    static IReadOnlyList<Mark> Marks(IReadOnlyList<byte[]> secrets)
    {
        string[] words =
        [
            Name, "桐生", "静流", Kana, "キリュウ", "シズル", "ｷﾘﾕｳ", "ｼｽﾞﾙ", BornOn, "19870314", "1987/3/14", Home, "百万遍町", Email, NewEmail, "shizuru",
            "Shizuru", "SHIZURU", "kiryu", "Kiryu", "+819055550123", "09055550123", "090-5555-0123",
            "+817055550789", "7055550789", "070-5555-0789", "+818055550456", "080-5555-0456", "9055550123",
            BankNumber, "****1963", Device, Passkey, Password,
        ];
        var marks = new List<Mark>();
        foreach (var word in words)
        {
            foreach (var (form, bytes) in new[] { ("UTF-8", Encoding.UTF8.GetBytes(word)), ("UTF-16", Encoding.Unicode.GetBytes(word)) })
                marks.AddRange(FormsOf($"{word} in {form}", bytes));
            // As JSON writes what is not ASCII.
            marks.Add(new Mark($"{word} in JSON", Encoding.UTF8.GetBytes(JsonEncodedText.Encode(word).ToString())));
        }
        foreach (var (at, secret) in secrets.Index())
            marks.AddRange(FormsOf($"secret {at}", secret));
        return marks;
    }

    static IEnumerable<Mark> FormsOf(string told, byte[] bytes)
    {
        yield return new Mark(told, bytes);
        yield return new Mark($"{told}, hex", Encoding.UTF8.GetBytes(Convert.ToHexString(bytes)));
        yield return new Mark($"{told}, hex", Encoding.UTF8.GetBytes(Convert.ToHexStringLower(bytes)));
        // Base64 of it wherever it begins: without the letters that its neighbours are in, too.
        for (var lead = 0; lead < 3; lead++)
        {
            var text = Convert.ToBase64String([.. new byte[lead], .. bytes]);
            var inner = text[(lead == 0 ? 0 : lead + 1)..^((3 - (lead + bytes.Length) % 3) % 3 is var open and not 0 ? open + 1 : 0)];
            if (inner.Length >= 6)
                yield return new Mark($"{told}, Base64", Encoding.UTF8.GetBytes(inner));
        }
    }

    sealed record Mark(string Told, byte[] Bytes);

    /// <summary>All lines that are written to the log.</summary>
    sealed class Heard : ILoggerProvider, ILogger
    {
        readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public IEnumerable<string> Says(IReadOnlyList<Mark> marks) =>
            _lines.Where(line => marks.Any(mark => Encoding.UTF8.GetBytes(line).AsSpan().IndexOf(mark.Bytes) >= 0));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
