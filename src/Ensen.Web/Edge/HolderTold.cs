using Ensen.Formats;
using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Edge;

/// <summary>Why the holder of an account cannot be written as banks write names: the letter that they have not, or the length.</summary>
static class HolderTold
{
    public static string Of(IStringLocalizer<ConsoleWords> words, string? stranger) => string.IsNullOrEmpty(stranger)
        ? words["PayOut_HolderLength", ZenginFile.MostHolder] : words["PayOut_HolderLetter", stranger];
}
