using System.Globalization;
using System.Text.Json.Nodes;

namespace Ensen.Basics;

/// <summary>
/// Every setting of <c>programme.json</c> with its bounds, and which of them must agree with each other. docs/operating/programme.md is
/// this table; a test walks it, another sees that nothing of <see cref="Programme"/> is missing here.
/// </summary>
public static class ProgrammeSettings
{
    /// <summary>No cap needs to be above what one movement can be: nine digits.</summary>
    const long MostYen = 999_999_999;

    /// <summary>Payment services act: a fund transfer operator of type 2 moves at most this at once.</summary>
    const long LawsTransfer = 1_000_000;

    static readonly WholeNumbers s_yen = new(1, MostYen, "yen");
    static readonly JsonNode s_defaults = new Programme().ToJson();

    public static IReadOnlyList<BoundedSetting> All { get; } =
    [
        Of("name", new Written("1 to 40 visible characters", IsName, ["E", new('え', 40)], ["", " ", new('e', 41), "a\nb"]),
            "the programme's name on pages, posters and mails"),
        Of("origin", new Written("http://HOST or https://HOST, with a port where it is not the usual one and nothing behind", IsOrigin,
                ["http://localhost:5080", "https://pay.example.jp"],
                ["", "pay.example.jp", "https://pay.example.jp/", "https://pay.example.jp/a", "ftp://pay.example.jp",
                    "https://me@pay.example.jp"]),
            "where the programme is on the web: the beginning of each address on a tag, on a poster, in a mail"),

        Of("balanceCap", s_yen, "money and prepaid of a verified member together, charges on their way included"),
        Of("balanceCapUnverified", s_yen, "the same before identity verification"),
        Of("balanceCapMinor", s_yen, "the same of a verified member who is not of age"),

        .. Caps("payments.verified", "verified members' payments"),
        .. Caps("payments.unverified", "payments before identity verification"),
        .. Caps("payments.minor", "payments and transfers of verified members who are not of age"),
        Of("payments.refundDays", new WholeNumbers(0, 3_650, "days"),
            "how many days after a payment it can be given back; 0: on its day only"),
        Of("payments.low.perPayment", s_yen, "most of one payment or transfer while low caps hold"),
        Of("payments.low.perDay", s_yen, "most that is paid and sent together in a day while low caps hold"),
        Of("payments.raiseHours", new WholeNumbers(1, 720, "hours"),
            "how long a member waits for the higher caps of their own that they asked for"),

        .. Charge("charges.card", "by card"),
        .. Charge("charges.bank", "from a bank account"),
        .. Charge("charges.atm", "with notes at an ATM"),
        Of("charges.atmMinutes", new WholeNumbers(1, 10_080, "minutes"), "how long the ATM expects the notes of a charge"),

        Of("transfers.perTransfer", new WholeNumbers(1, LawsTransfer, "yen"),
            "most of one transfer between members; the law's cap is the upper end"),
        Of("transfers.perDay", s_yen, "most that a member sends in a day"),
        Of("transfers.perMonth", s_yen, "most that a member sends in a calendar month"),
        Of("transfers.linkDays", new WholeNumbers(1, 60, "days"), "money sent by link goes back when nobody has claimed it for so long"),

        Of("withdrawals.perWithdrawal", s_yen, "most of one withdrawal to a bank account of the member's own"),
        Of("withdrawals.perDay", s_yen, "most that a member withdraws in a day"),
        Of("withdrawals.perMonth", s_yen, "most that a member withdraws in a calendar month"),
        Of("withdrawals.newAccountHours", new WholeNumbers(0, 720, "hours"),
            "so long after a bank account was linked each withdrawal to it takes a proof of the person"),

        Of("points.yenPerPoint", new WholeNumbers(1, 1_000_000, "yen"), "so many yen paid earn one point"),
        Of("points.goodwillMost", new WholeNumbers(1, 1_000_000, "points"), "so many points two operators give a member as goodwill at once"),
        Of("points.centreYenPerPoint", new WholeNumbers(1, 1_000_000, "yen"), "so many yen of a purchase at a shopping centre earn one point"),
        Of("points.centreMostYen", s_yen, "most of one purchase at a shopping centre that earns points"),

        Of("codes.prefix", new Written("1 to 6 digits", p => p.Length is >= 1 and <= 6
            && p.All(char.IsAsciiDigit), ["0", "999999"], ["", "1234567", "99901234", "12a", "９９"]),
            "what the digits of a shown code begin with"),
        Of("codes.lifeSeconds", new WholeNumbers(30, 3_600, "seconds"), "how long a shown code can be scanned"),
        Of("codes.renewAfterSeconds", new WholeNumbers(10, 3_590, "seconds"), "when the phone shows the next one; less than the life"),
        Of("codes.dynamicQrSeconds", new WholeNumbers(30, 86_400, "seconds"), "how long a till's QR for one payment can be paid"),

        Of("membership.password", new OneOf("composed", "nist"),
            "composed: 8 to 64 with upper, lower, digit and symbol; nist: 15 or more of any kind"),
        Of("membership.passwordSymbols",
            new Written("half-width symbols, at least one", IsSymbols, ["!", new MembershipRules().PasswordSymbols], ["", "ａ", "a", "! "]),
            "the symbols of a composed password"),
        Of("membership.memberSessionDays", new WholeNumbers(1, 3_650, "days"),
            "days without use after which a member's device must sign in again"),
        Of("membership.tillSessionDays", new WholeNumbers(1, 3_650, "days"), "the same for a till"),
        Of("membership.merchantSessionDays", new WholeNumbers(1, 3_650, "days"), "the same for a shop's office"),
        Of("membership.operatorSessionMinutes", new WholeNumbers(30, 1_440, "minutes"), "the same for an operator in the console"),
        Of("membership.mailLinkHours", new WholeNumbers(1, 720, "hours"), "how long the link of a confirmation mail works"),
        Of("membership.mailsPerDay", new WholeNumbers(1, 100), "confirmation mails that one member may ask for in a day"),
        Of("membership.resetLinkMinutes", new WholeNumbers(5, 1_440, "minutes"), "how long the link of a forgotten password works"),
        Of("membership.triesPerAccountAndAddress", Tries, "wrong secrets of one account from one address within the window"),
        Of("membership.triesPerAccount", Tries, "wrong secrets of one account within the window"),
        Of("membership.triesPerAddress", Tries, "wrong secrets from one address within the window"),
        Of("membership.triesMinutes", new WholeNumbers(1, 1_440, "minutes"), "that window; more bring delays, no lock"),
        Of("membership.triesPatienceSeconds", new WholeNumbers(0, 30, "seconds"),
            "a try or registration that is early by no more than this waits; one that is earlier is told when to come again"),
        Of("membership.stepUpMinutes", new WholeNumbers(1, 60, "minutes"),
            "how long it counts that somebody has proven again who they are, before caps are raised or a wallet is thawed"),
        Of("membership.callSeconds", new WholeNumbers(30, 600, "seconds"), "how long the registered telephone has to call the number shown"),
        Of("membership.callTries", new WholeNumbers(1, 100), "how many such numbers a member may ask for within the window; a call begins it anew"),
        Of("membership.callTriesMinutes", new WholeNumbers(1, 1_440, "minutes"), "that window"),
        Of("membership.newDeviceHours", new WholeNumbers(0, 720, "hours"),
            "so long after signing in a device is new: low caps hold, and a call alone does not raise caps or change factors from it"),
        Of("membership.telephoneChangeHours", new WholeNumbers(0, 720, "hours"),
            "so long after a change of the registered telephone low caps hold, and after a member who had lost everything came in again"),
        Of("membership.recoveryHours", new WholeNumbers(1, 720, "hours"),
            "how long a member who has lost everything waits for the link back, told of it and able to stop it"),
        Of("membership.recoveryTelephoneHours", new WholeNumbers(1, 720, "hours"), "the same where the telephone number is lost, too"),
        Of("membership.recoveryLinkHours", new WholeNumbers(1, 720, "hours"), "how long that link works"),
        Of("membership.registrationsPerAddress", Tries, "registrations from one address within an hour before delays begin"),
        Of("membership.registrationsInAll", Tries, "the same of all together"),
        Of("membership.mailsPerMailbox", Tries, "confirmation mails to one mailbox in a day; a+1@ and a+2@ are one"),
        Of("membership.mailsPerAddress", Tries, "confirmation mails asked for from one address in a day"),
        Of("membership.mailsInAll", new WholeNumbers(1, 100_000_000), "confirmation mails in a day"),

        .. Method("image", "pictures of a document and of the face, judged by two people"),
        .. Method("icChip", "the IC chip of a document"),
        .. Method("jpki", "the certificate of a My Number Card"),
        Of("identity.adultYears", new WholeNumbers(0, 30, "years"), "below that age a verified member has the limits of minors"),
        Of("identity.answerHours", new WholeNumbers(1, 720, "hours"),
            "how long a verification waits for its gateway, or for the member's pictures, before it lapses"),
        Of("identity.reviewDays", new WholeNumbers(1, 365, "days"), "how long it waits for two people"),
        Of("identity.triesPerDay", Tries, "verifications that one member may begin in a day"),
        Of("identity.recheckMonths", new WholeNumbers(1, 1_200, "months"), "after so long a member has to be verified again"),
        Of("identity.recheckNoticeDays", new WholeNumbers(0, 365, "days"), "so long before that the member is told, and may begin"),
        Of("identity.linkTriesPerMember", Tries, "tries of one member at linking a bank account in a day"),
        Of("identity.linkTriesPerAccount", Tries, "tries of all members together at one bank account in a day"),
        Of("identity.linkTriesPerAddress", Tries, "tries at any from one address in a day"),
        Of("identity.linkTriesInAll", new WholeNumbers(1, 100_000_000), "tries of all at any in a day"),
        Of("identity.mostBankAccounts", new WholeNumbers(1, 10), "bank accounts that one member may have linked"),

        Of("calendar.added", Days, "holidays that a law has added or moved to these days"),
        Of("calendar.removed", Days, "days that a law has taken from the holidays"),

        Of("transit.groups",
            new Written("NAME:STATION,STATION with a semicolon between groups", TransitRules.AreGroups, ["a:b", "a:b,c;d:e"], ["", "a", "a:", ":b", "a:b,,c"]),
            "section groups: a ride is in a group with both its stations"),
        Of("transit.groupFrom", new WholeNumbers(1, 1_000), "from which ride of a month on rides in a section group bring points"),
        Of("transit.groupPercent", new WholeNumbers(0, 100, "percent"), "so much of the fare they bring"),
        Of("transit.fareFrom", new WholeNumbers(1, 1_000), "from which ride of a month on rides at the same fare bring points"),
        Of("transit.farePercent", new WholeNumbers(0, 100, "percent"), "so much of the fare they bring"),
        Of("transit.windowFromHour", new WholeNumbers(0, 23, "hours"), "rides in a section group count on weekdays from this hour on"),
        Of("transit.windowToHour", new WholeNumbers(1, 24, "hours"), "until this hour, which is not in it; other days count whole"),
        Of("transit.dayStartsHour", new WholeNumbers(0, 12, "hours"), "a ride before this hour belongs to the day before"),
        Of("transit.postsOnDay", new WholeNumbers(1, 28), "from this day of the next month on the points of a month are posted"),
        Of("transit.lapseMonths", new WholeNumbers(1, 1_200, "months"), "after so long without a ride the registration of a card lapses"),
        Of("transit.mostPerCharge", s_yen, "most points that are charged to a transit card at once"),
        Of("transit.mostCards", new WholeNumbers(1, 50), "transit cards that one member may have linked"),

        Of("creditCards.basePermille", new WholeNumbers(0, 1_000, "per mille"), "so much of a month's purchases by credit card come back as points"),
        Of("creditCards.transitPermille", new WholeNumbers(0, 1_000, "per mille"),
            "the same of what a month charged to transit cards, in its place"),
        Of("creditCards.postsOnDay", new WholeNumbers(1, 28), "from this day of the next month on the points of a month are posted"),
        Of("creditCards.mostCards", new WholeNumbers(1, 50), "credit cards that one member may have linked"),
        Of("businesses.aloneADay", new WholeNumbers(0, 1_000_000_000, "yen"),
            "what people of a company may pay on a day for it alone; above it every transfer waits for a second person"),
        Of("settlement.feeBasisPoints", new WholeNumbers(0, 10_000, "hundredths of a percent"), "what merchants pay of what they take"),
        Of("settlement.feeTaxPercent", new WholeNumbers(0, 100, "percent"), "the tax on that fee"),
        Of("settlement.cutOffHour", new WholeNumbers(1, 23, "hours"),
            "the bank takes pay-outs of a business day before this hour; later ones are for the next"),
        Of("settlement.mostLines", new WholeNumbers(1, 5_000, "lines"), "most transfers in one file for the bank"),
        Of("settlement.senderCode", Numerals(10), "who asks the bank to pay out: the code that it gave"),
        Of("settlement.senderName",
            new Written("1 to 40 letters that banks write", SettlementRules.IsSenderName,
                ["A", new('ｱ', 40)], ["", "え", "a", "ヲ", new('ｱ', 41)]),
            "the name that merchants read in their bank's book"),
        Of("settlement.senderBank", Numerals(4), "the bank of the account that is drawn on"),
        Of("settlement.senderBranch", Numerals(3), "its branch"),
        Of("settlement.senderAccount", Numerals(7), "the number of that account, an ordinary one"),
        Of("settlement.invoiceNumber",
            new Written("T and 13 digits", SettlementRules.IsInvoiceNumber, ["T0000000000000", "T9999999999999"], ["", "T1", "0000000000000", "T123456789012a"]),
            "the number under which the programme is registered to issue qualified invoices"),
    ];

