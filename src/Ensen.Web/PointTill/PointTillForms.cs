using Ensen.Access;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Ui;
using Ensen.Wallet;
using Ensen.Web.Session;
using Ensen.Web.Observability;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Web.Counters;

/// <summary>
/// What the pages of a point till send. The centre's own number of its receipt makes a form one award or one spending however often it is
/// sent, and is what the staff ask by when nothing came back.
/// </summary>
static class PointTillForms
{
    const string Page = "/point-till";
    const long MostFileBytes = 16 * 1024 * 1024;

    /// <summary>The number of the centre that was last signed in here: its staff type the PIN only.</summary>
    public const string CentreNumber = "ensen-centre";

    /// <summary>What a form is sent back with when the amount was none; the words are <c>Fault_InvalidAmount</c>.</summary>
    const string InvalidAmount = nameof(AwardRefusal.InvalidAmount);

    const string OverMost = PointTillSays.OverMost;
    const string CustomerInReceipt = nameof(CustomerInReceipt);

    static readonly TimeSpan s_numberKept = TimeSpan.FromDays(400);

    public static void MapPointTill(this IEndpointRouteBuilder app)
    {
        var open = app.MapGroup("").AllowAnonymous();
        open.MapForm("/point-till/sign-in", SignIn);
        open.MapForm("/point-till/sign-in/token", SignInByToken);
        var till = app.MapGroup("").RequireAuthorization(Policies.PointTill).ExcludeFromDescription();
        till.MapForm("/point-till/sign-out", SignOut);
        till.MapForm("/point-till/award", Award).WithPriority(RequestPriority.Essential);
        till.MapForm("/point-till/spend", Spend).WithPriority(RequestPriority.Essential);
        till.MapGet("/point-till/asked", Ask).WithPriority(RequestPriority.Essential);
        till.MapForm("/point-till/cancel", Cancel).WithPriority(RequestPriority.Essential);
        till.MapForm("/point-till/files", SendFile).WithMetadata(new RequestSizeLimitAttribute(MostFileBytes));
    }

