using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Members;

/// <summary>The three results of what a member sends: there is no fourth, and no other word for one of them.</summary>
public enum OutcomeState
{
    Done = 0,
    NotDone = 1,
    Checking = 2,
}

/// <summary>
/// The words of the three results for pay.js, which tells them in the form itself and on the pages that a member comes back to.
/// </summary>
static class OutcomeWords
{
    public static Dictionary<string, object> ForScript(IStringLocalizer<MemberWords> words, IntentKind kind) => new()
    {
        ["data-checking"] = words["Checking"].Value,
        ["data-refused"] = words["NotDone_" + kind].Value,
        ["data-lost"] = words["Lost_" + kind].Value,
        ["data-paid"] = words["WasDone_" + kind].Value,
    };
}
