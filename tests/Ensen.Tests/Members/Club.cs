using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Gateways;
using Ensen.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Members;

/// <summary>One node with members on a fresh database; <see cref="SecondNode"/> is another on the same one.</summary>
sealed class Club : IAsyncDisposable
{
    public const string Password = "Loop-line-09";

    /// <summary>Nothing waits for its turn: the clock stands still, and a test that is told to come again moves it.</summary>
    public static readonly Programme Impatient = new() { Membership = new() { TriesPatienceSeconds = 0 } };

    readonly TestDatabase? _test;

    Club(Database db, HandClock clock, TestDatabase? test, Programme? programme = null)
    {
        (Db, Clock, _test, Programme) = (db, clock, test, programme ?? Impatient);
        Outbox = new Outbox(db, clock, NullLogger<Outbox>.Instance);
        var sandbox = new SandboxGateways(db, Outbox, clock);
        Post = sandbox.Mail;
        Bounces = new MailBounces(db, clock);
        Outbox.On(Notice.Kind, new MailNotices(db, sandbox.Outside.Mail, Bounces, Programme, clock).Run);
        AttemptLimiter = new AttemptLimiter(db, clock);
        MemberDirectory = new MemberDirectory(db, clock);
        Sessions = new Sessions(db, Programme, clock);
        Confirm = new ConfirmMail(db, Outbox, MemberDirectory, AttemptLimiter, Programme, clock);
        Hashes = new HashLine();
        Guesses = new Guesses(AttemptLimiter, Programme);
        Register = new Register(db, Outbox, Confirm, AttemptLimiter, Hashes, Programme, clock);
        CreateVerifiedMember = new CreateVerifiedMember(db, clock);
    }

    public Database Db { get; }
    public HandClock Clock { get; }
    public Programme Programme { get; }
    public Outbox Outbox { get; }
    public SandboxMail Post { get; }
    public MailBounces Bounces { get; }
    public AttemptLimiter AttemptLimiter { get; }
    public HashLine Hashes { get; }
    public Guesses Guesses { get; }
    public MemberDirectory MemberDirectory { get; }
    public Sessions Sessions { get; }
    public ConfirmMail Confirm { get; }
    public Register Register { get; }
    public CreateVerifiedMember CreateVerifiedMember { get; }

    public static async Task<Club> Open(Engine engine, Programme? programme = null)
    {
        var test = await TestDatabase.Create(engine);
        return new(test.Database, new HandClock(), test, programme);
    }

    /// <summary>Another node: on PostgreSQL with connections of its own, on SQLite (one process) with memory of its own.</summary>
    public Club SecondNode() =>
        new(Db.Engine == Engine.Postgres ? Database.Open(_test!.Address, SandboxModule.Catalogue) : Db, Clock, null);

    public static RegisterRequest Aoi(string email = "aoi@example.jp") => new("西川 葵", email, "090-1234-5678", Password, "ja");

    public async Task<Member> Member(string name = "Aoi") =>
        (await CreateVerifiedMember.Run(new CreateVerifiedMemberRequest(name, Verified: true))).Value!;

    /// <summary>The token of the last mail to an address.</summary>
    public async Task<string> TokenMailedTo(string address)
    {
        await Outbox.RunDue(CancellationToken.None);
        var mail = (await Post.Latest(1, address)).ShouldHaveSingleItem();
        var link = mail.Body.Split('\n').Single(l => l.Contains("/confirm-mail?token=", StringComparison.Ordinal));
        return link.Split("token=")[1].Trim();
    }

    /// <summary>The mail server takes the next mail in this mood.</summary>
    public Task Refuse(FaultMode mood) => new SandboxFaults(Db).Set(Gateway.Mail, mood, 1);

    /// <summary>A member is told something by mail.</summary>
    public Task Tell(Member member) =>
        Db.Transact(tx => new Notice(NoticeKind.SignedIn, member.Id, member.Email!, member.Name, member.Language, Device: "iPhone",
            At: Clock.GetUtcNow()).Add(Outbox, tx, Id.New(Clock)));

    /// <summary>How many mails are still to be sent.</summary>
    public async Task<long> Waiting()
    {
        await using var connection = await Db.Connect();
        return await connection.ExecuteScalarAsync<long>("select count(*) from outbox where state = 1");
    }

    public async ValueTask DisposeAsync()
    {
        if (_test is not null)
            await _test.DisposeAsync();
        else if (Db.Engine == Engine.Postgres)
            await Db.DisposeAsync();
    }
}
