using System.Globalization;
using System.Resources;
using Ensen.Members;
using Ensen.Web.Members;
using Ensen.Web.Texts;

namespace Ensen.Tests.Web.Members;

/// <summary>Texts that are named by a value of the program: each value has its own, in both languages.</summary>
public class WordsOfEveryCaseTests
{
    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void A_proof_is_asked_for_in_words(string tag) =>
        StepUpAct.All.Select(act => $"StepUpFor_{act.Purpose.Name}").Where(key => !Has<MemberWords>(tag, key)).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void An_operator_reads_in_words_why_caps_are_low(string tag) =>
        Enum.GetValues<LowCapsCause>().Select(cause => $"LowCapsOf_{cause}").Where(key => !Has<ConsoleWords>(tag, key)).ShouldBeEmpty();

    static bool Has<TWords>(string tag, string key) =>
        !string.IsNullOrEmpty(new ResourceManager(typeof(TWords))
            .GetResourceSet(CultureInfo.GetCultureInfo(tag), createIfNotExists: true, tryParents: false)?.GetString(key));
}
