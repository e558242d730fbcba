using Ensen.Basics;
using Ensen.Joining;
using Ensen.Staff;
using Ensen.Tests.Identity;
using Ensen.Tests.Support;

namespace Ensen.Tests.Joining;

/// <summary>What the verbs of joining decide, and what the checks say, without a database.</summary>
public class JoiningDecides
{
    static readonly PersonId s_suzuki = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));
    static readonly PersonId s_sato = new(Guid.Parse("00000000-0000-7000-8000-000000000003"));

    static readonly PersonId s_ito = new(Guid.Parse("00000000-0000-7000-8000-000000000004"));

    static readonly ApplicationOpinion s_yes = new(FourEyes.Kept(s_suzuki), true, "");
    static readonly ApplicationOpinion s_no = new(FourEyes.Kept(s_sato), false, "");

    internal static readonly ApplicationForm Bakery = new(
        ApplicantKind.Company, "株式会社つるはしパン", "カブシキガイシャツルハシパン", "7000012050002", "山田 花子", "hanako@example.jp",
        "06-6123-4567", "bakery", "0005", "001", "ordinary", "1234567", "カ)ツルハシパン",
        [new ApplyingStore("パン工房つるはし", "543-0028", "大阪市天王寺区小橋町1番1号", "鶴橋", "Tsuruhashi Bread")]);

    internal static RefusalTable<ApplyAsMerchantRefusal> Applying { get; } = new("""
        refusal          form
        None             whole
        InvalidRequest   nameless
        NotAvailable     before  JoiningTests.Where_no_mail_is_set_up_nobody_applies
        TooManyRequests  before  JoiningTests.A_flood_is_stopped_by_address_and_by_mailbox
        """);

    internal static RefusalTable<SendApplicationRefusal> Sending { get; } = new("""
        refusal         state     form      photo
        None            Applied   whole     jpeg
        None            Asked     whole     png
        None            Asked     whole     kept
        NotFound        -         nameless  text
        AlreadyDecided  InReview  nameless  text
        AlreadyDecided  Approved  whole     jpeg
        InvalidRequest  Applied   nameless  text
        InvalidRequest  Asked     whole     -
        InvalidImage    Applied   whole     text
        InvalidImage    Applied   whole     large
        InvalidImage    Applied   whole     begun
        """);

    internal static RefusalTable<DecideApplicationRefusal> Deciding { get; } = new("""
        refusal         says           state            by
        None            accept         InReview         suzuki
        None            refuse fails   InReview         suzuki
        None            accept         InReview first   sato
        None            ask            InReview first   suzuki
        None            refuse         InReview first   sato
        None            accept         InReview first no  ito
        None            ask            InReview first no  sato
        InvalidRequest  accept silent  -                suzuki
        NotFound        accept fails   -                suzuki
        AlreadyDecided  accept fails   Approved first   suzuki
        AlreadyDecided  accept fails old  InReview first  suzuki
        SamePerson      accept fails   InReview first   suzuki
        SamePerson      refuse         InReview first   suzuki
        SamePerson      refuse         InReview first no  suzuki
        SamePerson      accept fails   InReview first no  sato
        NotEligible     accept fails   InReview first   sato
        Forbidden       before         JoiningTests.Who_may_not_sees_and_decides_nothing
        """);

    internal static RefusalTable<ViewApplicationRefusal> Viewing { get; } = new("""
        refusal         reason  state
        None            why     InReview
        InvalidRequest  -       -
        NotFound        why     -
        Forbidden       before  JoiningTests.Who_may_not_sees_and_decides_nothing
        """);

    internal static RefusalTable<SignContractRefusal> Signing { get; } = new("""
        refusal         state     terms
        None            Approved  these
        NotFound        -         others
        AlreadyDecided  InReview  others
        AlreadyDecided  Joined    these
        InvalidRequest  Approved  others
        AlreadyRegistered  before  JoiningTests.Of_an_account_that_a_merchant_has_by_now_no_other_comes_of_it
        """);

    [Fact]
    public void Applying_is_decided_as_the_table_says() => Applying.ShouldHold(row =>
        ApplyAsMerchant.Decide(new ApplyAsMerchantRequest(Form(row.In("form")), "ja", "192.0.2.1")));

    [Fact]
    public void Sending_is_decided_as_the_table_says() => Sending.ShouldHold(row => SendApplication.Decide(
        new SendApplicationRequest("token", Form(row.In("form")), row.Cells["photo"] is "-" or "kept" ? new Dictionary<int, byte[]>() : new()
        {
            [0] = row.Cells["photo"] switch
            {
                "jpeg" => Pictures.Jpeg,
                "png" => Pictures.Png,
                "begun" => [0xFF, 0xD8, 0xFF, .. "<html><script>alert(1)</script>"u8],
                "large" => [.. Pictures.Jpeg, .. new byte[SendApplication.MostPhotoBytes]],
                _ => "<svg onload=alert(1)>"u8.ToArray(),
            },
        }), Of(row.In("state")), row.Cells["photo"] == "kept" ? [0] : []));

    [Fact]
    public void Deciding_is_decided_as_the_table_says() => Deciding.ShouldHold(row => DecideApplication.Decide(
        new DecideApplicationRequest(default,
            row.In("says").Say("accept") ? ApplicationWord.Accept : row.In("says").Say("ask") ? ApplicationWord.Ask : ApplicationWord.Refuse,
            row.In("says").Say("silent") ? " " : "why", row.In("says").Say("old") ? 1 : 2, default),
        Of(row.In("state")), row.In("by").Say("suzuki") ? s_suzuki : row.In("by").Say("sato") ? s_sato : s_ito, !row.In("says").Say("fails")));

    [Fact]
    public void Viewing_is_decided_as_the_table_says() =>
        Viewing.ShouldHold(row => ApplicationQueue.Decide(row.In("reason").Say("why") ? "why" : "", Of(row.In("state"))));

    [Fact]
    public void Signing_is_decided_as_the_table_says() => Signing.ShouldHold(row => SignContract.Decide(
        new SignContractRequest("token", row.In("terms").Say("these") ? SignContract.Terms : "1999-01"), Of(row.In("state"))));

    [Fact]
    public void The_checks_are_run_in_their_order_and_each_says_what_it_is_named_for()
    {
        var whole = new ApplicationFacts(Bakery, true, 1, false, false, false);
        Said(whole).ShouldBe("Passed Passed Passed Passed Passed Passed Passed Passed Passed");
        ApplicationChecks.Of(whole).Select(c => c.Check).ShouldBe(Enum.GetValues<ApplicationCheck>());
        Said(whole with { Form = Bakery with { Name = "" } }).ShouldStartWith("Failed");
        Said(whole with { MailConfirmed = false }).ShouldBe("Passed Failed Passed Passed Passed Passed Passed Passed Passed");
        Said(whole with { Form = Bakery with { Category = "casino" } }).ShouldBe("Failed Passed Failed Passed Passed Passed Passed Passed Passed");
        Said(whole with { Form = Bakery with { Category = "pharmacy" } }).ShouldBe("Passed Passed Look Passed Passed Passed Passed Passed Passed");
        Said(whole with { Form = Bakery with { BranchCode = "999" } }).ShouldBe("Passed Passed Passed Look Passed Passed Passed Passed Passed");
        Said(whole with { Form = Bakery with { Holder = "山田花子" } }).ShouldBe("Failed Passed Passed Passed Failed Look Passed Passed Passed");
        Said(whole with { Form = Bakery with { Holder = "ミドリカワ ソラ" } }).ShouldBe("Passed Passed Passed Passed Passed Look Passed Passed Passed");
        Said(whole with { AccountOfMerchant = true }).ShouldBe("Passed Passed Passed Passed Passed Passed Failed Passed Passed");
        Said(whole with { NameOfMerchant = true }).ShouldBe("Passed Passed Passed Passed Passed Passed Look Passed Passed");
        Said(whole with { AccountAppliedAgain = true }).ShouldBe("Passed Passed Passed Passed Passed Passed Passed Failed Passed");
        Said(whole with { AccountAppliedAfter = true }).ShouldBe("Passed Passed Passed Passed Passed Passed Passed Look Passed");
        Said(whole with { AccountAppliedAgain = true, AccountAppliedAfter = true }).ShouldContain("Failed Passed");
        Said(whole with { Photos = 0 }).ShouldBe("Passed Passed Passed Passed Passed Passed Passed Passed Failed");
        ApplicationChecks.Pass(whole with { NameOfMerchant = true }).ShouldBeTrue("what is to be looked at two persons decide");
        ApplicationChecks.Pass(whole with { Photos = 0 }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("カ)ツルハシパン", "カブシキガイシャツルハシパン", "Passed")]
    [InlineData("ツルハシパン(カ", "ツルハシパン カブシキガイシャ", "Passed")]
    [InlineData("ﾂﾙﾊｼﾊﾟﾝ", "ツルハシパン", "Passed")]
    [InlineData("ヤマダ", "ツルハシパン", "Look")]
    // A prefix is somebody else's name, be it one letter or half of it; what begins like a company's form is none.
    [InlineData("アベ イチロウ", "ア", "Look")]
    [InlineData("ア", "アベ イチロウ", "Look")]
    [InlineData("アベ イチロウ", "()", "Look")]
    [InlineData("()", "()", "Look")]
    [InlineData("ヤマダ", "ヤマダショウテン", "Look")]
    [InlineData("アイザワ", "カ)アイ", "Look")]
    [InlineData("カ)ア", "カ)イ", "Look")]
    [InlineData("カ)ア", "株式会社ア", "Passed")]
    [InlineData("(カ)ツルハシパン", "ツルハシパン(カ)", "Passed")]
    [InlineData("アベ イチロウ", "アベイチロウ", "Passed")]
    // A bank cuts off what is longer than its field of 30.
    [InlineData("カ)アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフ", "カブシキガイシャアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ", "Passed")]
    [InlineData("カ)アイウエオカキクケコサシスセソタチツテトナニヌネノハヒ", "カブシキガイシャアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ", "Look")]
    public void A_holder_is_the_applicant_however_a_bank_writes_the_form_of_a_company(string holder, string kana, string result) =>
        ApplicationChecks.Of(new ApplicationFacts(Bakery with { Holder = holder, Kana = kana }, true, 1, false, false, false))
            .Single(c => c.Check == ApplicationCheck.HolderIsApplicant).Result.ToString().ShouldBe(result);

    [Theory]
    [InlineData("7000012050002", "7000012050002")]
    [InlineData("７000-0120-50002", "7000012050002")]
    [InlineData("1000012050002", null)]
    [InlineData("700001205000", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_corporate_number_is_checked_by_its_first_digit(string? typed, string? read) => CorporateNumber.Read(typed).ShouldBe(read);

    [Fact]
    public void Each_field_that_cannot_be_read_is_named()
    {
        Bakery.Faults().ShouldBeEmpty();
        var store = Bakery.Stores[0];
        new ApplicationForm(default, " ", "", "123", "", "hanako", "1", "", "5", "1", "gold", "x", "",
            [store with { Name = "" }, store with { PostalCode = "1" }, store with { Address = " " }]).Faults().ShouldBe(
        [
            "kind", "name", "kana", "representative", "email", "telephone", "category", "bankCode", "branchCode", "accountNumber", "holder",
            "stores/0/name", "stores/1/postalCode", "stores/2/address",
        ]);
        (Bakery with { BankCode = "5" }).Faults().ShouldBe(["bankCode"]);
        (Bakery with { Kana = "港パン", Holder = "港パン" }).Faults().ShouldBe(["kana", "holder"]);
        (Bakery with { Kana = "みなとぱん", Holder = "ﾐﾅﾄﾊﾟﾝ" }).Faults().ShouldBeEmpty("it can be written as banks do");
        (Bakery with { Category = "" }).Faults().ShouldBe(["category"]);
        Place("大阪市").ShouldBe(["stores/0/address"]);
        foreach (var whole in (string[])["大阪市天王寺区小橋町１の１", "京都市中京区寺町通三条上る天性寺前町五三一番", "奈良県吉野郡十津川村大字平谷無番地"])
            Place(whole).ShouldBeEmpty(whole);
        (Bakery with { BranchCode = "1" }).Faults().ShouldBe(["branchCode"]);
        (Bakery with { AccountKind = "gold" }).Faults().ShouldBe(["accountNumber"]);
        (Bakery with { AccountNumber = "1.23457E+08" }).Faults().ShouldBe(["accountNumber"]);
        (Bakery with { CorporateNumber = "" }).Faults().ShouldBe(["corporateNumber"]);
        (Bakery with { Kind = ApplicantKind.Person, CorporateNumber = "" }).Faults().ShouldBeEmpty();
        (Bakery with { Stores = [] }).Faults().ShouldBe(["stores"]);
        (Bakery with { Stores = [.. Enumerable.Repeat(store, ApplicationForm.MostStores + 1)] }).Faults().ShouldBe(["stores"]);

        IReadOnlyList<string> Place(string address) => (Bakery with { Stores = [store with { Address = address }] }).Faults();
    }

    [Fact]
    public void A_store_is_the_same_by_what_it_says_by_its_name_or_by_its_place()
    {
        ApplyingStore A(string name, string address = "1-1") => new(name, "543-0028", address);
        SendApplication.SameStores([A("East", "1-1"), A("West", "2-2")], [A("West", "2-2")]).ShouldBe([(1, 0)]);
        SendApplication.SameStores([A("East", "1-1"), A("West", "2-2")], [A("West", "2-2"), A("East", "1-1")]).ShouldBe([(1, 0), (0, 1)]);
        SendApplication.SameStores([A("East", "1-1"), A("West", "2-2")], [A("East", "1-2"), A("Wset", "2-2")]).ShouldBe([(0, 0), (1, 1)]);
        SendApplication.SameStores([A("East", "1-1")], [A("North", "3-3")]).ShouldBeEmpty();
        SendApplication.SameStores([A("East"), A("East")], [A("East"), A("East"), A("East")]).ShouldBe([(0, 0), (1, 1)]);
        SendApplication.SameStores([new("East ", "5430028", "1-1")], [new("East", "５４３-００２８", "1-1 ")]).ShouldBe([(0, 0)]);
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("yes", true, true)]
    [InlineData("yes", false, false)]
    [InlineData("no", true, false)]
    [InlineData("no", false, true)]
    [InlineData("yes no", true, true)]
    [InlineData("yes no", false, true)]
    [InlineData("no yes", true, true)]
    [InlineData("no yes", false, true)]
    public void Two_of_one_mind_decide_and_of_two_who_disagree_the_third(string said, bool accepts, bool decides)
    {
        ApplicationOpinion[] opinions = [.. said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s == "yes" ? s_yes : s_no)];
        opinions.IsDecidedBy(accepts).ShouldBe(decides);
        opinions.Disagree().ShouldBe(opinions.Length == 2);
    }

    static string Said(ApplicationFacts facts) => string.Join(' ', ApplicationChecks.Of(facts).Select(c => c.Result));

    static ApplicationForm Form(CellWords words) => words.Say("whole") ? Bakery : Bakery with { Name = "" };

    static MerchantApplication? Of(CellWords words) => words.Words.Count == 0 ? null : new MerchantApplication(
        default, Enum.GetValues<ApplicationState>().Single(state => words.Say(state.ToString())), 2, Bakery, "ja", 0,
        words.Say("first") ? words.Say("no") ? [s_yes, s_no] : [s_yes] : [], null, null, null, null, 0, 0);
}
