using Ensen.Storage;
using Ensen.Ui;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>What stands in the way of leaving, in the words of the page's language: one text a code.</summary>
sealed class LeavingTold(IStringLocalizer<Words> words)
{
    public string Of(LeavingObstacle obstacle) => words[$"InTheWay_{obstacle.Code}"];
}
