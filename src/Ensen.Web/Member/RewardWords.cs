using Ensen.Basics;
using Ensen.Rewards;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>How a reward is called on a member's pages, and what a point is worth in it.</summary>
static class RewardWords
{
    public static string Title(Reward reward) => Languages.Here.ReadsJapanese ? reward.Title : reward.EnglishTitle;

    public static string Title(RewardOrder order) => Languages.Here.ReadsJapanese ? order.Row.Title : order.EnglishTitle;

    /// <summary>How an order stands; that it was refused is not that somebody cancelled it.</summary>
    public static string State(RewardOrder order) => order.WasRefused ? "Refused" : order.State.ToString();

    /// <summary>1 pt = 1.8 円.</summary>
    public static string Worth(Reward reward, IStringLocalizer<MemberWords> words) => words["WorthPerPoint",
        $"{InWords.Number(reward.TenthsPerPoint / 10)}.{reward.TenthsPerPoint % 10}"];
}
