using Ensen.Basics;
using Ensen.Codes;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Notices;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Sandbox.Town;

/// <summary>The product's features a second time, on the same database but on the town's clock: the town's past is made with them and nothing else.</summary>
sealed class TownFeatures : IAsyncDisposable
{
    public TownFeatures(Database db, Programme programme, CodeKeys keys, TownClock clock, ILoggerFactory logs)
    {
        (Clock, Keys) = (clock, keys);
        Outbox = new Outbox(db, clock, logs.CreateLogger<Outbox>());
        Outside = new SandboxGateways(db, Outbox, clock);
        Ledger = new GeneralLedger(db, clock, log: logs.CreateLogger<GeneralLedger>());
        new MailNotices(Outside.Mail, new MailBounces(db, clock), programme, clock).Register(Outbox);
        new ChargeWork(db, Outside.Outside, new ChargeOutcome(db, Ledger, programme, clock), programme).Start(Outbox);

        var directory = new MemberDirectory(db, clock);
        var tries = new AttemptLimiter(db, clock);
        Sessions = new Sessions(db, programme, clock);
        Credentials = new Credentials(db);
        CreateVerifiedMember = new CreateVerifiedMember(db, clock);
        var hashes = new HashLine();
        Register = new Register(db, Outbox, new ConfirmMail(db, Outbox, directory, tries, programme, clock), tries, hashes, programme, clock);

        Stores = new Stores(db, clock);
        Tags = new Tags(db, clock);
        Tills = new Tills(db, Stores, new Pins(db, new Guesses(tries, programme), hashes, clock), Sessions, clock);
        OpenStore = new OpenStore(db, clock);

        ShowCode = new ShowCode(db, programme, clock);
        ResolvePayee = new ResolvePayee(Stores, Tags, keys, clock);
        Pay = new Pay(db, Ledger, programme, clock);
        TakePayment = new TakePayment(db, Stores, ShowCode, directory, Sessions, tries, Pay, new RefusedAtTill(db), programme, clock);
        Charge = new Charge(db, Ledger, Outbox, Outside.Outside, programme, clock);
        Refund = new Refund(db, Ledger, programme, clock);
        Transfer = new Transfer(db, Ledger, programme, clock);
        CloseDays = new CloseDays(db, new Expire(db, Ledger, clock), new CloseSeals(db, new RootFolder(null), clock), new Months(db, programme, clock), ShowCode, tries, Sessions, clock, NullLogger<CloseDays>.Instance);
    }

    public TownClock Clock { get; }
    public CodeKeys Keys { get; }
    public Outbox Outbox { get; }
    public SandboxGateways Outside { get; }
    public GeneralLedger Ledger { get; }
    public Sessions Sessions { get; }
    public Credentials Credentials { get; }
    public CreateVerifiedMember CreateVerifiedMember { get; }
    public Register Register { get; }
    public Stores Stores { get; }
    public Tags Tags { get; }
    public Tills Tills { get; }
    public OpenStore OpenStore { get; }
    public ShowCode ShowCode { get; }
    public ResolvePayee ResolvePayee { get; }
    public Pay Pay { get; }
    public TakePayment TakePayment { get; }
    public Charge Charge { get; }
    public Refund Refund { get; }
    public Transfer Transfer { get; }
    public CloseDays CloseDays { get; }

    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}
