using Ensen.Web.Texts;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Welcome;

/// <summary>The stations between a form that was sent and an account that is ready.</summary>
static class JoinSteps
{
    public static IReadOnlyList<string> Names(IStringLocalizer<JoinWords> words) =>
        [words["Step_Mail"], words["Step_Telephone"], words["Step_Passkey"], words["Step_Goal"]];
}
