using Ensen.Links;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What is told of a link that does nothing: its codes have other words where a shown code is meant, or a session.</summary>
static class LinkRefusals
{
    public static Problem Of(ClaimLinkRefusal refusal) =>
        KeyOf(refusal.ToString()) is { } key ? Said(refusal.ToString(), key) : Problem.Of(refusal);

    public static Problem Of(ReturnLinkRefusal refusal) =>
        KeyOf(refusal.ToString()) is { } key ? Said(refusal.ToString(), key) : Problem.Of(refusal);

    /// <summary>The words for people, of a refusal's name.</summary>
    public static string Text(IStringLocalizer<JoinWords> words, Refusals refusals, string refusal) =>
        KeyOf(refusal) is { } key ? words[key].Value : refusals.Of(Problem.Code(refusal)) ?? "";

    static Problem Said(string refusal, string key) => new(Problem.Code(refusal), told: services =>
        services.GetRequiredService<IStringLocalizer<JoinWords>>()[key].Value);

    static string? KeyOf(string refusal) => refusal switch
    {
        nameof(ClaimLinkRefusal.InvalidRequest) => "LinkIsOwn",
        nameof(ClaimLinkRefusal.CodeUsed) => "LinkIsClaimed",
        nameof(ClaimLinkRefusal.Lapsed) => "LinkIsOver",
        nameof(ClaimLinkRefusal.NotVerified) => "LinkNeedsIdentity",
        _ => null,
    };
}
