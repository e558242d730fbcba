namespace Ensen.Sandbox.Town;

/// <summary>
/// Something that happened to one person so many days ago. <paramref name="Refund"/>: what the shop gave back half an hour later, yen.
/// </summary>
sealed record Occasion(TownRole Who, int DaysAgo, int Hour, string MerchantCategory, long Yen, long Refund = 0, string? Reason = null);

/// <summary>Money that one member sends to another, every so many days.</summary>
sealed record Sending(string From, string To, int FirstDay, int Every, int Hour, long Yen, string? Note);

/// <summary>What is not habit: refunds, one person's expensive week, money sent within families and among friends.</summary>
static class Occasions
{
    public static readonly IReadOnlyList<Occasion> Once =
    [
        new(TownRole.Refunded, 33, 14, "clothing", 12_800, 12_800, "サイズ違い"),
        new(TownRole.Refunded, 9, 15, "electronics", 8_960, 2_980, "付属品の不足"),
        new(TownRole.Refunded, 2, 13, "shoes", 7_900, 7_900, "サイズ違い"),
        new(TownRole.Suggested, 6, 16, "bookshop", 2_640, 880, "1冊返品"),
        new(TownRole.Suggested, 61, 14, "clothing", 14_800),
        new(TownRole.Suggested, 24, 18, "depachika", 5_980),
        new(TownRole.Suggested, 1, 19, "greengrocer", 1_386),
        new(TownRole.Saver, 12, 20, "izakaya", 18_600),
        // Most of what a month allows, in the week before the town is opened.
        new(TownRole.NearCap, 6, 11, "electronics", 198_000),
        new(TownRole.NearCap, 5, 14, "hotel", 186_400),
        new(TownRole.NearCap, 4, 18, "depachika", 172_800),
        new(TownRole.NearCap, 3, 19, "sushi", 158_000),
        new(TownRole.NearCap, 2, 12, "clothing", 146_200),
        new(TownRole.NearCap, 1, 17, "optician", 84_700),
        new(TownRole.Family, 20, 13, "toys", 5_980, 5_980, "プレゼントの重複"),
        new(TownRole.English, 15, 15, "souvenir", 4_320, 1_080, "箱の破損"),
    ];

    public static readonly IReadOnlyList<Sending> Money =
    [
        new("ishida", "yumi", 2, 28, 21, 28_000, "生活費"),
        new("hashimoto", "megumi", 5, 30, 20, 22_000, "今月もよろしく"),
        new("osamu", "ogawa", 9, 28, 10, 10_000, null),
        new("morimoto", "katayama", 6, 21, 23, 2_800, "昨日の飲み代"),
        new("katayama", "murata", 13, 21, 22, 2_400, "割り勘"),
        new("aoi", "fujiwara", 17, 24, 21, 1_500, "ランチ代 ありがとう"),
        new("fujiwara", "aoi", 29, 24, 22, 1_800, "映画のチケット"),
        new("kubo", "kondo", 11, 18, 16, 1_200, "お花のお礼"),
        new("watabe", "aoi", 34, 30, 20, 3_000, "送別会"),
        new("onishi", "hara", 40, 25, 22, 8_000, "先日のお店"),
    ];
}