    /// <summary>What contradicts each other: the first must not be above the second (where <c>Strictly</c>: be below it).</summary>
    public static IReadOnlyList<(string Smaller, string Larger, bool Strictly)> Agreements { get; } =
    [
        ("balanceCapUnverified", "balanceCap", false),
        ("balanceCapMinor", "balanceCap", false),
        .. Rising("payments.verified.perPayment", "payments.verified.perDay", "payments.verified.perMonth"),
        .. Rising("payments.unverified.perPayment", "payments.unverified.perDay", "payments.unverified.perMonth"),
        .. Rising("payments.minor.perPayment", "payments.minor.perDay", "payments.minor.perMonth"),
        ("payments.minor.perPayment", "payments.verified.perPayment", false),
        ("payments.minor.perDay", "payments.verified.perDay", false),
        ("payments.minor.perMonth", "payments.verified.perMonth", false),
        ("payments.unverified.perPayment", "payments.verified.perPayment", false),
        ("payments.unverified.perDay", "payments.verified.perDay", false),
        ("payments.unverified.perMonth", "payments.verified.perMonth", false),
        .. Rising("charges.card.least", "charges.card.most", "charges.card.perDay"),
        .. Rising("charges.bank.least", "charges.bank.most", "charges.bank.perDay"),
        .. Rising("charges.atm.least", "charges.atm.most", "charges.atm.perDay"),
        ("charges.card.least", "balanceCap", false),
        ("charges.bank.least", "balanceCap", false),
        ("charges.atm.least", "balanceCap", false),
        .. Rising("payments.low.perPayment", "payments.low.perDay"),
        .. Rising("transfers.perTransfer", "transfers.perDay", "transfers.perMonth"),
        .. Rising("withdrawals.perWithdrawal", "withdrawals.perDay", "withdrawals.perMonth"),
        ("codes.renewAfterSeconds", "codes.lifeSeconds", true),
        ("membership.triesPerAccountAndAddress", "membership.triesPerAccount", false),
        ("membership.recoveryHours", "membership.recoveryTelephoneHours", false),
        ("transit.windowFromHour", "transit.windowToHour", true),
    ];

