using System.Text.Json.Nodes;
using Ensen.Basics;

namespace Ensen.Web.Api;

/// <summary>A request body to begin with, for each operation that takes one.</summary>
static class ApiExamples
{
    const string Member = "mbr_01m7zzf3wkf3sbtpmq2dxjb7rd";
    const string Business = "biz_01m7zzf4a6e8n8nc8bq3kd0x2h";
    const string Store = "str_01m7zzf4a6e8n8nc8bq3kd0x2h";

    public static JsonNode? Of(string? operation) => operation switch
    {
        "charge" => new JsonObject { ["source"] = "bank", ["amount"] = 5_000 },
        "pay" => new JsonObject { ["storeId"] = Store, ["amount"] = 1_200, ["points"] = 30 },
        "takePayment" => new JsonObject { ["code"] = "9990112345678901236", ["amount"] = 1_200, ["orderId"] = "2026-04-01-0042" },
        "registerPointCard" => new JsonObject
        {
            ["issuer"] = "umeda",
            ["number"] = "4112345675",
            ["pin"] = "2580",
            ["membership"] = "existing",
        },
        "awardPoints" => new JsonObject { ["code"] = "801234567891", ["amount"] = 1_100, ["receipt"] = "2026-04-01-0042" },
        "spendPoints" => new JsonObject { ["code"] = "9990112345678901236", ["points"] = 30, ["receipt"] = "2026-04-01-0043" },
        "freezeMember" => new JsonObject { ["reason"] = "telephone stolen, reported by its owner" },
        "thawMember" => new JsonObject { ["reason"] = "found, owner came in person" },
        "proposeRecovery" => new JsonObject { ["reason"] = "driving licence seen at the counter", ["bornOn"] = "1990-04-01" },
        "approveRecovery" => new JsonObject { ["bornOn"] = "1990-04-01" },
        "proposeCampaign" => new JsonObject
        {
            ["nameJa"] = "パンの週",
            ["nameEn"] = "Bakery week",
            ["from"] = "2035-04-01T00:00:00+09:00",
            ["until"] = "2035-04-08T00:00:00+09:00",
            ["gift"] = new JsonObject { ["kind"] = "per_yen", ["amount"] = 1, ["perYen"] = 100 },
            ["budget"] = 100_000,
            ["categories"] = new JsonArray { "bakery" },
            ["lastDay"] = "2035-09-30",
        },
        "makePointUse" => new JsonObject
        {
            ["nameJa"] = "つるはしのパン屋だけ",
            ["nameEn"] = "Only at the baker of Tsuruhashi",
            ["stores"] = new JsonArray { Store },
        },
        "proposeGoodwill" => new JsonObject
        {
            ["memberId"] = Member,
            ["points"] = 120,
            ["expiresOn"] = "2027-03-31",
            ["reason"] = "points that came back after their day",
        },
        "applyAsMerchant" => new JsonObject
        {
            ["kind"] = "person",
            ["name"] = "パン工房つるはし",
            ["kana"] = "パンコウボウツルハシ",
            ["representative"] = "山田 花子",
            ["email"] = "hanako@example.jp",
            ["telephone"] = "06-6123-4567",
            ["category"] = "bakery",
            ["bankCode"] = "0005",
            ["branchCode"] = "001",
            ["accountKind"] = "ordinary",
            ["accountNumber"] = "1234567",
            ["holder"] = "パンコウボウツルハシ",
            ["stores"] = new JsonArray
            {
                new JsonObject
                {
                    ["name"] = "パン工房つるはし",
                    ["postalCode"] = "5430028",
                    ["address"] = "大阪市天王寺区小橋町1番1号",
                    ["station"] = "鶴橋",
                },
            },
            ["language"] = Languages.Default.Tag,
        },
        "decideMerchantApplication" => new JsonObject
        {
            ["decision"] = "accept",
            ["reason"] = "called back, the shop was seen on the map",
            ["version"] = 2,
        },
        "proposePayOutAccount" => new JsonObject
        {
            ["merchantId"] = "mer_00000000000000000000000001",
            ["bankCode"] = "0005",
            ["branchCode"] = "001",
            ["kind"] = "ordinary",
            ["number"] = "1234567",
            ["holderKana"] = "パンコウボウ",
            ["reason"] = "the shop has changed its bank",
        },
        "withdrawPayOutAccount" => new JsonObject { ["reason"] = "the shop knows nothing of it" },
        "withdrawGoodwill" => new JsonObject { ["reason"] = "another member was meant" },
        "addPayee" => new JsonObject { ["to"] = Business },
        "makeBusinessTransfer" => new JsonObject { ["to"] = Business, ["amount"] = 48_000, ["text"] = "4月分 印刷代" },
        "askBusiness" => new JsonObject
        {
            ["from"] = Business,
            ["amount"] = 48_000,
            ["text"] = "4月分 印刷代",
            ["dueOn"] = "2035-04-30",
        },
        "stopCampaign" => new JsonObject { ["reason"] = "the shops that take part are the wrong ones" },
        "proposeCardRevocation" => new JsonObject { ["numbers"] = new JsonArray { "637654321" }, ["reason"] = "found for sale" },
        "openCentre" => new JsonObject { ["name"] = "なんばモール", ["pin"] = "730416" },
        "refund" => new JsonObject { ["amount"] = 200, ["reason"] = "one item returned" },
        "changeRefundCaps" => new JsonObject { ["perRefund"] = 5_000, ["perDay"] = 20_000 },
        "giveTillPin" => new JsonObject { ["pin"] = "7305" },
        "setGoal" => new JsonObject { ["points"] = 500, ["title"] = "車窓の席" },
        "orderReward" => new JsonObject { ["quantity"] = 1 },
        "transfer" => new JsonObject { ["to"] = Member, ["amount"] = 500, ["note"] = "lunch" },
        "requestMoney" => new JsonObject { ["from"] = Member, ["amount"] = 500, ["note"] = "lunch" },
        "splitBill" => new JsonObject
        {
            ["total"] = 3_000,
            ["own"] = 1_000,
            ["shares"] = new JsonArray { new JsonObject { ["from"] = Member, ["amount"] = 2_000 } },
            ["note"] = "dinner",
        },
        "setAutoCharge" => new JsonObject { ["on"] = true, ["below"] = 1_000, ["amount"] = 5_000, ["perMonth"] = 30_000 },
        "withdraw" => new JsonObject { ["amount"] = 5_000 },
        "createLink" => new JsonObject { ["amount"] = 500, ["note"] = "lunch" },
        "beginChallenge" => new JsonObject { ["purpose"] = "limits", ["method"] = "password" },
        "answerChallenge" => new JsonObject { ["password"] = "as at sign-in" },
        "setUpAuthenticator" => new JsonObject { ["secret"] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", ["code"] = "287082" },
        "reportCall" => new JsonObject { ["from"] = "+819012345678", ["to"] = "+815000000101" },
        "register" => new JsonObject
        {
            ["name"] = "西川 葵",
            ["email"] = "aoi@example.jp",
            ["telephone"] = "090-1234-5678",
            ["password"] = "Loop-line-09",
            ["language"] = Basics.Languages.Default.Tag,
        },
        "changeEmail" => new JsonObject { ["email"] = "aoi@example.jp" },
        "changeTelephone" => new JsonObject { ["telephone"] = "090-1234-5678" },
        "confirmAddress" or "releaseAddress" or "confirmEmailChange" or "undoEmailChange" or "stopRecoveryByLink"
            => new JsonObject { ["token"] = "as it stands in the mail's link" },
        "leave" => new JsonObject { ["confirm"] = true },
        "changeProfile" => new JsonObject { ["newsletter"] = true, ["goal"] = 500 },
        "beginVerification" => new JsonObject
        {
            ["method"] = "ic_chip",
            ["name"] = "西川 葵",
            ["kana"] = "ニシカワ アオイ",
            ["bornOn"] = "1990-04-01",
            ["address"] = "大阪市北区天神橋一丁目1番1号",
        },
        "reportIdentity" => new JsonObject { ["verificationId"] = "ver_01m7zzf3wkf3sbtpmq2dxjb7rd", ["finding"] = "match" },
        "linkBankAccount" => new JsonObject
        {
            ["bankCode"] = "9999",
            ["branchCode"] = "001",
            ["kind"] = "ordinary",
            ["number"] = "1234567",
            ["holderKana"] = "ﾆｼｶﾜ ｱｵｲ",
        },
        "linkTransitCard" => new JsonObject { ["number"] = "JW0123 4567 8901 2345", ["proof"] = "123456" },
        "linkCreditCard" => new JsonObject { ["linkToken"] = "link_0123456789abcdef0123456789abcdef" },
        "chargeTransitCard" => new JsonObject { ["points"] = 300 },
        "setRecommendations" => new JsonObject { ["rides"] = true },
        "decideVerification" => new JsonObject { ["decision"] = "accept", ["reason"] = "document and face agree" },
        "changeOwnLimits" => new JsonObject { ["perPayment"] = 10_000, ["perDay"] = 20_000, ["perMonth"] = null },
        "addPasskey" => new JsonObject
        {
            ["ticket"] = "as asked for",
            ["credential"] = new JsonObject { ["id"] = "as the device made it", ["type"] = "public-key" },
            ["name"] = "My telephone",
        },
        "openSession" => new JsonObject { ["email"] = "aoi@example.jp", ["password"] = "as registered", ["device"] = "My script" },
        "answerSession" => new JsonObject { ["method"] = "totp", ["code"] = "287082" },
        "askPasswordReset" => new JsonObject { ["email"] = "aoi@example.jp" },
        "beginPasswordReset" => new JsonObject { ["token"] = "as in the mail's link", ["device"] = "My script" },
        "changePassword" or "resetPassword" => new JsonObject { ["password"] = "Circle-line-10" },
        "renamePasskey" => new JsonObject { ["name"] = "My telephone" },
        _ => null,
    };
}
