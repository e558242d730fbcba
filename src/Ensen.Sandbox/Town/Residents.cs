using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>How somebody thinks about points.</summary>
enum Thrift
{
    Saves = 1,
    Sometimes = 2,
    SpendsAll = 3,

    /// <summary>Spends some only when there are plenty.</summary>
    Sparing = 4,
}

/// <summary>
/// A person of the town. <paramref name="Home"/> and <paramref name="Work"/> are stations; <paramref name="Joined"/> is "old" or "older"
/// for members of the last two fiscal years, or the day of the three months on which they joined.
/// </summary>
sealed record Resident(
    int Number, string Name, string Kana, string Mail, string Language, string Home, string Work, string Persona,
    bool Verified, ChargeSource Source, Thrift Thrift, PayWay Way, string Joined, TownRole Role)
{
    public string Email => Mail + TownPeople.MailDomain;

    /// <summary>No telephone in Japan has such a number.</summary>
    public string Telephone => FormattableString.Invariant($"090-0000-{100 + Number:0000}");
}

/// <summary>The members of the town: 40. All of them are invented.</summary>
static class Residents
{
    // name | kana | mail | language | home | work | persona | verified and charging by | thrift | way | joined | role
    const string Table =
        """
        青井 美咲 | アオイ ミサキ | aoi | ja | 天満 | 大阪 | aoi | verified bank | sparing | tag | older | suggested
        森本 健太 | モリモト ケンタ | morimoto | ja | 京橋 | 大阪 | commuter | verified bank | saves | code | older | saver
        藤原 さくら | フジワラ サクラ | fujiwara | ja | 玉造 | 天王寺 | commuter | verified bank | sometimes | qr | older | refunded
        Emma Clarke | クラーク エマ | emma | en | 天満 | 大阪城公園 | visitor | verified card | sometimes | tag | 4 | english
        大西 剛 | オオニシ ゴウ | onishi | ja | 福島 | 大阪 | gourmet | verified bank | saves | code | old | nearcap
        中村 ひなた | ナカムラ ヒナタ | nakamura | ja | 桃谷 | 天王寺 | student | unverified atm | spends | code | 20 | unverified
        小川 文子 | オガワ フミコ | ogawa | ja | 寺田町 | 桃谷 | retired | verified atm | saves | tag | older | -
        小川 修 | オガワ オサム | osamu | ja | 寺田町 | 寺田町 | retired | verified bank | sometimes | tag | older | -
        石田 直樹 | イシダ ナオキ | ishida | ja | 弁天町 | 西九条 | commuter | verified bank | spends | tag | old | -
        石田 由美 | イシダ ユミ | yumi | ja | 弁天町 | 弁天町 | parent | verified bank | sometimes | qr | old | family
        岡本 陽介 | オカモト ヨウスケ | okamoto | ja | 野田 | 大阪 | commuter | verified card | sometimes | code | old | -
        松井 千尋 | マツイ チヒロ | matsui | ja | 森ノ宮 | 京橋 | nurse | verified bank | spends | code | old | -
        Daniel Okafor | オカフォー ダニエル | daniel | en | 新今宮 | 大阪城公園 | visitor | verified card | saves | qr | 31 | -
        橋本 大輔 | ハシモト ダイスケ | hashimoto | ja | 大正 | 大阪 | commuter | verified bank | sometimes | tag | old | -
        橋本 恵 | ハシモト メグミ | megumi | ja | 大正 | 大正 | parent | verified bank | spends | tag | old | -
        坂口 蓮 | サカグチ レン | sakaguchi | ja | 鶴橋 | 京橋 | student | unverified card | spends | code | 12 | waiting
        上田 和子 | ウエダ カズコ | ueda | ja | 天満 | 天満 | retired | verified atm | saves | tag | old | -
        西川 隆 | ニシカワ タカシ | nishikawa | ja | 桜ノ宮 | 桜ノ宮 | retired | verified bank | sometimes | code | old | -
        野口 彩 | ノグチ アヤ | noguchi | ja | 福島 | 天王寺 | commuter | verified card | spends | qr | 0 | frozenbyself
        片山 翔太 | カタヤマ ショウタ | katayama | ja | 京橋 | 京橋 | commuter | verified bank | sometimes | code | 0 | frozenbyoperator
        久保 真理子 | クボ マリコ | kubo | ja | 玉造 | 森ノ宮 | parent | verified bank | sometimes | tag | 0 | -
        福田 誠 | フクダ マコト | fukuda | ja | 天王寺 | 大阪 | commuter | verified card | saves | tag | 0 | owncaps
        三浦 優花 | ミウラ ユウカ | miura | ja | 森ノ宮 | 大阪 | student | verified card | spends | code | 2 | newdevice
        前田 浩一 | マエダ コウイチ | maeda | ja | 芦原橋 | 福島 | commuter | verified bank | saves | qr | 3 | changingmail
        原 琴音 | ハラ コトネ | hara | ja | 大阪 | 大阪 | gourmet | verified card | spends | tag | 3 | newtelephone
        木下 勇気 | キノシタ ユウキ | kinoshita | ja | 今宮 | 新今宮 | nurse | verified atm | sometimes | tag | 5 | passkeyonly
        近藤 あゆみ | コンドウ アユミ | kondo | ja | 桃谷 | 鶴橋 | parent | verified bank | saves | tag | 6 | -
        杉山 潤 | スギヤマ ジュン | sugiyama | ja | 西九条 | 弁天町 | quiet | verified card | sometimes | qr | 7 | authenticator
        王 麗華 | オウ レイカ | wang | ja | 鶴橋 | 天王寺 | parent | verified bank | sometimes | qr | 8 | -
        村田 一樹 | ムラタ カズキ | murata | ja | 天満 | 京橋 | commuter | verified bank | spends | tag | 10 | -
        安藤 澄江 | アンドウ スミエ | ando | ja | 野田 | 野田 | retired | verified atm | sometimes | code | 14 | -
        今井 颯 | イマイ ソウ | imai | ja | 新今宮 | 天王寺 | student | unverified atm | spends | qr | 17 | minor
        長谷川 梓 | ハセガワ アズサ | hasegawa | ja | 大阪城公園 | 大阪 | gourmet | verified card | sometimes | code | 21 | -
        渡部 悠 | ワタベ ユウ | watabe | ja | 大阪 | 福島 | commuter | verified bank | sometimes | tag | 26 | -
        高野 つばさ | タカノ ツバサ | takano | ja | 桜ノ宮 | 天満 | nurse | verified bank | saves | code | 30 | -
        島田 茂 | シマダ シゲル | shimada | ja | 今宮 | 今宮 | retired | unverified atm | saves | tag | 38 | -
        金城 結 | キンジョウ ユイ | kinjo | ja | 大正 | 弁天町 | quiet | verified card | spends | code | 45 | -
        平野 拓海 | ヒラノ タクミ | hirano | ja | 寺田町 | 大阪 | commuter | verified card | sometimes | qr | 55 | -
        Sofia Rossi | ロッシ ソフィア | sofia | en | 大阪 | 天王寺 | visitor | unverified card | spends | tag | 70 | rejected
        内田 はるか | ウチダ ハルカ | uchida | ja | 福島 | 大阪 | quiet | unverified card | sometimes | tag | 90 | newcomer
        """;

    public static readonly IReadOnlyList<Resident> All = [.. Table.Split('\n').Select(Read)];

    static Resident Read(string line, int number)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        var standing = cells[7].Split(' ');
        return new Resident(
            number, cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], standing[0] == "verified",
            Enum.Parse<ChargeSource>(standing[1], ignoreCase: true),
            cells[8] switch
            {
                "saves" => Thrift.Saves,
                "sometimes" => Thrift.Sometimes,
                "spends" => Thrift.SpendsAll,
                "sparing" => Thrift.Sparing,
                var other => throw Unknown(other)
            },
            cells[9] switch { "tag" => PayWay.Tag, "qr" => PayWay.StoreQr, "code" => PayWay.ShownCode, var other => throw Unknown(other) },
            cells[10],
            cells[11] == "-" ? TownRole.Neighbour : Enum.Parse<TownRole>(cells[11], ignoreCase: true));
    }

    static FormatException Unknown(string word) => new($"'{word}' in the table of residents means nothing.");
}
