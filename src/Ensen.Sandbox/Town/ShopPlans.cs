using Ensen.Merchants;

namespace Ensen.Sandbox.Town;

/// <summary>A shop to be opened. All of them are invented.</summary>
sealed record ShopPlan(string Merchant, string Name, string Latin, string MerchantCategory, string Station, string Area, string Address,
    string PostalCode, bool HasCryptographicTag)
{
    public OpenStoreRequest Open(string tillPinHash, string refundPinHash, MerchantId? merchant) => new(
        Merchant, Name, Area, Station, MerchantCategory, Address, PostalCode, Latin,
        TillPinHash: tillPinHash, RefundPinHash: refundPinHash, Merchant: merchant);
}

/// <summary>The shops of the town: 60, of every trade, along the line.</summary>
static class ShopPlans
{
    /// <summary>Where the start page sends a newcomer to pay.</summary>
    public const string Suggested = "むぎの輪 天満本店";

    // station | trade | name | Latin name | area | address in Osaka | postal code | a chain's merchant, and "*" for a cryptographic tag too
    const string Table =
        """
        大阪 | depachika | うめのき地下市場 | Umenoki Food Hall | 梅田 | 北区梅田3丁目1 | 5300001 |
        大阪 | cafe | カフェ みどりのホーム | Cafe Midori no Home | 梅田 | 北区角田町4 | 5300017 | *
        大阪 | bookshop | ほんの停車場 | Hon no Teishajo Books | 梅田 | 北区芝田1丁目3 | 5300012 |
        大阪 | kiosk | 売店 一番のりば | Kiosk Ichiban Noriba | 大阪駅 | 北区梅田3丁目2 | 5300001 |
        大阪 | hotel | ホテル 環状館 | Hotel Kanjokan | 中崎 | 北区中崎西2丁目5 | 5300015 |
        福島 | sushi | 鮨 さざなみ小路 | Sushi Sazanami Koji | 福島 | 福島区福島5丁目8 | 5530003 | *
        福島 | izakaya | 酒処 ごとん | Sakedokoro Goton | 福島 | 福島区福島7丁目2 | 5530003 |
        福島 | cakes | 洋菓子 こもれび窯 | Patisserie Komorebi | 鷺洲 | 福島区鷺洲1丁目11 | 5530002 |
        野田 | fishmonger | 魚 のだ浜 | Nodahama Fish | 吉野 | 福島区吉野3丁目4 | 5530006 |
        野田 | bath | 藤棚の湯 | Fujidana Baths | 玉川 | 福島区玉川2丁目9 | 5530004 |
        野田 | laundry | 洗濯屋 しゃぼん玉 | Shabondama Laundry | 大開 | 福島区大開1丁目6 | 5530007 |
        西九条 | okonomiyaki | お好み焼き てっぱん丸 | Teppanmaru | 西九条 | 此花区西九条3丁目7 | 5540012 |
        西九条 | souvenir | みやげ処 水都堂 | Suitodo Souvenirs | 西九条 | 此花区西九条2丁目3 | 5540012 |
        西九条 | convenience | まちかど商店 西九条 | Machikado Nishikujo | 西九条 | 此花区西九条4丁目1 | 5540012 | まちかど商店
        弁天町 | bakery | むぎの輪 弁天町店 | Mugi no Wa Bentencho | 弁天 | 港区弁天1丁目2 | 5520007 | むぎの輪製パン
        弁天町 | toys | おもちゃの汽笛 | Kiteki Toys | 波除 | 港区波除3丁目8 | 5520001 |
        弁天町 | clinic | みなと橋診療所 | Minatobashi Clinic | 弁天 | 港区弁天4丁目5 | 5520007 |
        大正 | ramen | 麺処 なみのおと | Mendokoro Naminooto | 三軒家 | 大正区三軒家東1丁目9 | 5510002 |
        大正 | izakaya | 島酒場 うみかぜ | Shima Sakaba Umikaze | 三軒家 | 大正区三軒家西1丁目4 | 5510001 |
        大正 | greengrocer | 八百屋 だいこん一番 | Daikon Ichiban | 泉尾 | 大正区泉尾1丁目12 | 5510031 |
        芦原橋 | shoes | 靴工房 あしあと | Ashiato Shoes | 芦原 | 浪速区芦原2丁目1 | 5560027 |
        芦原橋 | bicycle | 自転車 ちりりん | Chiririn Cycles | 塩草 | 浪速区塩草3丁目6 | 5560024 |
        今宮 | liquor | 酒の ほろよい蔵 | Horoyoigura Liquor | 大国 | 浪速区大国3丁目10 | 5560014 |
        今宮 | stationery | 文具 ふでばこ堂 | Fudebakodo Stationery | 大国 | 浪速区大国2丁目7 | 5560014 |
        新今宮 | curry | カレー 香辛舎 | Koshinsha Curry | 恵美須 | 浪速区恵美須西3丁目2 | 5560003 |
        新今宮 | hotel | 宿 みおつくし庵 | Yado Miotsukushi | 萩之茶屋 | 西成区萩之茶屋1丁目8 | 5570004 |
        新今宮 | takoyaki | たこ焼き まるまる横丁 | Marumaru Takoyaki | 恵美須 | 浪速区恵美須東3丁目5 | 5560002 |
        新今宮 | bath | ぽかぽか温泉 ゑびす湯 | Pokapoka Ebisuyu | 恵美須 | 浪速区恵美須東2丁目11 | 5560002 |
        天王寺 | clothing | 装い 坂のうえ | Yosooi Sakanoue | 阿倍野 | 阿倍野区阿倍野筋1丁目7 | 5450052 |
        天王寺 | cinema | 天王寺 銀幕座 | Tennoji Ginmakuza | 悲田院 | 天王寺区悲田院町3 | 5430055 |
        天王寺 | udon | うどん だしの里 | Dashinosato Udon | 堀越 | 天王寺区堀越町9 | 5430056 |
        天王寺 | pharmacy | くすりの ひなたぼこ 天王寺 | Hinataboko Tennoji | 悲田院 | 天王寺区悲田院町8 | 5430055 | ひなたぼこ薬品
        天王寺 | optician | めがね 遠見堂 | Tomido Opticians | 阿倍野 | 阿倍野区阿倍野筋2丁目4 | 5450052 |
        寺田町 | kissaten | 喫茶 ランプ亭 | Kissa Lamptei | 大道 | 天王寺区大道4丁目6 | 5430052 |
        寺田町 | butcher | 精肉 みやまや | Miyamaya Butcher | 生野西 | 生野区生野西2丁目3 | 5440024 |
        寺田町 | dentist | しろつめ草歯科 | Shirotsume Dental | 大道 | 天王寺区大道3丁目1 | 5430052 |
        桃谷 | greengrocer | 青果 ももいち | Momoichi Greengrocer | 桃谷 | 生野区桃谷2丁目18 | 5440034 |
        桃谷 | hairdresser | 髪結い つばめ | Tsubame Hair | 堂ケ芝 | 天王寺区堂ケ芝2丁目10 | 5430033 |
        桃谷 | sweets | 和菓子 水ぐるま | Mizuguruma Wagashi | 桃谷 | 生野区桃谷3丁目4 | 5440034 |
        鶴橋 | butcher | 肉の つるのや | Tsurunoya Meats | 下味原 | 天王寺区下味原町5 | 5430026 |
        鶴橋 | shop | 漬物と乾物 はるの市 | Haru no Ichi | 東小橋 | 東成区東小橋3丁目14 | 5370024 |
        鶴橋 | convenience | まちかど商店 鶴橋 | Machikado Tsuruhashi | 鶴橋 | 生野区鶴橋2丁目1 | 5440031 | まちかど商店
        玉造 | bakery | むぎの輪 玉造店 | Mugi no Wa Tamatsukuri | 玉造元町 | 天王寺区玉造元町2 | 5430014 | むぎの輪製パン
        玉造 | florist | 花屋 すみれ坂 | Sumirezaka Flowers | 玉造 | 中央区玉造1丁目5 | 5400004 |
        森ノ宮 | cafe | カフェ 森のベンチ | Cafe Mori no Bench | 森ノ宮 | 中央区森ノ宮中央1丁目7 | 5400003 |
        森ノ宮 | pharmacy | くすりの ひなたぼこ 森ノ宮 | Hinataboko Morinomiya | 中道 | 東成区中道1丁目3 | 5370025 | ひなたぼこ薬品
        森ノ宮 | ramen | 中華そば 森の鐘 | Mori no Kane Soba | 森ノ宮 | 中央区森ノ宮中央2丁目2 | 5400003 |
        大阪城公園 | souvenir | みやげ 石垣堂 | Ishigakido Souvenirs | 大阪城 | 中央区大阪城3 | 5400002 |
        京橋 | izakaya | 立ち呑み ともしび | Tachinomi Tomoshibi | 京橋 | 都島区東野田町3丁目6 | 5340024 |
        京橋 | karaoke | カラオケ こだま館 | Karaoke Kodamakan | 京橋 | 都島区東野田町2丁目9 | 5340024 |
        京橋 | electronics | 電器の ひらめき | Hirameki Electronics | 片町 | 都島区片町2丁目2 | 5340025 | *
        京橋 | udon | 立ち食いうどん はやてや | Hayateya Udon | 京橋 | 都島区東野田町1丁目6 | 5340024 |
        桜ノ宮 | laundry | クリーニング さくら洗い | Sakura Arai Cleaners | 中野 | 都島区中野町5丁目10 | 5340027 |
        桜ノ宮 | kissaten | 喫茶 川ぞい | Kissa Kawazoi | 中野 | 都島区中野町4丁目3 | 5340027 |
        桜ノ宮 | convenience | まちかど商店 桜ノ宮 | Machikado Sakuranomiya | 中野 | 都島区中野町5丁目1 | 5340027 | まちかど商店
        天満 | bakery | むぎの輪 天満本店 | Mugi no Wa Temma | 天神橋 | 北区天神橋4丁目8 | 5300041 | むぎの輪製パン *
        天満 | ramen | らーめん 鶏の音 | Ramen Torinone | 池田町 | 北区池田町7 | 5300033 |
        天満 | greengrocer | 青果 てんじん市 | Tenjin Ichi Greens | 池田町 | 北区池田町3 | 5300033 |
        天満 | bath | ひょうたん湯 | Hyotan Yu | 天神橋 | 北区天神橋5丁目2 | 5300041 | *
        天満 | bookshop | 古書 ほうき星 | Hokiboshi Old Books | 錦町 | 北区錦町2 | 5300034 |
        """;

    public static readonly IReadOnlyList<ShopPlan> All = [.. Table.Split('\n').Select(Read)];

    static ShopPlan Read(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        var chain = cells[7].TrimEnd('*').Trim();
        return new ShopPlan(
            chain.Length == 0 ? cells[2] : chain, cells[2], cells[3], cells[1], cells[0], cells[4], "大阪市" + cells[5], cells[6],
            cells[7].EndsWith('*'));
    }
}
