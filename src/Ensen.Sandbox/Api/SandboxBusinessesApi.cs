using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Businesses;
using Ensen.Merchants;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Wallet;

namespace Ensen.Sandbox.Api;

/// <summary>
/// <paramref name="Balance"/>: what it has paid in from its bank already. <paramref name="MerchantId"/>: a merchant with shops whose
/// account this is; without it the company has none.
/// </summary>
sealed record SandboxBusinessBody(
    string Name, [property: JsonConverter(typeof(WholeAmount))] long Balance = 0, string? MerchantId = null);

/// <summary>
/// <paramref name="Number"/>: of its account, to which others pay in. The two tokens are those of two people who can both make and approve.
/// </summary>
sealed record SandboxBusinessAnswer(string BusinessId, string Number, string MerchantId, string Token, string ApproverToken);

sealed record SandboxDepositBody(string Number, [property: JsonConverter(typeof(WholeAmount))] long Amount, string? Payer = null);

sealed record SandboxDepositAnswer(string Number, long Amount);

/// <summary>Companies without a shop, and what they pay in at their banks.</summary>
sealed class SandboxBusinessesApi(
    OpenBusiness open, CreateShopAccount staff, Sessions sessions, SandboxGateways world, ReceiveDeposits receive)
{
    const int LongestPayer = 40;

    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxBusinessBody, SandboxBusinessAnswer>(
            "/businesses",
            new("makeBusiness", "A ready company without a shop, with two people.", Makes: true,
                new JsonObject { ["name"] = "天満印刷", ["balance"] = 500_000 }),
            (context, asked, ct) => Of(context).Add(asked, ct));
        api.Post<SandboxDepositBody, SandboxDepositAnswer>(
            "/bank/deposits",
            new("payIn", "Somebody pays in at the bank, to the number of a company's account; it is booked at once.", Makes: true,
                new JsonObject { ["number"] = "123456782", ["amount"] = 500_000, ["payer"] = "ﾃﾝﾏｲﾝｻﾂ" }),
            (context, asked, ct) => Of(context).PayIn(asked, ct));
    }

    static SandboxBusinessesApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxBusinessesApi>();

    async Task<SandboxAnswer<SandboxBusinessAnswer>> Add(SandboxBusinessBody asked, CancellationToken ct)
    {
        if (asked.Balance != 0 && !Movement.IsAmount(asked.Balance)) return new(null, "invalid_amount");
        MerchantId? merchant = asked.MerchantId is null ? null
            : Id.TryParse(asked.MerchantId, out MerchantId named) ? named : default(MerchantId);
        var opened = await open.Run(new OpenBusinessRequest(asked.Name, merchant), ct);
        if (!opened.Accepted) return new(null, "invalid_request");
        var business = opened.Value;
        if (asked.Balance > 0)
            await PayIn(new SandboxDepositBody(business.Number, asked.Balance), ct);
        return new(new SandboxBusinessAnswer(business.Id.ToString(), business.Number, business.Merchant.ToString(),
            await Person(business.Merchant, "大野 真", ct), await Person(business.Merchant, "平田 恵", ct)));
    }

    async Task<string> Person(MerchantId merchant, string name, CancellationToken ct)
    {
        var made = await staff.Run(merchant, name, ShopRole.Owner, [], ct);
        var session = await sessions.Open(
            Subject.ShopAccount(made.Value!.Account), "Sandbox", merchant, lasting: true, ct: ct);
        return session.Token;
    }

    async Task<SandboxAnswer<SandboxDepositAnswer>> PayIn(SandboxDepositBody asked, CancellationToken ct)
    {
        if (!Movement.IsAmount(asked.Amount)) return new(null, "invalid_amount");
        if (asked.Payer is { Length: > LongestPayer } || asked.Number.Length > LongestPayer || (asked.Payer + asked.Number).Contains('\0'))
            return new(null, "invalid_request");
        await world.Deposits.PayIn(asked.Number, asked.Amount.Yen(), asked.Payer ?? "ｻﾝﾄﾞﾎﾞﾂｸｽ", ct);
        await receive.Run(ct);
        return new(new SandboxDepositAnswer(asked.Number, asked.Amount));
    }
}
