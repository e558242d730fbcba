using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Schedule;
using Ensen.Wallet;
using Ensen.Web.Watching;

namespace Ensen.Web.Api;

sealed record SandboxMemberBody(string Name, bool Verified = true, [property: JsonConverter(typeof(WholeAmount))] long Balance = 0);

sealed record SandboxMemberAnswer(string MemberId, string Token);

sealed record SandboxStoreBody(string Name, string? Area = null);

sealed record SandboxStoreAnswer(
    string MerchantId, string StoreId, string TagId, string TagUrl, string Qr, string TillToken, string MerchantToken);

sealed record ClockBody(string? Advance = null, string? Now = null);

sealed record ClockAnswer(DateTimeOffset Now);

/// <summary>Ready members and stores, and the clock: only where the sandbox is on.</summary>
static partial class SandboxApi
{
    const long MostBalance = 1_000_000;

    public static void Map(RouteGroupBuilder api)
    {
        var sandbox = api.MapGroup("/sandbox").AllowAnonymous();
        sandbox.MapPost("/members", AddMember).Matters(Importance.CanWait)
            .Named("makeMember", "A ready member for trying things out.")
            .Produces<SandboxMemberAnswer>(201).Refuses(400);
        sandbox.MapPost("/stores", AddStore).Matters(Importance.CanWait)
            .Named("makeStore", "A ready store with a tag, a till and a merchant.")
            .Produces<SandboxStoreAnswer>(201).Refuses(400);
        sandbox.MapGet("/clock", (MoveClock clock) => Results.Ok(Time(clock.Now)))
            .Named("readClock", "The sandbox's time.")
            .Produces<ClockAnswer>();
        sandbox.MapPost("/clock", Move)
            .Named("moveClock", "Moves time forward: by a duration, or up to an instant. Answers after everything that fell due has run.")
            .Produces<ClockAnswer>().Refuses(400);
    }

    static async Task<IResult> AddMember(Body<SandboxMemberBody> body, Admit admit, Sessions sessions, SandboxDeposit deposit, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (asked.Balance is < 0 or > MostBalance) return new Problem("invalid_amount");
        var member = await admit.Run(new AdmitRequest(asked.Name, asked.Verified), ct);
        if (!member.Accepted) return new Problem("invalid_request");
        if (asked.Balance > 0 && !(await deposit.Run(member.Value.Id, asked.Balance.Yen(), ct)).Accepted) return new Problem("invalid_amount");
        var session = await sessions.Open(SessionKind.Member, member.Value.Id, "Sandbox", lasting: true, ct: ct);
        return Results.Created((string?)null, new SandboxMemberAnswer(Id.Format(Id.Member, member.Value.Id), session.Token));
    }

    static async Task<IResult> AddStore(HttpContext context, Body<SandboxStoreBody> body, Open open, Sessions sessions, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var opened = await open.Run(new OpenRequest(asked.Name, asked.Name, asked.Area ?? ""), ct);
        if (!opened.Accepted) return new Problem("invalid_request");
        var (store, tag) = (opened.Value.Store, Id.Format(Id.Tag, opened.Value.TagId));
        var till = await sessions.Open(SessionKind.Till, store.Id, "Sandbox", opened.Value.TillId, lasting: true, ct: ct);
        var merchant = await sessions.Open(SessionKind.Merchant, store.Merchant, "Sandbox", lasting: true, ct: ct);
        return Results.Created((string?)null, new SandboxStoreAnswer(
            Id.Format(Id.Merchant, store.Merchant), Id.Format(Id.Store, store.Id), tag,
            $"{context.Request.Scheme}://{context.Request.Host}/t/{tag}", MeetStore.PrintedCode(store), till.Token, merchant.Token));
    }

    static async Task<IResult> Move(Body<ClockBody> body, MoveClock clock, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        if (Forward(asked, clock.Now.Now) is not { } by) return new Problem("invalid_request");
        var moved = await clock.Run(by, ct);
        return moved.Accepted ? Results.Ok(Time(moved.Value)) : Problem.Of(moved.Refusal);
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

    static ClockAnswer Time(ClockTime time) => new(BusinessDay.InTokyo(time.Now));
}
