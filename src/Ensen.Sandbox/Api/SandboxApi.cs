using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox.Gateways;
using Ensen.Staff;
using Ensen.Ui;
using Ensen.Wallet;

namespace Ensen.Sandbox.Api;

/// <summary>
/// <paramref name="Kana"/> and <paramref name="BornOn"/>: what the papers of a verified member say. Where no kana is given and the name has
/// none, the papers have none either: the sandbox's bank alone says whose an account is.
/// </summary>
sealed record SandboxMemberBody(string Name, bool Verified = true, [property: JsonConverter(typeof(WholeAmount))] long Balance = 0,
    string? Kana = null, string? BornOn = null);

sealed record SandboxMemberAnswer(string MemberId, string Token, string Email, string Telephone, string Password);

/// <summary><paramref name="PaidOut"/>: its merchant has a bank account to which it is paid.</summary>
sealed record SandboxStoreBody(string Name, string? Area = null, bool PaidOut = true);

sealed record SandboxStoreAnswer(
    string MerchantId, string StoreId, string TagId, string TagUrl, string Qr, string TillToken, string MerchantToken);

/// <summary>
/// <paramref name="Role"/>: owner, manager or clerk. <paramref name="StoreIds"/>: which stores a manager or a clerk sees.
/// <paramref name="Invited"/>: a link is answered instead of a token, and the account begins by it.
/// </summary>
sealed record SandboxShopAccountBody(
    string MerchantId, string Name, string Role, IReadOnlyList<string>? StoreIds = null, bool Invited = false);

sealed record SandboxShopAccountAnswer(string AccountId, string? Token, string? Link);

sealed record SandboxCallBody(string? From, string To);

sealed record SandboxCallAnswer(bool Matched);

/// <summary>Roles by their names; all of them where none is given.</summary>
sealed record SandboxOperatorBody(string Name, IReadOnlyList<string>? Roles = null);

sealed record SandboxOperatorAnswer(string OperatorId, string Token);

sealed record SandboxMailItem(string Subject, string Body, DateTimeOffset At);

sealed record SandboxMailAnswer(IReadOnlyList<SandboxMailItem> Items);

sealed record ClockBody(string? Advance = null, string? Now = null);

sealed record ClockAnswer(DateTimeOffset Now);

[JsonSerializable(typeof(SandboxMemberBody))]
[JsonSerializable(typeof(SandboxMemberAnswer))]
[JsonSerializable(typeof(SandboxStoreBody))]
[JsonSerializable(typeof(SandboxStoreAnswer))]
[JsonSerializable(typeof(SandboxCallBody))]
[JsonSerializable(typeof(SandboxCallAnswer))]
[JsonSerializable(typeof(SandboxOperatorBody))]
[JsonSerializable(typeof(SandboxOperatorAnswer))]
[JsonSerializable(typeof(SandboxShopAccountBody))]
[JsonSerializable(typeof(SandboxShopAccountAnswer))]
[JsonSerializable(typeof(SandboxMailAnswer))]
[JsonSerializable(typeof(ClockBody))]
[JsonSerializable(typeof(ClockAnswer))]
[JsonSerializable(typeof(SandboxCentreBody))]
[JsonSerializable(typeof(SandboxCentreAnswer))]
[JsonSerializable(typeof(SandboxPointCardBody))]
[JsonSerializable(typeof(SandboxPointCardAnswer))]
[JsonSerializable(typeof(SandboxPointCardEventBody))]
[JsonSerializable(typeof(SandboxPointCardEventAnswer))]
[JsonSerializable(typeof(SandboxReaderBody))]
[JsonSerializable(typeof(SandboxReaderAnswer))]
[JsonSerializable(typeof(SandboxReportBody))]
[JsonSerializable(typeof(SandboxReportAnswer))]
[JsonSerializable(typeof(SandboxPicturesBody))]
[JsonSerializable(typeof(SandboxPicturesAnswer))]
[JsonSerializable(typeof(SandboxRewardBody))]
[JsonSerializable(typeof(SandboxRewardAnswer))]
[JsonSerializable(typeof(SandboxRewardUseBody))]
[JsonSerializable(typeof(SandboxRewardUseAnswer))]
[JsonSerializable(typeof(SandboxPartnerBody))]
[JsonSerializable(typeof(SandboxPartnerAnswer))]
[JsonSerializable(typeof(SandboxTransitCardBody))]
[JsonSerializable(typeof(SandboxTransitCardAnswer))]
[JsonSerializable(typeof(SandboxRidesBody))]
[JsonSerializable(typeof(SandboxRidesAnswer))]
[JsonSerializable(typeof(SandboxGatesAnswer))]
[JsonSerializable(typeof(SandboxGateBody))]
[JsonSerializable(typeof(SandboxGateCaseBody))]
[JsonSerializable(typeof(SandboxGateAnswer))]
[JsonSerializable(typeof(SandboxCreditCardBody))]
[JsonSerializable(typeof(SandboxCreditCardAnswer))]
[JsonSerializable(typeof(SandboxPurchasesBody))]
[JsonSerializable(typeof(SandboxPurchasesAnswer))]
[JsonSerializable(typeof(SandboxPayOutAccountBody))]
[JsonSerializable(typeof(SandboxPayOutAccountAnswer))]
[JsonSerializable(typeof(SandboxBankAnswerBody))]
[JsonSerializable(typeof(SandboxBankAnswerAnswer))]
[JsonSerializable(typeof(SandboxStatementAnswer))]
[JsonSerializable(typeof(SandboxBusinessBody))]
[JsonSerializable(typeof(SandboxBusinessAnswer))]
[JsonSerializable(typeof(SandboxDepositBody))]
[JsonSerializable(typeof(SandboxDepositAnswer))]
sealed partial class SandboxJson : JsonSerializerContext;

