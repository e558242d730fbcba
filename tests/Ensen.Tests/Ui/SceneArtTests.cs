using System.Text;
using System.Xml.Linq;
using Ensen.Ui;

namespace Ensen.Tests.Ui;

public sealed class SceneArtTests
{
    public static TheoryData<string> Categories => [.. SceneArt.Categories];

    [Theory, MemberData(nameof(Categories))]
    public void Every_picture_is_small_well_formed_and_fully_coloured(string category)
    {
        for (var seed = 0; seed < SceneArt.Seeds; seed++)
        {
            var svg = SceneArt.Svg(category, seed);

            XDocument.Parse(svg).Root!.Name.LocalName.ShouldBe("svg");
            Encoding.UTF8.GetByteCount(svg).ShouldBeLessThan(2048);
            svg.ShouldNotContain("$");
        }
    }

    [Fact]
    public void Seeds_give_different_pictures() =>
        Enumerable.Range(0, SceneArt.Seeds).Select(seed => SceneArt.Svg("bakery", seed)).Distinct().Count().ShouldBe(SceneArt.Seeds);

    [Fact]
    public void A_store_keeps_its_picture_and_an_undrawn_category_shows_a_parcel()
    {
        var store = Guid.Parse("01990000-0000-7000-8000-0000000000a1");

        SceneArt.Address("ramen", store).ShouldBe(SceneArt.Address("ramen", store));
        SceneArt.Address("submarine", store).ShouldStartWith("/scenes/shop-");
    }

    [Fact]
    public void No_two_days_running_have_the_same_colour()
    {
        var day = new DateOnly(2026, 1, 1);
        for (var i = 0; i < 400; i++, day = day.AddDays(1))
            DayColour.Of(day).ShouldNotBe(DayColour.Of(day.AddDays(1)));
    }
}
