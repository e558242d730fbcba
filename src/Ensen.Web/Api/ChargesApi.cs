using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Api;

sealed record ChargeBody(string Source, [property: JsonConverter(typeof(WholeAmount))] long Amount);

sealed record ChargeAnswer(string ChargeId, string Status, long Amount, long Balance)
{
    public static ChargeAnswer Of(Charged c) => new(
        c.ChargeId.ToString(),
        c.State switch
        {
            ChargeState.Requested => "pending",
            ChargeState.Completed => "completed",
            ChargeState.Failed => "failed",
            _ => throw new ArgumentOutOfRangeException(nameof(c)),
        },
        c.Amount.Value, c.Balance.Value);
}

/// <summary>Charging the wallet.</summary>
static class ChargesApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/charges", Create)
            .Named("charge", "Charges the wallet. A pending charge is carried to its end without being asked for again.")
            .RequireAuthorization(Policies.Member).MovesValue<ChargeAnswer>();

    static async Task<IResult> Create(HttpContext context, Body<ChargeBody> body, Charge charge, MemberDirectory directory,
        CancellationToken ct)
    {
        if (body.Value is not { } asked) return body.Problem!;
        ChargeSource? source = asked.Source switch
        {
            "bank" => ChargeSource.Bank,
            "card" => ChargeSource.Card,
            "atm" => ChargeSource.Atm,
            _ => null,
        };
        if (source is null) return Problem.Invalid("source");
        var payer = await context.Payer(directory, ct);
        if (Keys.Key(context, payer.MemberId, "charge", asked.Source, asked.Amount) is not { } key) return new Problem("key_required");
        if (!Movement.IsAmount(asked.Amount)) return new Problem("invalid_amount");

        var answer = await charge.Run(new ChargeRequest(payer, source.Value, asked.Amount.Yen(), key), ct);
        Keys.Mark(context, answer);
        return answer.Accepted ? Results.Created((string?)null, ChargeAnswer.Of(answer.Value)) : Problem.Of(answer.Refusal);
    }
}
