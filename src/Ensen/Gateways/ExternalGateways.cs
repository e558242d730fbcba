namespace Ensen.Gateways;

/// <summary>
/// The outside world as the business sees it. Made in one place at start: the sandbox's gateways where it is played, real gateways
/// beside it later. What this installation has none of is <see cref="Gateways.NotSetUp"/>, never somebody who pretends.
/// </summary>
public sealed record ExternalGateways(IBank Bank, ICardCompany Card, IAtm Atm, IMail Mail, ITelephone Telephone, IIdentityCheck Identity)
{
    /// <summary>The company of the transit cards.</summary>
    public ITransitCompany Transit { get; init; } = NotSetUp.Gateway;

    /// <summary>The company of the programme's credit cards.</summary>
    public ICreditCardCompany CreditCard { get; init; } = NotSetUp.Gateway;

    public static readonly ExternalGateways Nobody =
        new(NotSetUp.Gateway, NotSetUp.Gateway, NotSetUp.Gateway, NotSetUp.Gateway, NotSetUp.Gateway, NotSetUp.Gateway);

    /// <summary>Whoever issues what points are exchanged for.</summary>
    public IRewardPartner Rewards { get; init; } = NotSetUp.Gateway;

    /// <summary>The bank that pays merchants out.</summary>
    public IPayOutBank PayOuts { get; init; } = NotSetUp.Gateway;

    /// <summary>The bank that receives what companies pay in.</summary>
    public IDepositBank Deposits { get; init; } = NotSetUp.Gateway;

    /// <summary>The gateways that are not set up: what needs them is refused, and said.</summary>
    public IReadOnlyList<Gateway> Missing =>
        [.. new (Gateway Gateway, object By)[]
            {
                (Gateway.Bank, Bank), (Gateway.Card, Card), (Gateway.Atm, Atm), (Gateway.Mail, Mail), (Gateway.Telephone, Telephone),
                (Gateway.Identity, Identity), (Gateway.Rewards, Rewards),
                (Gateway.Transit, Transit), (Gateway.CreditCard, CreditCard),
                (Gateway.PayOuts, PayOuts), (Gateway.Deposits, Deposits),
            }
            .Where(g => g.By is NotSetUp).Select(g => g.Gateway)];

    public bool Has(Gateway gateway) => !Missing.Contains(gateway);
}

/// <summary>Whom we talk to. 3-D Secure is the cardholder's own bank, so it can be out of sorts while the card company is well.</summary>
public enum Gateway
{
    Bank = 1,
    Card = 2,
    Atm = 3,
    Mail = 4,
    ThreeDSecure = 5,
    Telephone = 6,

    /// <summary>IC chips and certificates of cards.</summary>
    Identity = 7,

    /// <summary>The company of the transit cards.</summary>
    Transit = 10,

    /// <summary>Partners who issue rewards.</summary>
    Rewards = 12,

    /// <summary>The company of the programme's credit cards: it names cards and tells of purchases, and charges none.</summary>
    CreditCard = 13,

    /// <summary>The bank that pays merchants out.</summary>
    PayOuts = 14,

    /// <summary>The bank as it pays to accounts of members: it can be out of sorts while it takes from them well.</summary>
    BankCredits = 15,

    /// <summary>The bank that receives what companies pay in.</summary>
    Deposits = 16,
}

/// <summary>What the outside said about a request.</summary>
public enum ReplyKind
{
    Accepted = 1,
    Refused = 2,

    /// <summary>No answer in time, or not decided yet: ask again until it is known.</summary>
    Unknown = 3,

    /// <summary>The outside never got this request, so it may be sent (again) with the same id.</summary>
    Unseen = 4,
}

/// <summary>One answer of the outside. <paramref name="Reason"/> is a stable code and comes with a refusal only.</summary>
public readonly record struct Reply(ReplyKind Kind, string? Reason = null)
{
    public static readonly Reply Accepted = new(ReplyKind.Accepted);
    public static readonly Reply Unknown = new(ReplyKind.Unknown);
    public static readonly Reply Unseen = new(ReplyKind.Unseen);

    public static Reply Refused(string reason) => new(ReplyKind.Refused, reason);

    /// <summary>Accepted or refused: it will not change any more.</summary>
    public bool Known => Kind is ReplyKind.Accepted or ReplyKind.Refused;

    public override string ToString() => Kind switch
    {
        ReplyKind.Refused => $"refused: {Reason}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>
/// The outside calls us back: "there is news about this request". The call is a bell, not evidence: whoever hears it asks the gateway,
/// so a forged, early, late or doubled call-back can do no harm.
/// </summary>
public delegate Task NewsOfRequest(Guid requestId, CancellationToken ct);
