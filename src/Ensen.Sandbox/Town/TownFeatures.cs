using Ensen.Access;
using Ensen.Basics;
using Ensen.Campaigns;
using Ensen.Cards;
using Ensen.Centres;
using Ensen.Codes;
using Ensen.CreditCards;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Rewards;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Transit;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// The product's features a second time, on the same database but on the town's clock: the town's past is made with them and nothing else.
/// </summary>
sealed class TownFeatures : IAsyncDisposable
{
    readonly ServiceProvider _services;

    public TownFeatures(Database db, Programme programme, CodeKeys keys, TownClock clock, ILoggerFactory logs,
        RecordsKey records, ISecretProtection? protection = null)
    {
        (Clock, Keys, KeepsPapers) = (clock, keys, protection is not null);
        _services = new ServiceCollection()
            .AddSingleton(logs).AddLogging()
            .AddEnsen(db.Catalogue, _ => db, programme)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(keys)
            .AddSingleton(p => protection ?? new Unkept())
            .AddSingleton(records)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .AddSingleton<SandboxPointCards>()
            .AddSingleton<SandboxPayOutAccounts>()
            .AddSingleton<IPointCardIssuers>(p => p.GetRequiredService<SandboxPointCards>())
            .AddSingleton<CreateVerifiedMember>()
            .AddSingleton<CreateOperator>()
            .AddSingleton<CreateShopAccount>()
            .BuildServiceProvider();
        _services.StartOutbox();
    }

    /// <summary>Reads the installation's keys before anybody in town asks for what is made of them.</summary>
    public Task LoadKeys(CancellationToken ct) => InstallationKey.Load(_services, ct);

    public TownClock Clock { get; }
    public CodeKeys Keys { get; }

    /// <summary>What stands in people's papers can be kept.</summary>
    public bool KeepsPapers { get; }
    public Programme Programme => Get<Programme>();
    public BeginVerification BeginVerification => Get<BeginVerification>();
    public AddEvidence AddEvidence => Get<AddEvidence>();
    public DecideVerification DecideVerification => Get<DecideVerification>();
    public OwnVerifications OwnVerifications => Get<OwnVerifications>();
    public Authenticators Authenticators => Get<Authenticators>();
    public OperatorFreeze OperatorFreeze => Get<OperatorFreeze>();
    public Thaw Thaw => Get<Thaw>();
    public ChangeOwnCaps ChangeOwnCaps => Get<ChangeOwnCaps>();
    public LowCaps LowCaps => Get<LowCaps>();
    public ChangeMail ChangeMail => Get<ChangeMail>();
    public ChangeTelephone ChangeTelephone => Get<ChangeTelephone>();
    public HearCall HearCall => Get<HearCall>();
    public StepUp StepUp => Get<StepUp>();
    public Database Db => Get<Database>();
    public Outbox Outbox => Get<Outbox>();
    public SandboxGateways Outside => Get<SandboxGateways>();
    public Sessions Sessions => Get<Sessions>();
    public MemberProofs MemberProofs => Get<MemberProofs>();
    public CreateVerifiedMember CreateVerifiedMember => Get<CreateVerifiedMember>();
    public CreateOperator CreateOperator => Get<CreateOperator>();
    public Operators Operators => Get<Operators>();
    public Register Register => Get<Register>();
    public Stores Stores => Get<Stores>();
    public Tags Tags => Get<Tags>();
    public Tills Tills => Get<Tills>();
    public OpenStore OpenStore => Get<OpenStore>();
    public SandboxPayOutAccounts PayOutAccounts => Get<SandboxPayOutAccounts>();
    public ShowCode ShowCode => Get<ShowCode>();
    public ResolvePayee ResolvePayee => Get<ResolvePayee>();
    public Pay Pay => Get<Pay>();
    public TakePayment TakePayment => Get<TakePayment>();
    public Charge Charge => Get<Charge>();
    public Refund Refund => Get<Refund>();
    public Transfer Transfer => Get<Transfer>();
    public LeaveProgramme LeaveProgramme => Get<LeaveProgramme>();
    public ShopAccounts ShopAccounts => Get<ShopAccounts>();
    public CreateShopAccount CreateShopAccount => Get<CreateShopAccount>();
    public OpenCentre OpenCentre => Get<OpenCentre>();
    public FindCentre FindCentre => Get<FindCentre>();
    public MemberCodes MemberCodes => Get<MemberCodes>();
    public AwardPoints AwardPoints => Get<AwardPoints>();
    public RegisterPointCard RegisterPointCard => Get<RegisterPointCard>();
    public OwnPointCards OwnPointCards => Get<OwnPointCards>();
    public SandboxPointCards PointCards => Get<SandboxPointCards>();
    public CloseDays CloseDays => Get<CloseDays>();
    public ProposeCampaign ProposeCampaign => Get<ProposeCampaign>();
    public DryRunCampaign DryRunCampaign => Get<DryRunCampaign>();
    public ApproveCampaign ApproveCampaign => Get<ApproveCampaign>();
    public RewardCatalogue RewardCatalogue => Get<RewardCatalogue>();
    public KeepRewards KeepRewards => Get<KeepRewards>();
    public OrderReward OrderReward => Get<OrderReward>();
    public Goals Goals => Get<Goals>();
    public LinkTransitCard LinkTransitCard => Get<LinkTransitCard>();
    public OwnTransitCards OwnTransitCards => Get<OwnTransitCards>();
    public ReadRides ReadRides => Get<ReadRides>();
    public PostRidePoints PostRidePoints => Get<PostRidePoints>();
    public LinkCreditCard LinkCreditCard => Get<LinkCreditCard>();
    public TakePurchaseFile TakePurchaseFile => Get<TakePurchaseFile>();
    public PostCreditCardPoints PostCreditCardPoints => Get<PostCreditCardPoints>();

    public ValueTask DisposeAsync() => Get<GeneralLedger>().DisposeAsync();

    T Get<T>()
        where T : notnull =>
        _services.GetRequiredService<T>();

    /// <summary>Where the town is made by a program without keys: its people have no papers that anybody keeps.</summary>
    sealed class Unkept : ISecretProtection
    {
        public byte[] Protect(byte[] secret, SecretUse use) =>
            throw new InvalidOperationException("The town was made without keys: nothing is kept of its people's papers.");

        public byte[]? Unprotect(byte[] secret, SecretUse use) => null;
    }
}
