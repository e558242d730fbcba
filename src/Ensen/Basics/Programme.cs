using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>
/// The rules of one programme: caps, points, codes, names. One file, <c>programme.json</c>, checked at start against
/// <see cref="ProgrammeSettings"/>; what it does not say keeps the default below, whose source is the rules' table. Amounts are yen unless
/// the name says otherwise.
/// </summary>
public sealed record Programme
{
    public string Name { get; init; } = "Ensen";

    /// <summary>Where a node listens that was told nothing else.</summary>
    public const string DefaultOrigin = "http://localhost:5080";

    /// <summary>
    /// Where the programme is on the web: the beginning of every address in a mail or on a tag. Not told, it is where the node listens.
    /// </summary>
    public string Origin { get; init; } = DefaultOrigin;

    public PaymentRules Payments { get; init; } = new();
    public ChargeRules Charges { get; init; } = new();
    public TransferRules Transfers { get; init; } = new();
    public WithdrawalRules Withdrawals { get; init; } = new();
    public PointRules Points { get; init; } = new();
    public CodeRules Codes { get; init; } = new();
    public MembershipRules Membership { get; init; } = new();
    public IdentityRules Identity { get; init; } = new();
    public CalendarRules Calendar { get; init; } = new();
    public TransitRules Transit { get; init; } = new();
    public CreditCardRules CreditCards { get; init; } = new();
    public SettlementRules Settlement { get; init; } = new();
    public BusinessRules Businesses { get; init; } = new();

    /// <summary>Money and prepaid together; identity verified.</summary>
    public long BalanceCap { get; init; } = 1_000_000;

    /// <summary>The same before identity verification.</summary>
    public long BalanceCapUnverified { get; init; } = 100_000;

    /// <summary>The same for verified members who are not of age.</summary>
    public long BalanceCapMinor { get; init; } = 200_000;

    // By reflection, not generated: generated readers set what the file does not say to zero instead of keeping the default.
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>
    /// Reads a programme. Throws <see cref="InvalidSettingException"/> with a line for each fault: where it is, what it is, what is
    /// allowed.
    /// </summary>
    public static Programme Read(string json)
    {
        try
        {
            if (ProgrammeFile.Faults(json) is { Count: > 0 } faults)
                throw new InvalidSettingException(faults);
            var programme = JsonSerializer.Deserialize<Programme>(json, s_json)
                ?? throw new InvalidSettingException(["programme.json is empty."]);
            var contradictions = ProgrammeSettings.Contradictions(programme)
                .Select(c => ProgrammeFile.LineOf(json, c.Name) is { } line ? $"programme.json line {line}: {c.Words}"
                    : $"programme.json: {c.Words}").ToList();
            return contradictions.Count == 0 ? programme : throw new InvalidSettingException(contradictions);
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(
                [FormattableString.Invariant($"programme.json line {(e.LineNumber ?? 0) + 1}, {e.Path ?? "$"}: {e.Message}")], e);
        }
    }

    internal JsonNode ToJson() => JsonSerializer.SerializeToNode(this, s_json)!;
}

/// <summary>Caps of a spending limit, in yen: one movement, one business day, one calendar month (Japan's).</summary>
public sealed record Caps(long PerPayment, long PerDay, long PerMonth);

/// <summary>Payments: sourced caps after identity verification, our default before it.</summary>
public sealed record PaymentRules
{
    public Caps Verified { get; init; } = new(500_000, 500_000, 1_000_000);
    public Caps Unverified { get; init; } = new(50_000, 50_000, 100_000);

    /// <summary>Of verified members who are not of age: payments, and transfers where those caps are higher.</summary>
    public Caps Minor { get; init; } = new(30_000, 30_000, 100_000);
    public int RefundDays { get; init; } = 365;

    /// <summary>How long a member waits for the higher caps that they asked for.</summary>
    public int RaiseHours { get; init; } = 24;

    public LowCapRules Low { get; init; } = new();

    public Caps CapsOf(bool verified, bool isMinor = false) => !verified ? Unverified : isMinor ? Minor : Verified;
}

/// <summary>
/// What may leave a wallet, paid or sent, for a while after something that a thief would do first: yen of one movement, and of a day.
/// </summary>
public sealed record LowCapRules
{
    public long PerPayment { get; init; } = 10_000;
    public long PerDay { get; init; } = 30_000;
}

/// <summary>Charging: least and most of one charge, most of a day.</summary>
public sealed record ChargeRules
{
    public ChargeBounds Card { get; init; } = new(2_000, 50_000, 50_000, 1);
    public ChargeBounds Bank { get; init; } = new(500, 200_000, 200_000, 1);
    public ChargeBounds Atm { get; init; } = new(1_000, 50_000, 50_000, 1_000);

    /// <summary>How long the ATM expects the notes of a charge.</summary>
    public int AtmMinutes { get; init; } = 30;
}

/// <summary>Bounds of one way to charge, in yen. <paramref name="Step"/>: an ATM takes 1,000-yen notes only.</summary>
public sealed record ChargeBounds(long Least, long Most, long PerDay, long Step);

/// <summary>Transfers between members, in yen. The law's cap for one transfer is 1,000,000 for everyone.</summary>
public sealed record TransferRules
{
    public long PerTransfer { get; init; } = 100_000;
    public long PerDay { get; init; } = 100_000;
    public long PerMonth { get; init; } = 500_000;

    /// <summary>Money sent by link goes back when nobody has claimed it for so many days.</summary>
    public int LinkDays { get; init; } = 7;
}

/// <summary>Money that members take to bank accounts of their own, in yen.</summary>
public sealed record WithdrawalRules
{
    public long PerWithdrawal { get; init; } = 500_000;
    public long PerDay { get; init; } = 500_000;
    public long PerMonth { get; init; } = 1_000_000;

    /// <summary>So long after it was linked, each withdrawal to a bank account takes a proof of the person.</summary>
    public int NewAccountHours { get; init; } = 24;
}

/// <summary>Earning by paying: 1 point for each full 200 yen of the yen part.</summary>
public sealed record PointRules
{
    public long YenPerPoint { get; init; } = 200;

    /// <summary>At shopping centres, by the number that a member shows.</summary>
    public long CentreYenPerPoint { get; init; } = 110;

    /// <summary>A purchase at a shopping centre is so many yen at most: more is a slip of a hand or of a scanner.</summary>
    public long CentreMostYen { get; init; } = 1_000_000;

    /// <summary>So many points two operators give a member as goodwill at once, at most.</summary>
    public long GoodwillMost { get; init; } = 10_000;

    [JsonIgnore]
    public Rate Earning => new(1, YenPerPoint);

    [JsonIgnore]
    public Rate EarningAtCentres => new(1, CentreYenPerPoint);
}

/// <summary>The shown code: prefix, life, renewal; and the life of a dynamic store QR. Seconds.</summary>
public sealed record CodeRules
{
    public string Prefix { get; init; } = "99901";
    public int LifeSeconds { get; init; } = 300;
    public int RenewAfterSeconds { get; init; } = 240;
    public int DynamicQrSeconds { get; init; } = 300;
}
