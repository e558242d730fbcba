using System.Globalization;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;
using Ensen.Ui;
using Ensen.Web.Members;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ensen.Tests.Web.Members;

/// <summary>How amounts, caps, times and numbers are told, and what a form that was sent back carries.</summary>
public class ToldInWordsTests
{
    [Theory]
    [InlineData(500_000, 500_000, 2_000_000, "Once 500000")]
    [InlineData(500_000, 492_026, 2_000_000, "Today 492026")]
    [InlineData(500_000, 492_026, 21_632, "Month 21632")]
    [InlineData(100_000, 492_026, 121_632, "Once 100000")]
    public void A_cap_is_named_by_what_binds(long once, long today, long month, string told)
    {
        var cap = BindingCap.Of(new LimitLeft(once, today, month));
        $"{cap.Name} {cap.Yen}".ShouldBe(told);
    }

    [Theory]
    [InlineData("ja", "1,200円", "−5,930円", "＊＊＊＊円")]
    [InlineData("en", "¥1,200", "−¥5,930", "¥＊＊＊＊")]
    public void Yen_stand_where_the_language_has_them(string language, string plain, string negative, string veiled) => In(language, () =>
    {
        InWords.Yen(1_200).ShouldBe(plain);
        InWords.Yen(-5_930).ShouldBe(negative);
        InWords.YenVeiled.ShouldBe(veiled);
    });

    [Theory]
    [InlineData("ja", 4, null)]
    [InlineData("ja", 12, "12分前のお支払い")]
    [InlineData("ja", 125, "2時間前のお支払い")]
    [InlineData("ja", 3_000, "2日前のお支払い")]
    public void A_payment_of_some_minutes_ago_says_so(string language, int minutes, string? told) => In(language, () =>
    {
        var now = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
        InWords.LongAgo(now.AddMinutes(-minutes), now, "{0}前のお支払い").ShouldBe(told);
    });

    [Fact]
    public void In_English_one_is_not_many() => In("en", () =>
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        InWords.LongAgo(now.AddMinutes(-61), now, "Paid {0} ago").ShouldBe("Paid 1 hour ago");
        InWords.LongAgo(now.AddMinutes(-7), now, "Paid {0} ago").ShouldBe("Paid 7 minutes ago");
    });

    [Theory]
    [InlineData("+819012340100", "090-****-0100")]
    [InlineData("+81661234567", "06-****-4567")]
    [InlineData("+442071838750", "+4420****8750")]
    public void A_telephone_number_is_masked_as_its_owner_writes_it(string number, string masked) =>
        TelephoneNumber.Masked(number).ShouldBe(masked);

    [Fact]
    public void What_was_typed_comes_back_without_its_password_to_the_same_page_for_ten_minutes()
    {
        var clock = new TownClock();
        var sentBack = new SentBack(new EphemeralDataProtectionProvider(), clock);
        var sent = new DefaultHttpContext { Request = { Method = "POST", Path = "/sign-in", ContentType = "application/x-www-form-urlencoded" } };
        sent.Request.Form = new FormCollection(new Dictionary<string, StringValues>
        {
            ["email"] = "aoi@example.jp",
            ["password"] = "Kisha-7#Umi",
            ["pin"] = "1234",
            ["__RequestVerificationToken"] = "x",
            ["note"] = new string('x', 5_000),
        });

        var address = sentBack.Address(sent, "/sign-in", ("fault", "Unauthenticated"));
        address.ShouldStartWith("/sign-in?again=");
        address.ShouldNotContain("aoi");
        var again = Fields("/sign-in").ShouldNotBeNull();
        again.Keys.Order(StringComparer.Ordinal).ShouldBe(["email", "fault", "until"]);
        (again["email"], again["fault"]).ShouldBe(("aoi@example.jp", "Unauthenticated"));
        Fields("/register").ShouldBeNull();
        clock.Move(TimeSpan.FromMinutes(11));
        Fields("/sign-in").ShouldBeNull();

        IReadOnlyDictionary<string, string>? Fields(string page)
        {
            var shown = new DefaultHttpContext { Request = { Method = "GET", Path = page, QueryString = new QueryString(address[address.IndexOf('?', StringComparison.Ordinal)..]) } };
            return sentBack.Fields(shown);
        }
    }

    static void In(string language, Action told)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        try
        {
            told();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
