using Ensen.Businesses;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What is told of what a company cannot do: some codes have other words where members or shown codes are meant.</summary>
static class BusinessRefusals
{
    public static Problem Of(MakeBusinessTransferRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    public static Problem Of(ApproveBusinessTransferRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    public static Problem Of(AskBusinessRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    public static Problem Of(CloseBusinessRequestRefusal refusal) => Said(refusal.ToString()) ?? Problem.Of(refusal);

    /// <summary>The words for people of a page.</summary>
    public static string Words(IStringLocalizer<BusinessWords> words, Refusals refusals, string refusal) =>
        KeyOf(refusal) is { } key ? words[key].Value : refusals.Of(Problem.Code(refusal));

    static Problem? Said(string refusal) => KeyOf(refusal) is not { } key ? null
        : new Problem(Problem.Code(refusal), told: services => services.GetRequiredService<IStringLocalizer<BusinessWords>>()[key].Value);

    /// <summary>The key of the words; null where the code's own words fit.</summary>
    static string? KeyOf(string refusal) => refusal switch
    {
        "CodeUsed" => "PaidOrWaits",
        "Lapsed" => "RequestIsOver",
        "NotEligible" => "PayeeIsGone",
        "OverLimit" => "AboveTheLaw",
        "InsufficientBalance" => "PayInFirst",
        "InvalidRequest" => "TextOrDay",
        _ => null,
    };
}