    /// <summary>
    /// What contradicts itself in a programme whose single settings are within their bounds: the setting, and a sentence.
    /// </summary>
    internal static IEnumerable<(string Name, string Words)> Contradictions(Programme programme)
    {
        var settings = programme.ToJson();
        long Value(string name) => long.Parse(Read(settings, name), CultureInfo.InvariantCulture);
        foreach (var (smaller, larger, strictly) in Agreements)
            if (Value(smaller) > Value(larger) || strictly && Value(smaller) == Value(larger))
                yield return (smaller, string.Create(CultureInfo.InvariantCulture,
                    $"{smaller} is {Value(smaller)}; allowed is {(strictly ? "less than" : "at most")} {larger}, which is {Value(larger)}."));
        string[] methods = ["identity.image.code", "identity.icChip.code", "identity.jpki.code"];
        foreach (var (name, at) in methods.Select((name, at) => (name, at)))
            if (methods[..at].FirstOrDefault(other => Read(settings, other) == Read(settings, name)) is { } twin)
                yield return (name, $"{name} is {Read(settings, name)}; allowed is another code than that of {twin}.");
        foreach (var way in new[] { "charges.card", "charges.bank", "charges.atm" })
            if (Value($"{way}.most") / Value($"{way}.step") * Value($"{way}.step") < Value($"{way}.least"))
                yield return ($"{way}.step", string.Create(CultureInfo.InvariantCulture,
                    $"{way}.step is {Value($"{way}.step")}; allowed is a step of which a multiple lies from {way}.least, {Value($"{way}.least")}, to {way}.most, {Value($"{way}.most")}."));
    }

