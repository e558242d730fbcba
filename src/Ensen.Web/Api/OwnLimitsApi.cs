using System.Text.Json;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

/// <summary>The caps a member wants: each a number, or null for as much as the programme allows.</summary>
sealed record OwnLimitsBody(
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerPayment,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerDay,
    [property: JsonConverter(typeof(WholeAmountOrNull))] long? PerMonth);

/// <summary>Caps that begin to hold at an instant.</summary>
sealed record RaisedLimitsAnswer(long PerPayment, long PerDay, long PerMonth, DateTimeOffset EffectiveAt);

/// <summary>
/// Low caps, which hold beside the member's own until an instant, for payments and transfers together. Because: newDevice or
/// telephoneChanged.
/// </summary>
sealed record LowLimitsAnswer(long PerPayment, long PerDay, DateTimeOffset Until, string Because);

/// <summary>
/// What holds now, the programme's caps included, and what waits. <paramref name="EffectiveAt"/> is when what waits begins to hold.
/// </summary>
sealed record OwnLimitsAnswer(
    long PerPayment, long PerDay, long PerMonth, RaisedLimitsAnswer? Raised, DateTimeOffset? EffectiveAt, LowLimitsAnswer? Low);

/// <summary>An amount in JSON, or null.</summary>
sealed class WholeAmountOrNull : JsonConverter<long?>
{
    public override bool HandleNull => true;

    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null
            : reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var amount) ? amount
            : throw new NotAnAmountException();

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } amount)
            writer.WriteNumberValue(amount);
        else
            writer.WriteNullValue();
    }
}

/// <summary>The member's own caps on paying.</summary>
static class OwnLimitsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/limits", Read)
            .Named("readOwnLimits", "The member's own caps on paying, and those that wait.")
            .RequireAuthorization(Policies.Member).Produces<OwnLimitsAnswer>();
        api.MapPut("/me/limits", Change)
            .Named("changeOwnLimits",
                "Sets the member's own caps; null is as much as the programme allows. Lower ones hold at once. Higher ones take a Step-Up, are "
                + "answered 202 and hold from effectiveAt; what is asked for anew takes their place, so the caps that hold cancel them.")
            .RequireAuthorization(Policies.Member).MayTakeStepUp()
            .Produces<OwnLimitsAnswer>().Produces<OwnLimitsAnswer>(202).Refuses(400, 422);
    }

    static async Task<IResult> Read(
        HttpContext context, MemberDirectory directory, ChangeOwnCaps caps, LowCaps low, Programme programme, CancellationToken ct) =>
        Results.Ok(Of(await caps.Read(await context.Payer(directory, ct), ct), await low.Find(context.MemberId(), ct), programme));

    static async Task<IResult> Change(HttpContext context, Body<OwnLimitsBody> body, MemberDirectory directory, ChangeOwnCaps caps,
        LowCaps low, Programme programme, CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        var answer = await caps.Run(new OwnCapsRequest(
            await context.Payer(directory, ct), new OwnCaps(asked.PerPayment?.Yen(), asked.PerDay?.Yen(), asked.PerMonth?.Yen()),
            context.Proof()), ct);
        if (!answer.Accepted)
            return answer.Refusal == ChangeOwnCapsRefusal.StepUpRequired ? Problem.StepUpRequired : Problem.Of(answer.Refusal);
        var told = Of(answer.Value, await low.Find(context.MemberId(), ct), programme);
        return answer.Value.Ahead is null ? Results.Ok(told) : Results.Json(told, statusCode: 202);
    }

    static OwnLimitsAnswer Of(CapsInForce caps, LowCapsInForce? low, Programme programme)
    {
        var raised = caps.Ahead is { Caps: var ahead, From: var from }
            ? new RaisedLimitsAnswer(ahead.PerPayment, ahead.PerDay, ahead.PerMonth, JapanDay.InTokyo(from)) : null;
        var rules = programme.Payments.Low;
        var lowered = low is null ? null : new LowLimitsAnswer(
            rules.PerPayment, rules.PerDay, JapanDay.InTokyo(low.Until), JsonNamingPolicy.CamelCase.ConvertName(low.Cause.ToString()));
        return new OwnLimitsAnswer(
            caps.Caps.PerPayment, caps.Caps.PerDay, caps.Caps.PerMonth, raised, raised?.EffectiveAt, lowered);
    }
}
