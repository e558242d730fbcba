using Ensen.Joining;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Welcome;

/// <summary>The stations between a shop's first form and its first payment.</summary>
static class ApplySteps
{
    public static IReadOnlyList<string> Names(IStringLocalizer<ApplyWords> words) =>
        [words["Step_Form"], words["Step_Photos"], words["Step_Review"], words["Step_Contract"], words["Step_Open"]];

    public static int Of(ApplicationState state) => state switch
    {
        ApplicationState.Applied or ApplicationState.Asked => 1,
        ApplicationState.InReview or ApplicationState.Refused or ApplicationState.Lapsed => 2,
        ApplicationState.Approved => 3,
        ApplicationState.Joined => 4,
        _ => 0,
    };
}
