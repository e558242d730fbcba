using Ensen.Ledger;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Rooms;

/// <summary>How reports call things, on pages and in files.</summary>
static class ReportWords
{
    /// <summary>The account as people say it; one that has no word yet by its name in the books.</summary>
    public static string Account(AccountType type, IStringLocalizer<ConsoleWords> words) =>
        words["Account_" + type.Name] is { ResourceNotFound: false } found ? found.Value : type.Name;
}
