using Ensen.Staff;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>
/// What stands behind a row of the log, in the reader's language: the row itself is kept in words of the program, which are the same for
/// ever. Ids are left as they are.
/// </summary>
static class LogTold
{
    public static string Detail(LogEntry row, IStringLocalizer<ConsoleWords> words) => (row.Act, row.Detail) switch
    {
        (_, null) => "",
        (OperatorAct.SearchedMembers, { } sought) => Sought(sought, words),
        (OperatorAct.AcceptedVerification or OperatorAct.RejectedVerification or OperatorAct.AcceptedApplication
            or OperatorAct.RefusedApplication, "first" or "second" or "third") => words["Decision_" + row.Detail],
        (OperatorAct.InvitedOperator, { } invited) =>
            string.Join(' ', invited.Split(' ').Select(word => Word("Role_" + word, word, words))),
        (_, { } detail) => detail,
    };

    /// <summary>By what was searched, and who was shown.</summary>
    static string Sought(string detail, IStringLocalizer<ConsoleWords> words)
    {
        var (by, shown) = detail.Split(": ", 2) is [var what, var members] ? (what, members) : (detail, "");
        return $"{Word("Sought_" + by, by, words)} {(shown == LookUpNobody ? words["SoughtNobody"] : shown)}";
    }

    const string LookUpNobody = "nobody";

    static string Word(string key, string word, IStringLocalizer<ConsoleWords> words) =>
        words[key] is { ResourceNotFound: false } found ? found.Value : word;
}