    static Written Days => new("days as 2027-07-19 with a space between, or none", CalendarRules.IsDays,
        ["none", "2027-07-19", "2027-07-19 2027-10-11"], ["", "2027-7-19", "2027-02-30", "soon"]);

    static WholeNumbers Tries => new(1, 999_999);

    static BoundedSetting Of(string name, Bounds allowed, string does) => new(name, Read(s_defaults, name), allowed, does);

    static string Read(JsonNode settings, string name) => name.Split('.').Aggregate(settings, (node, part) => node[part]!).ToString();

    static IEnumerable<BoundedSetting> Caps(string group, string of) =>
    [
        Of($"{group}.perPayment", s_yen, $"{of}: most of one"),
        Of($"{group}.perDay", s_yen, $"{of}: most of a day"),
        Of($"{group}.perMonth", s_yen, $"{of}: most of a calendar month"),
    ];

    static IEnumerable<BoundedSetting> Charge(string group, string how) =>
    [
        Of($"{group}.least", s_yen, $"charging {how}: least of one"),
        Of($"{group}.most", s_yen, $"charging {how}: most of one"),
        Of($"{group}.perDay", s_yen, $"charging {how}: most of a day"),
        Of($"{group}.step", s_yen, $"charging {how}: amounts are multiples of this"),
    ];

