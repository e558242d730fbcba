using Ensen.Basics;
using Ensen.Web.Edge;
using Ensen.Web.Texts;
using Ensen.Web.Till;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Counters;

/// <summary>What a point till is told of what it was refused: its own words, or those of every till.</summary>
sealed class PointTillSays(IStringLocalizer<PointTillWords> texts, Refusals refusals, Programme programme)
{
    public const string OverMost = nameof(OverMost);

    /// <summary>More points than anybody can have.</summary>
    public const string TooMuch = nameof(TooMuch);

    public string Fault(string refused) => refused == TooMuch ? texts[TooMuch] : refused == OverMost
        ? texts["Fault_OverMost", TillSays.Grouped(new Yen(programme.Points.CentreMostYen))]
        : texts["Fault_" + refused] is { ResourceNotFound: false } own ? own.Value : refusals.AtTill(Problem.Code(refused));
}
