using Ensen.Requests;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What is told of a request that cannot be paid or changed: its codes have other words where a shown code is meant.</summary>
static class RequestRefusals
{
    public static Problem Of(PayMoneyRequestRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    public static Problem Of(CloseMoneyRequestRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    public static Problem Of(RemindOfMoneyRequestRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    static Problem? Said(string refusal) => KeyOf(refusal) is not { } key ? null
        : new Problem(Problem.Code(refusal), told: services => services.GetRequiredService<IStringLocalizer<MemberWords>>()[key].Value);

    /// <summary>The key of the words for people, among those of members; null where the code's own words fit.</summary>
    public static string? KeyOf(string refusal) => refusal switch
    {
        "CodeUsed" => "RequestIsPaid",
        "Lapsed" => "RequestIsOver",
        "InvalidRequest" => "RequestOfTheOther",
        "TooManyRequests" => "RequestLater",
        _ => null,
    };
}
