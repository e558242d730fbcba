using System.Globalization;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Requests;
using Ensen.Storage;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Members;

/// <summary>Asking for money, splitting a bill, and what the two parties of a request do with it.</summary>
static class RequestForms
{
    /// <summary>So many rows the form of a split has, and so many more are added at once, up to the most that can be asked.</summary>
    public const int Rows = 6;

    const string Page = "/requests";

    public static void Map(IEndpointRouteBuilder member)
    {
        member.MapForm("/requests/new", Ask);
        member.MapForm("/requests/split", Split);
        member.MapForm("/requests/split/more", More);
        member.MapForm("/requests/pay", Pay).NeedsDevice(Spending.Requests);
        member.MapForm("/requests/end", End);
        member.MapForm("/requests/remind", Remind);
    }

    /// <summary>After a proof, where the browser could not sign: the form as it was is there again.</summary>
    public static IReadOnlyList<StepUpAct> Acts { get; } =
    [
        new(Spending.Requests, Page, (_, typed, _) => Task.FromResult(Results.LocalRedirect(Of(typed.GetValueOrDefault("request"))))),
    ];

    static async Task<IResult> Ask(
        HttpContext http, [FromForm] string? intent, [FromForm] string? from, [FromForm] string? amount, [FromForm] string? note,
        AskForMoney ask, Receivers receivers, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        IResult Again(string fault) => Results.LocalRedirect(
            sentBack.Address(http, Page + "/new", ("fault", fault), ("intent", Id.New(clock).ToString())));
        if (!FormInput.TryIntent(intent, out var key)) return Again("invalid_request");
        if (!TypedAmount.TryRead(amount, out var yen)) return Again("AmountMissing");
        if (!NoteText.IsFine(note?.Trim(), AskForMoney.LongestNote)) return Again("NoteFault");
        var (asked, fault) = await Whom(http, from, receivers, ct);
        if (asked is not { } member) return Again(fault!);
        var (me, text) = (http.MemberId(), Text(note));
        var answer = await ask.Run(new AskForMoneyRequest(me, [new Share(member, yen)], null, Yen.Zero, text,
            IdempotencyKey.Of(me, key, "page request", member, yen.Value, text)), ct);
        return answer.Accepted ? Results.LocalRedirect(Of(answer.Value.Requests[0].Id.ToString()))
            : Again(Problem.Code(answer.Refusal.ToString()));
    }

    static async Task<IResult> Split(
        HttpContext http, [FromForm] string? intent, [FromForm] string? total, [FromForm] string? own, [FromForm] string? note,
        AskForMoney ask, Receivers receivers, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        IResult Again(string fault, string field = "") => Results.LocalRedirect(
            sentBack.Address(http, Page + "/split", ("fault", fault), ("field", field), ("intent", Id.New(clock).ToString())));
        if (!FormInput.TryIntent(intent, out var key)) return Again("invalid_request");
        if (!TypedAmount.TryRead(total, out var bill)) return Again("AmountMissing", "total");
        if (!NoteText.IsFine(note?.Trim(), AskForMoney.LongestNote)) return Again("NoteFault");
        var shares = new List<Share>();
        for (var row = 0; row < AskForMoney.MostShares; row++)
        {
            var (from, amount) = (http.Request.Form[$"from{row}"].ToString(), http.Request.Form[$"amount{row}"].ToString());
            if (from.Trim().Length == 0 && amount.Trim().Length == 0)
                continue;
            if (!TypedAmount.TryRead(amount, out var yen)) return Again("AmountMissing", $"amount{row}");
            var (asked, fault) = await Whom(http, from, receivers, ct);
            if (asked is not { } member) return Again(fault!, $"from{row}");
            shares.Add(new Share(member, yen));
        }
        if (shares.Count == 0) return Again("AskNobody");
        var others = shares.Sum(s => s.Amount);
        // Left empty, one's own share is what is left.
        if (!TryOwn(own, bill, others, out var mine)) return Again(others > bill ? "split_mismatch" : "AmountMissing");
        var (me, text) = (http.MemberId(), Text(note));
        var once = IdempotencyKey.Of(me, key, ["page split", bill.Value, mine.Value, text, .. shares.SelectMany(
            s => new object?[] { s.From, s.Amount.Value })]);
        var answer = await ask.Run(new AskForMoneyRequest(me, shares, bill, mine, text, once), ct);
        return answer.Accepted ? Results.LocalRedirect($"{Page}/splits/{answer.Value.Split}")
            : Again(Problem.Code(answer.Refusal.ToString()));
    }

