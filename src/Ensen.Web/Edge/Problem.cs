using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Ensen.Access;
using Ensen.Members;
using Ensen.Ui;
using Ensen.Web.Session;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>
/// An error as RFC 9457 problem details: the code is stable, the detail is for people in their language. <paramref name="Errors"/>: which
/// fields of the body are wrong, where it is the fields.
/// </summary>
sealed record ProblemAnswer(string Type, string Title, int Status, string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemField>? Errors = null);

/// <summary>One field that is wrong: a pointer into the body (RFC 6901), as a fragment.</summary>
sealed record ProblemField(string Pointer);

/// <summary>The contract's errors: a code says the status, and a refusal's name says the code.</summary>
/// <param name="also">What is said behind the text of the code, where there is more to say of this case.</param>
/// <param name="told">What is said in place of the text of the code, where that is about something else than this case.</param>
/// <param name="fields">The fields of the body that are wrong.</param>
sealed class Problem(string code, TimeSpan? retryAfter = null, int? status = null, string? also = null,
    Func<IServiceProvider, string>? told = null, IReadOnlyList<string>? fields = null) : IResult, IStatusCodeHttpResult
{
    static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        ["invalid_request"] = 400,
        ["invalid_amount"] = 400,
        ["invalid_code"] = 400,
        ["wrong_code"] = 400,
        ["key_required"] = 400,
        ["invalid_name"] = 400,
        ["invalid_kana"] = 400,
        ["invalid_birth_date"] = 400,
        ["invalid_address"] = 400,
        ["invalid_image"] = 400,
        ["invalid_account"] = 400,
        ["unauthenticated"] = 401,
        ["step_up_required"] = 401,
        ["forbidden"] = 403,
        ["same_person"] = 403,
        ["not_found"] = 404,
        ["code_used"] = 409,
        ["in_progress"] = 409,
        ["order_conflict"] = 409,
        ["already_registered"] = 409,
        ["already_verified"] = 409,
        ["already_linked"] = 409,
        ["not_detachable"] = 409,
        ["cannot_leave"] = 409,
        ["held"] = 409,
        ["out_of_stock"] = 409,
        ["already_decided"] = 409,
        ["dry_run_needed"] = 409,
        ["code_expired"] = 410,
        ["tag_revoked"] = 410,
        ["lapsed"] = 410,
        ["insufficient_balance"] = 422,
        ["insufficient_points"] = 422,
        ["over_limit"] = 422,
        ["split_mismatch"] = 422,
        ["key_reused"] = 422,
        ["not_refundable"] = 422,
        ["member_left"] = 422,
        ["not_verified"] = 422,
        ["not_eligible"] = 422,
        ["budget_spent"] = 422,
        ["card_refused"] = 422,
        ["not_available"] = 422,
        ["different_person"] = 422,
        ["no_bank_account"] = 422,
        ["method_ended"] = 422,
        ["holder_mismatch"] = 422,
        ["account_refused"] = 422,
        ["frozen"] = 423,
        ["too_many_requests"] = 429,
        ["try_again"] = 503,
    }.ToFrozenDictionary();

    public const string StepUp = "step_up_required";

    public static IReadOnlyCollection<string> Codes => Statuses.Keys;

    public int? StatusCode => status ?? Statuses[code];

    /// <summary>
    /// Whoever is signed in has to prove who they are, for this once. At a till, where the PIN is typed with the refund itself, it is 401.
    /// </summary>
    public static Problem StepUpRequired => new(StepUp, status: StatusCodes.Status403Forbidden);

    /// <summary>The body cannot be taken as it is, because of these fields; none where no field can be named.</summary>
    public static Problem Invalid(params IReadOnlyList<string> fields) => new("invalid_request", fields: fields.Count == 0 ? null : fields);

    /// <summary>
    /// An address with a password that does not open it, or a code that is wrong: the same whatever was wrong, and no word of signing in
    /// first, for that was tried.
    /// </summary>
    public static Problem NotSignedIn { get; } = new("unauthenticated", told: In<JoinWords>("NotSignedIn"));

    /// <inheritdoc cref="NotSignedIn"/>
    public static Problem WrongCode { get; } = new("unauthenticated", told: In<JoinWords>("WrongCode"));

    /// <summary>A link out of a mail does nothing (any more): the code of the refusal, and words of links.</summary>
    public static Problem OfLink(ConfirmMailRefusal refusal) => new(Code(refusal.ToString()), told: In<JoinWords>("Link_" + refusal));

    /// <summary>A campaign that asks for no entry, or for a verified member: the code has other words at a point till.</summary>
    public static Problem NotForYou { get; } = new("not_eligible", told: In<MemberWords>("CampaignNotForYou"));

    /// <summary>A number that is none of those that can be: the bounds of this case are named.</summary>
    public static Problem NotBetween(long least, long most) => new("invalid_amount", told: services =>
        services.GetRequiredService<IStringLocalizer<Words>>()["AmountBetween",
            least.ToString("#,0", CultureInfo.InvariantCulture), most.ToString("#,0", CultureInfo.InvariantCulture)]);

    /// <summary>A receipt of a shopping centre that ends in the number of the customer.</summary>
    public static Problem CustomerInReceipt { get; } =
        new("invalid_request", told: In<PointTillWords>("Fault_CustomerInReceipt"), fields: ["receipt"]);

    static Func<IServiceProvider, string> In<TArea>(string key) =>
        services => services.GetRequiredService<IStringLocalizer<TArea>>()[key].Value;

    /// <summary>Whether the code may come with this status.</summary>
    public static bool Comes(string code, int status) => Statuses[code] == status || code == StepUp && status == 403;

    /// <summary>The problem that a feature's refusal stands for: <c>InsufficientBalance</c> is <c>insufficient_balance</c>.</summary>
    public static Problem Of<TRefusal>(TRefusal refusal, TimeSpan? retryAfter = null)
        where TRefusal : struct, Enum => new(Code(refusal.ToString()), retryAfter);

    /// <summary>What was moved is above a cap: where low caps hold, the member is told why and until when.</summary>
    public static async Task<Problem> OverLimit(HttpContext http, CancellationToken ct)
    {
        var services = http.RequestServices;
        var low = await services.GetRequiredService<LowCaps>().Find(http.MemberId(), ct);
        return new Problem("over_limit", also: low is null ? null : services.GetRequiredService<LowCapsTold>().Of(low));
    }

    /// <summary>The code of a refusal's name.</summary>
    public static string Code(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        Observability.WebMeter.Answered(code);
        var answered = StatusCode!.Value;
        var refusals = httpContext.RequestServices.GetRequiredService<Refusals>();
        var detail = told?.Invoke(httpContext.RequestServices) ?? (IsTill(httpContext) ? refusals.AtTill(code) : refusals.Of(code));
        if (fields is not null)
            detail = $"{detail} {httpContext.RequestServices.GetRequiredService<IStringLocalizer<Words>>()["FieldsToCheck", string.Join(", ", fields)]}";
        if (also is not null && detail is not null)
            detail = $"{detail} {also}";
        httpContext.Response.StatusCode = answered;
        if (retryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return httpContext.Response.WriteAsJsonAsync(
            new ProblemAnswer($"https://ensen.example/problems/{code}", code.Replace('_', ' '), answered, code, detail,
                fields?.Select(field => new ProblemField($"#/{field}")).ToList()),
            EdgeJson.Default.ProblemAnswer, "application/problem+json");
    }

    /// <summary>The staff read what a till's program was told, so it is told in their words.</summary>
    static bool IsTill(HttpContext context) => context.User.Identities.OfType<CallerIdentity>().Any(
        i => i.Caller.Kind is SubjectKind.Till or SubjectKind.PointTill);
}
