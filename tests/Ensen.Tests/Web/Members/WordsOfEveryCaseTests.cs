using System.Globalization;
using System.Resources;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Rewards;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Transit;
using Ensen.Wallet;
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

    /// <summary>What is said on the receipt of what gives back, cancels or sets right another thing.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void A_receipt_says_in_words_what_it_undoes(string tag) =>
        new[]
        {
            EntryKind.Refund, EntryKind.Correction, EntryKind.RewardReturn, EntryKind.TransitReturn, EntryKind.PointCancellation,
        }.Select(kind => $"Corrects_{kind}").Where(key => !Has<MemberWords>(tag, key)).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("en")]
    public void Each_role_has_its_words_where_people_are_chosen(string tag) =>
        RoleNames.In(RoleNames.All).Select(role => $"Does_{role}").Where(key => !Has<SandboxWords>(tag, key)).ShouldBeEmpty();

    static bool Has<TWords>(string tag, string key) =>
        !string.IsNullOrEmpty(new ResourceManager(typeof(TWords))
            .GetResourceSet(CultureInfo.GetCultureInfo(tag), createIfNotExists: true, tryParents: false)?.GetString(key));
}