/// <summary>Ready members and stores, and the clock, for programs.</summary>
sealed partial class SandboxApi(CreateVerifiedMember admit, OpenStore open, CreateOperator employ, CreateShopAccount staff,
    InviteToShop invite, Sessions sessions,
    SandboxDeposit deposit, MoveClock clock, SandboxGateways world, HearCall hear, SandboxPayOutAccounts payOuts, TimeProvider time)
{
    const long MostBalance = 1_000_000;
    const int MostMails = 100;

    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxMemberBody, SandboxMemberAnswer>(
            "/members",
            new("makeMember", "A ready member for trying things out.", Makes: true,
                new JsonObject { ["name"] = "Aoi", ["verified"] = true, ["balance"] = 20_000 }),
            (context, asked, ct) => Of(context).AddMember(asked, ct));
        api.Post<SandboxStoreBody, SandboxStoreAnswer>(
            "/stores",
            new("makeStore", "A ready store with a tag, a till and a merchant.", Makes: true,
                new JsonObject { ["name"] = "パン工房つるはし", ["area"] = "鶴橋" }),
            (context, asked, ct) => Of(context).AddStore(context.Request, asked, ct));
        api.Post<SandboxCallBody, SandboxCallAnswer>(
            "/calls",
            new("callNumber", "A telephone calls a number; from null, its own is withheld. Matched: a challenge waited for that call.",
                Example: new JsonObject { ["from"] = "+819012345678", ["to"] = "+815000000101" }),
            (context, asked, ct) => Of(context).Call(asked, ct));
        api.Post<SandboxOperatorBody, SandboxOperatorAnswer>(
            "/operators",
            new("makeOperator", "A ready operator, each time another person.", Makes: true,
                new JsonObject { ["name"] = "鈴木 一郎", ["roles"] = new JsonArray("support", "security") }),
            (context, asked, ct) => Of(context).AddOperator(asked, ct));
        api.Post<SandboxShopAccountBody, SandboxShopAccountAnswer>(
            "/shop-accounts",
            new("makeShopAccount", "Somebody who works for a merchant: an owner, a manager or a clerk, signed in, or with a link.",
                Makes: true,
                new JsonObject
                {
                    ["merchantId"] = "mer_00000000000000000000000001",
                    ["name"] = "森 花",
                    ["role"] = "clerk",
                    ["storeIds"] = new JsonArray("str_00000000000000000000000001"),
                }),
            (context, asked, ct) => Of(context).AddShopAccount(context.Request, asked, ct));
        api.Get(
            "/mail",
            new("readMail", "The mail that came to the address that `to` says, the newest first; without it everybody's."),
            async (context, ct) => await Of(context).ReadMail(context.Request.Query["to"], ct));
        SandboxIdentityApi.Map(api);
        SandboxCentresApi.Map(api);
        SandboxRewardsApi.Map(api);
        SandboxTransitApi.Map(api);
        SandboxGatesApi.Map(api);
        SandboxCreditCardsApi.Map(api);
        SandboxPointCardsApi.Map(api);
        SandboxPayOutsApi.Map(api);
        SandboxBusinessesApi.Map(api);
        api.Get("/clock", new("readClock", "The sandbox's time."), context => Of(context).Read());
        api.Post<ClockBody, ClockAnswer>(
            "/clock",
            new("moveClock", "Moves time forward: by a duration, or up to an instant. Answers after everything that fell due has run.",
                Example: new JsonObject { ["advance"] = "P1D" }),
            (context, asked, ct) => Of(context).Move(asked, ct));
    }

    static SandboxApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxApi>();

    async Task<SandboxMailAnswer> ReadMail(string? to, CancellationToken ct) => new(
        [.. (await world.Mail.Latest(MostMails, string.IsNullOrEmpty(to) ? null : to, ct))
            .Select(m => new SandboxMailItem(m.Subject, m.Body, JapanDay.InTokyo(m.At)))]);

    async Task<SandboxAnswer<SandboxMemberAnswer>> AddMember(SandboxMemberBody asked, CancellationToken ct)
    {
        if (asked.Balance is < 0 or > MostBalance) return new(null, "invalid_amount");
        var papers = SandboxPapers.Draw();
        var details = asked.Verified ? SandboxPapers.Details(asked.Name, asked.Kana, asked.BornOn) : null;
        if (details is not null && PersonalDetails.Faults(details, JapanDay.Of(time.GetUtcNow())).Any(
            fault => fault != DetailsFault.InvalidKana || asked.Kana is not null))
            return new(null, "invalid_request");
        var member = await admit.Run(new CreateVerifiedMemberRequest(
            asked.Name, asked.Verified, papers.Email, papers.Telephone, papers.PasswordHash, Details: details), ct);
        if (!member.Accepted) return new(null, "invalid_request");
        if (asked.Balance > 0 && !(await deposit.Run(member.Value.Id, asked.Balance.Yen(), ct)).Accepted)
            return new(null, "invalid_amount");
        var session = await sessions.Open(Subject.Member(member.Value.Id), "Sandbox", lasting: true, ct: ct);
        return new(new SandboxMemberAnswer(
            member.Value.Id.ToString(), session.Token, papers.Email, papers.Telephone, papers.Password));
    }

    async Task<SandboxAnswer<SandboxStoreAnswer>> AddStore(HttpRequest request, SandboxStoreBody asked, CancellationToken ct)
    {
        var opened = await open.Run(new OpenStoreRequest(asked.Name, asked.Name, asked.Area ?? ""), ct);
        if (!opened.Accepted) return new(null, "invalid_request");
        var (store, tag) = (opened.Value.Store, opened.Value.TagId.ToString());
        if (asked.PaidOut)
            await payOuts.MakeUp(store.Merchant, ct);
        var till = await sessions.Open(Subject.Till(opened.Value.TillId), "Sandbox", store.Id, lasting: true, ct: ct);
        var merchant = await sessions.Open(Subject.Merchant(store.Merchant), "Sandbox", lasting: true, ct: ct);
        return new(new SandboxStoreAnswer(
            store.Merchant.ToString(), store.Id.ToString(), tag,
            $"{request.Scheme}://{request.Host}/t/{tag}", ResolvePayee.PrintedCode(store), till.Token, merchant.Token));
    }

    async Task<SandboxAnswer<SandboxShopAccountAnswer>> AddShopAccount(
        HttpRequest request, SandboxShopAccountBody asked, CancellationToken ct)
    {
        if (!Id.TryParse(asked.MerchantId, out MerchantId merchant) || ShopRoles.Read(asked.Role) is not { } role)
            return new(null, "invalid_request");
        var stores = (asked.StoreIds ?? []).Select(text => Id.TryParse(text, out StoreId id) ? id : default).ToList();
        var made = asked.Invited
            ? await invite.Run(new InviteToShopRequest(new ActingShop(merchant, null), asked.Name, role, stores), ct)
            : await staff.Run(merchant, asked.Name, role, stores, ct);
        if (!made.Accepted) return new(null, "invalid_request");
        if (asked.Invited)
            return new(new SandboxShopAccountAnswer(
                made.Value.Account.ToString(), null, $"{request.Scheme}://{request.Host}/shop/join/{made.Value.Token}"));
        var session = await sessions.Open(Subject.ShopAccount(made.Value.Account), "Sandbox", merchant, lasting: true, ct: ct);
        return new(new SandboxShopAccountAnswer(made.Value.Account.ToString(), session.Token, null));
    }

    async Task<SandboxAnswer<SandboxCallAnswer>> Call(SandboxCallBody asked, CancellationToken ct) =>
        new(new SandboxCallAnswer(await world.Telephone.Call(hear, asked.From, asked.To, time, ct)));

    async Task<SandboxAnswer<SandboxOperatorAnswer>> AddOperator(SandboxOperatorBody asked, CancellationToken ct)
    {
        if ((asked.Roles is null ? RoleNames.All : RoleNames.Read(asked.Roles)) is not { } roles) return new(null, "invalid_request");
        var made = await employ.Run(new CreateOperatorRequest(asked.Name, $"sandbox-{Guid.NewGuid().ToString("N")[..16]}", roles), ct);
        if (!made.Accepted) return new(null, "invalid_request");
        var session = await sessions.Open(Subject.Operator(made.Value.Account), "Sandbox", lasting: true, ct: ct);
        return new(new SandboxOperatorAnswer(made.Value.Account.ToString(), session.Token));
    }

    ClockAnswer Read() => Time(clock.Now);

    async Task<SandboxAnswer<ClockAnswer>> Move(ClockBody asked, CancellationToken ct)
    {
        if (Forward(asked, clock.Now.Now) is not { } by) return new(null, "invalid_request");
        var moved = await clock.Run(by, ct);
        return moved.Accepted ? new(Time(moved.Value)) : new(null, "invalid_request");
    }

    /// <summary>How far: an ISO 8601 duration, or up to an instant. Null when it is neither, or both.</summary>
    static TimeSpan? Forward(ClockBody asked, DateTimeOffset now)
    {
        try
        {
            return asked switch
            {
                { Advance: { } duration, Now: null } => XmlConvert.ToTimeSpan(duration),
                { Advance: null, Now: { } instant } when WithOffset().IsMatch(instant) => XmlConvert.ToDateTimeOffset(instant) - now,
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>RFC 3339: date, time and offset, each in full.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex WithOffset();

    static ClockAnswer Time(ClockTime time) => new(JapanDay.InTokyo(time.Now));
}
