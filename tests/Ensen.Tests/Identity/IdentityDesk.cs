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
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Web.Session;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensen.Tests.Identity;

/// <summary>Members who are verified and link bank accounts, on a fresh database with the sandbox's outside and a clock that stands still.</summary>
sealed class IdentityDesk : IAsyncDisposable
{
    public static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    readonly TestDatabase _test;
    readonly ServiceProvider _services;

    IdentityDesk(TestDatabase test, Programme programme, ILoggerProvider? log)
    {
        (_test, Programme) = (test, programme);
        _services = new ServiceCollection()
            .AddLogging(logging =>
            {
                if (log is not null)
                    logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
            })
            .AddEnsen(Db.Catalogue, _ => Db, programme)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ISecretProtection>(new SecretProtection(new EphemeralDataProtectionProvider()))
            .AddSingleton(new RecordsKey(Town.Records.Public))
            .AddSingleton<SandboxGateways>()
            .AddSingleton<SandboxDeposit>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .AddSingleton<CreateVerifiedMember>()
            .AddSingleton<CreateOperator>()
            .AddSingleton<CreateShopAccount>()
            .BuildServiceProvider();
        _services.StartOutbox();
    }

    public Database Db => _test.Database;
    public string Address => _test.Address;
    public TownClock Clock { get; } = new();
    public Programme Programme { get; }
    public SandboxGateways World => Get<SandboxGateways>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<IdentityDesk> Open(Engine engine, Programme? programme = null, ILoggerProvider? log = null)
    {
        var desk = new IdentityDesk(await TestDatabase.Create(engine), programme ?? new Programme(), log);
        await InstallationKey.Load(desk._services, Ct); // As a node does before it is asked (Composition.Prepare).
        return desk;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    // --- members ---------------------------------------------------------------------------------------------------------------------

    public static PersonalDetails Aoi(string kana = "アオイ ミサキ", string bornOn = "1990-04-01") => new("青井 美咲", kana, bornOn, "大阪市北区1-1");

    /// <summary>A member who is not verified, with a mailbox of the sandbox's.</summary>
    public async Task<MemberId> Newcomer(string name = "aoi") => (await Get<CreateVerifiedMember>().Run(
        new CreateVerifiedMemberRequest(name, Verified: false, $"{name}@example.jp"), Ct)).Value!.Id;

    /// <summary>A member who is verified by these papers.</summary>
    public async Task<MemberId> Verified(string name = "aoi", PersonalDetails? details = null)
    {
        var made = (await Get<CreateVerifiedMember>().Run(
            new CreateVerifiedMemberRequest(name, Verified: true, $"{name}@example.jp", Details: details ?? Aoi()), Ct)).Value!.Id;
        await Execute("delete from bank_account_claim where member = @made", new { made });
        await Execute("delete from bank_account where member = @made", new { made });
        return made;
    }

    public async Task<Member> Row(MemberId id)
    {
        await using var connection = await Db.Connect(Ct);
        return (await MemberDirectory.Read(connection, id))!;
    }

    // --- verifications ---------------------------------------------------------------------------------------------------------------

    public Task<Answer<Verification, BeginVerificationRefusal>> Begin(
        MemberId member, string method = "ic_chip", PersonalDetails? details = null, string? key = null)
    {
        var typed = details ?? Aoi();
        return Get<BeginVerification>().Run(new BeginVerificationRequest(member, method, typed, Town.Key(
            member, key, method, typed.Name, typed.Kana, typed.BornOn, typed.Address)), Ct);
    }

    /// <summary>How it stands in the table, and as its member sees it.</summary>
    public async Task<Verification> Read(Verification verification)
    {
        await using var connection = await Db.Connect(Ct);
        return (await Verifications.Find(connection, verification.Member, verification.Id, Clock.GetUtcNow()))!;
    }

    public Task Mood(FaultMode mode, int times = 1) => World.Moods.Set(Gateway.Identity, mode, times, TimeSpan.FromMinutes(5), Ct);

    public Task<Answer<Verification, AddEvidenceRefusal>> Picture(Verification of, EvidenceSide side, byte[]? image = null) =>
        Get<AddEvidence>().Run(new AddEvidenceRequest(of.Member, of.Id, side, image ?? [.. Jpeg, (byte)side]), Ct);

    /// <summary>One whose pictures are there: two persons decide.</summary>
    public async Task<Verification> InReview(MemberId member, PersonalDetails? details = null)
    {
        var begun = (await Begin(member, "image", details)).Value!;
        await Picture(begun, EvidenceSide.Front);
        return (await Picture(begun, EvidenceSide.Face)).Value!;
    }

    public Task<Answer<Verification, DecideVerificationRefusal>> Decide(
        Verification verification, OperatorId by, bool accepts = true, string reason = "document and face agree") =>
        Get<DecideVerification>().Run(new DecideVerificationRequest(verification.Id, accepts, reason, by), Ct);

    public async Task<OperatorId> Operator(string name, OperatorId? of = null, OperatorRoles roles = RoleNames.All)
    {
        var person = of is { } account ? (await Get<Operators>().Find(account, Ct))!.Person : (PersonId?)null;
        return (await Get<CreateOperator>().Run(
            new CreateOperatorRequest(name, $"{name.ToLowerInvariant()}-{Guid.NewGuid():N}"[..20], roles, person), Ct)).Value!.Account;
    }

    // --- bank accounts ---------------------------------------------------------------------------------------------------------------

    /// <summary>A session that has proven a moment ago whose it is.</summary>
    public async Task<StepUpProof> Proof(MemberId member, bool proven = true)
    {
        var caller = (await Get<Sessions>().Open(Subject.Member(member), "phone", ct: Ct)).Caller;
        if (proven)
            await Db.Transact(tx => Get<StepUp>().Mark(tx, caller, LinkBankAccount.Purpose), Ct);
        return new StepUpProof(caller);
    }

    public async Task<Answer<BankAccount, LinkBankAccountRefusal>> Link(MemberId member, string number = "1234567", string holder = "ｱｵｲ ﾐｻｷ",
        string from = "192.0.2.1", string? key = null, StepUpProof? proof = null) =>
        await Get<LinkBankAccount>().Run(new LinkBankAccountRequest(
            member, new TypedBankAccount("9999", "001", "ordinary", number, holder), proof ?? await Proof(member), "phone", from,
            Town.Key(member, key, number, holder)), Ct);

    public async Task<IReadOnlyList<string>> Mailed(string name)
    {
        await Get<Outbox>().RunDue(Ct);
        return [.. (await World.Mail.Latest(20, $"{name}@example.jp", Ct)).Select(mail => mail.Subject)];
    }

    public async Task<int> Execute(string sql, object? values = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteAsync(sql, values);
    }

    public async Task<long> Count(string sql, object? values = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, values);
    }

    public async ValueTask DisposeAsync()
    {
        await Get<GeneralLedger>().DisposeAsync();
        var complaints = await Auditor.Complaints(Db, Clock);
        await _test.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}