    static IEnumerable<BoundedSetting> Method(string name, string how) =>
    [
        Of($"identity.{name}.code", new Written("1 to 20 of a-z, 0-9 and _", IsCode, ["a", new('z', 20)], ["", "A", "a b", new('z', 21)]),
            $"the code by which programs name this way to verify a member: {how}"),
        Of($"identity.{name}.endsOn",
            new Written("a day as 2027-04-01, or never", IdentityMethodRules.IsDay, ["2027-04-01", "never"], ["", "2027-4-1", "2027-02-30", "soon"]),
            "the day from which it is not taken any more"),
    ];

    static Written Numerals(int count) => new($"{count} digits", text => text.Length == count && text.All(char.IsAsciiDigit),
        [new('0', count), new('9', count)], ["", new('0', count + 1), new('a', count), new('９', count)]);

    static bool IsCode(string code) =>
        code.Length is >= 1 and <= 20 && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    static IEnumerable<(string, string, bool)> Rising(params string[] names) => names.Zip(names.Skip(1), (a, b) => (a, b, false));

    static bool IsName(string name) =>
        name.Length <= 40 && !string.IsNullOrWhiteSpace(name) && !name.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');

    static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.UserInfo.Length == 0
            && uri.GetLeftPart(UriPartial.Authority) == origin;

    static bool IsSymbols(string symbols) =>
        symbols.Length > 0 && symbols.All(c => !char.IsAsciiLetterOrDigit(c) && c is > ' ' and < '\x7f');
}
