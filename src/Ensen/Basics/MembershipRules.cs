using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>Which passwords are good enough. Both refuse common ones and a space at either end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PasswordPolicy>))]
public enum PasswordPolicy
{
    /// <summary>8 to 64 half-width characters with a digit, an upper and a lower case letter and a listed symbol.</summary>
    [JsonStringEnumMemberName("composed")]
    Composed = 1,

    /// <summary>At least 15 characters of any kind, no rule of composition (NIST SP 800-63B-4, 3.1.1.2).</summary>
    [JsonStringEnumMemberName("nist")]
    Nist = 2,
}

/// <summary>Membership: passwords, how long a device stays signed in, how often a secret may be guessed.</summary>
public sealed record MembershipRules
{
    public PasswordPolicy Password { get; init; } = PasswordPolicy.Composed;

    /// <summary>The symbols a composed password may use, and must use one of.</summary>
    public string PasswordSymbols { get; init; } = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Days without use after which a device must sign in again.</summary>
    public int MemberSessionDays { get; init; } = 180;
    public int TillSessionDays { get; init; } = 365;
    public int MerchantSessionDays { get; init; } = 14;

    /// <summary>Minutes without use after which an operator must sign in again.</summary>
    public int OperatorSessionMinutes { get; init; } = 60;

    /// <summary>How long the link in a confirmation mail works, and how many such mails a day one member may ask for.</summary>
    public int MailLinkHours { get; init; } = 24;
    public int MailsPerDay { get; init; } = 5;

    /// <summary>How long the link works by which a forgotten password is replaced.</summary>
    public int ResetLinkMinutes { get; init; } = 30;

    /// <summary>
    /// Wrong passwords or PINs within the window before delays begin: of one account from one address, of one account, and from one
    /// address.
    /// </summary>
    public int TriesPerAccountAndAddress { get; init; } = 5;
    public int TriesPerAccount { get; init; } = 20;
    public int TriesPerAddress { get; init; } = 100;
    public int TriesMinutes { get; init; } = 15;

    /// <summary>A try that is early by no more than this waits on the line; one that is earlier is told when to come again.</summary>
    public int TriesPatienceSeconds { get; init; } = 10;

    /// <summary>How long it counts that a session's person has proven again who they are.</summary>
    public int StepUpMinutes { get; init; } = 10;

    /// <summary>Registrations at once, and again within an hour: from one address, and of all. More are delayed.</summary>
    public int RegistrationsPerAddress { get; init; } = 60;
    public int RegistrationsInAll { get; init; } = 1_000;

    /// <summary>Confirmation mails within a day: to one mailbox (a+1@ and a+2@ are one), asked for from one address, and of all.</summary>
    public int MailsPerMailbox { get; init; } = 10;
    public int MailsPerAddress { get; init; } = 200;
    public int MailsInAll { get; init; } = 50_000;

    /// <summary>How long the registered telephone has to call, and how often a number may be asked for within the minutes.</summary>
    public int CallSeconds { get; init; } = 120;
    public int CallTries { get; init; } = 3;
    public int CallTriesMinutes { get; init; } = 15;

    /// <summary>
    /// So long after signing in a device is new: low caps hold, and what outlasts its session is not done on the word of a call alone.
    /// </summary>
    public int NewDeviceHours { get; init; } = 24;

    /// <summary>
    /// How long low caps hold after another telephone took the place of the registered one, or a member who had lost everything came in.
    /// </summary>
    public int TelephoneChangeHours { get; init; } = 72;

    /// <summary>
    /// How long a member who has lost everything waits for the link back, and can stop it; the same where the telephone number is lost,
    /// too; and how long the link is good.
    /// </summary>
    public int RecoveryHours { get; init; } = 24;
    public int RecoveryTelephoneHours { get; init; } = 168;
    public int RecoveryLinkHours { get; init; } = 72;

    [JsonIgnore]
    public TimeSpan CallLife => TimeSpan.FromSeconds(CallSeconds);

    [JsonIgnore]
    public TimeSpan NewDeviceLife => TimeSpan.FromHours(NewDeviceHours);

    [JsonIgnore]
    public TimeSpan StepUpLife => TimeSpan.FromMinutes(StepUpMinutes);

    [JsonIgnore]
    public TimeSpan Patience => TimeSpan.FromSeconds(TriesPatienceSeconds);
}