    static async Task<IResult> SignIn(
        HttpContext context, SignInPointTill signIn, KnownDevices known, [FromForm] string? number, [FromForm] string? pin,
        [FromForm] string? then, CancellationToken ct)
    {
        var answer = await signIn.Run(new PointTillSignInRequest(
            number ?? "", pin ?? "", RequestDevice.DeviceOf(context), RequestDevice.AddressOf(context), await known.Of(context, ct)), ct);
        if (!answer.Accepted)
            return Back(answer.Refusal.ToString(), number, then);
        await context.SignInWith(SubjectKind.PointTill, answer.Value.Token);
        context.Response.Cookies.Append(CentreNumber, answer.Value.Centre.Number, SessionCookies.Options(context, s_numberKept, Page));
        await known.Remember(context, answer.Value.Centre.Id, answer.Value.Session);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? Page : RequestDevice.Then(then));
    }

    /// <summary>The token that the centre was given is its till's session itself: signing out here ends it.</summary>
    static async Task<IResult> SignInByToken(
        HttpContext context, Sessions sessions, [FromForm] string? password, [FromForm] string? then, CancellationToken ct)
    {
        var token = password?.Trim();
        if (await sessions.Who(token, ct) is not { Kind: SubjectKind.PointTill })
            return Back("Token", null, then);
        await context.SignInWith(SubjectKind.PointTill, token!);
        return Results.LocalRedirect(string.IsNullOrEmpty(then) ? Page : RequestDevice.Then(then));
    }

    static IResult Back(string refused, string? number, string? then) => Results.LocalRedirect(
        $"{Page}/sign-in?refused={refused}&number={Uri.EscapeDataString(number ?? "")}&then={Uri.EscapeDataString(then ?? "")}");

    static async Task<IResult> SignOut(HttpContext context)
    {
        await context.SignOutOf(SubjectKind.PointTill);
        return Results.LocalRedirect($"{Page}/sign-in");
    }

    static Task<IResult> Award(
        HttpContext context, AwardPoints award, Programme programme, SentBack sentBack, [FromForm] string? amount, [FromForm] string? code,
        [FromForm] string? receipt) => Booked(context, receipt, async (centre, till, number) =>
    {
        if (!TypedAmount.TryRead(amount, out var yen))
            return Again(context, sentBack, IsTooMuch(amount) ? OverMost : InvalidAmount, isSpending: false);
        if (yen.Value > programme.Points.CentreMostYen)
            return Again(context, sentBack, OverMost, isSpending: false);
        if (CentreReceipt.EndsLikeACustomer(number, programme.Codes.Prefix))
            return Again(context, sentBack, CustomerInReceipt, isSpending: false);
        var answer = await award.Run(new AwardRequest(centre, till, code ?? "", yen, number, []), CancellationToken.None);
        if (answer.Value is not { } done)
            return Again(context, sentBack, answer.Refusal.ToString(), isSpending: false);
        return context.Answer(FormAnswer.Done(done.Points == PointAmount.Zero ? $"{Page}?told=none" : Done(number)));
    });

    static Task<IResult> Spend(
        HttpContext context, SpendPoints spend, Programme programme, SentBack sentBack, [FromForm] string? amount, [FromForm] string? code,
        [FromForm] string? receipt) => Booked(context, receipt, async (centre, till, number) =>
    {
        if (!TypedPoints.TryRead(amount, out var points))
            return Again(context, sentBack, IsTooMuch(amount) ? PointTillSays.TooMuch : InvalidAmount, isSpending: true);
        if (CentreReceipt.EndsLikeACustomer(number, programme.Codes.Prefix))
            return Again(context, sentBack, CustomerInReceipt, isSpending: true);
        var answer = await spend.Run(new SpendRequest(centre, till, code ?? "", points, number, []), CancellationToken.None);
        return answer.Accepted
            ? context.Answer(FormAnswer.Done(Done(number))) : Again(context, sentBack, answer.Refusal.ToString(), isSpending: true);
    });

    static Task<IResult> Cancel(HttpContext context, CancelPoints cancel, [FromForm] string? receipt) =>
        Booked(context, receipt, async (centre, till, number) =>
        {
            var answer = await cancel.Run(new CancelRequest(centre, till, number, []), CancellationToken.None);
            return Results.LocalRedirect(Receipt(number) + (answer.Accepted ? "" : $"&refused={answer.Refusal}"));
        });

    /// <summary>
    /// What left the page arrives: a browser that goes away undoes nothing half-way. Where nobody knows what became of it, the page asks by
    /// the receipt; where nothing of it was taken, the page says so.
    /// </summary>
    static async Task<IResult> Booked(
        HttpContext context, string? receipt, Func<CentreId, PointTillId, string, Task<IResult>> book)
    {
        var number = receipt?.Trim() ?? "";
        try
        {
            return await book(context.PointTillCentreId(), new PointTillId(context.Caller().Id), number);
        }
        catch (LedgerBusyException) when (!context.IsScript())
        {
            throw;
        }
        catch (Exception e) when (e is LedgerUnavailableException || TransientFailure.Is(e))
        {
            return context.Answer(FormAnswer.Checking, Receipt(number) + "&checking=1");
        }
    }

    static string Done(string receipt) => $"{Page}?receipt={Uri.EscapeDataString(receipt)}";

    static string Receipt(string receipt) => $"{Page}/receipt?number={Uri.EscapeDataString(receipt)}";

    /// <summary>What became of a receipt whose answer did not come; 404 while nothing of it is known.</summary>
    static async Task<IResult> Ask(HttpContext context, string? receipt, PointReceipts receipts, CancellationToken ct)
    {
        var number = receipt?.Trim();
        return CentreReceipt.IsFine(number) && await receipts.Find(context.PointTillCentreId(), number, ct) is not null
            ? Results.Json(FormAnswer.Done(Receipt(number))) : Results.NotFound();
    }

    static bool IsTooMuch(string? typed) => TypedDigits.TryWhole(typed, out var number) && number > Movement.Most;

    static IResult Again(HttpContext context, SentBack sentBack, string refused, bool isSpending) => context.Answer(
        FormAnswer.Refused(context.RequestServices.GetRequiredService<PointTillSays>().Fault(refused)),
        sentBack.Address(context, Page, ("refused", refused), ("do", isSpending ? "spend" : "award")));

    static async Task<IResult> SendFile(HttpContext context, TakePointFile take, CancellationToken ct)
    {
        if (context.Request.Form.Files.GetFile("file") is not { Length: > 0 and <= MostFileBytes } file)
            return Results.LocalRedirect($"{Page}/files?told=none");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        var taken = await take.Run(
            context.PointTillCentreId(), new PointTillId(context.Caller().Id), bytes.ToArray(), CancellationToken.None);
        return Results.LocalRedirect($"{Page}/files?file={taken.Id}");
    }
}