    /// <summary>How many rows a form has that came back with this; as many as there are where it says nothing.</summary>
    public static int RowsOf(string? text) => TypedDigits.TryWhole(text, out var rows)
        ? (int)Math.Clamp(rows, Rows, AskForMoney.MostShares) : Rows;

    /// <summary>The same form again, with more rows.</summary>
    static IResult More(HttpContext http, [FromForm] string? rows, SentBack sentBack) => Results.LocalRedirect(
        sentBack.Address(http, Page + "/split",
            ("rows", Math.Min(RowsOf(rows) + Rows, AskForMoney.MostShares).ToString(CultureInfo.InvariantCulture))) + "#more");

    static bool TryOwn(string? typed, Yen bill, Yen others, out Yen own)
    {
        own = bill - others;
        if (string.IsNullOrWhiteSpace(typed))
            return own >= Yen.Zero;
        if (!TypedDigits.TryWhole(typed, out var yen))
            return false;
        own = new Yen(yen);
        return true;
    }

    static async Task<IResult> Pay(HttpContext http, [FromForm] string? intent, [FromForm] string? request, PayMoneyRequest pay,
        MemberDirectory directory, Intents intents, SentBack sentBack, TimeProvider clock, CancellationToken ct)
    {
        if (!FormInput.TryIntent(intent, out var key) || !Id.TryParse(request, out MoneyRequestId id))
            return http.Answer(FormAnswer.RefusedAt(Page));
        var payer = await http.Payer(directory, ct);
        Answer<Transferred, PayMoneyRequestRefusal> answer;
        try
        {
            answer = await pay.Run(payer, id, [IdempotencyKey.Of(payer.MemberId, key, "page pay request", id)], ct);
        }
        catch (Exception e) when (Intents.IsUnknown(e))
        {
            return intents.Unknown(http, IntentKind.Request, intent!, id);
        }
        return http.Answer(answer.Accepted
            ? FormAnswer.Done($"/send/done/{answer.Value.TransferId}")
            // The next try is another payment: this one's answer is remembered.
            : FormAnswer.RefusedAt(sentBack.Address(http, Of(request), ("fault", answer.Refusal.ToString()),
                ("intent", Id.New(clock).ToString()))));
    }

    static async Task<IResult> End(HttpContext http, [FromForm] string? request, [FromForm] string? how, CloseMoneyRequest close,
        CancellationToken ct)
    {
        if (Id.TryParse(request, out MoneyRequestId id))
            await close.Run(http.MemberId(), id, how == "withdraw" ? MoneyRequestState.Withdrawn : MoneyRequestState.Declined, ct);
        return Results.LocalRedirect(Of(request));
    }

    static async Task<IResult> Remind(HttpContext http, [FromForm] string? request, RemindOfMoneyRequest remind, CancellationToken ct)
    {
        var told = Id.TryParse(request, out MoneyRequestId id) && (await remind.Run(http.MemberId(), id, ct)).Accepted;
        return Results.LocalRedirect(Of(request) + (told ? "?told=reminded" : ""));
    }

    static async Task<(MemberId? Member, string? Fault)> Whom(HttpContext http, string? typed, Receivers receivers, CancellationToken ct)
    {
        var found = await receivers.MayLook(http.MemberId(), ct) ? await receivers.Find(typed, ct) : null;
        return found?.Id == http.MemberId() ? (null, "AskMyself") : found is { Verified: true } ? (found.Id, null) : (null, "AskNobody");
    }

    static string? Text(string? note) => note?.Trim() is { Length: > 0 } written ? written : null;

    static string Of(string? request) => Id.TryParse(request, out MoneyRequestId id) ? $"{Page}/{id}" : Page;
}
