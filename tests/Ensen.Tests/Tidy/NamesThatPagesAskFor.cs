using Ensen.Access;
using Ensen.Compliance;
using Ensen.Ledger;
using Ensen.Sandbox;
using Ensen.Staff;

namespace Ensen.Tests.Tidy;

/// <summary>What modules declare is named on pages by a text that is put together from its name: nobody sees the name itself.</summary>
public class NamesThatPagesAskFor
{
    [Fact]
    public void Each_thing_that_a_proof_is_for_has_its_sentence() => Missing("src/Ensen.Web/Texts/MemberWords", "StepUpFor_",
        SandboxModule.Catalogue.All<StepUpPurpose>().Select(p => p.Name).Except(["sign-in"])).ShouldHold();

    [Fact]
    public void Each_account_in_a_report_of_the_law_has_its_word() => Missing("src/Ensen.Web/Texts/ConsoleWords", "Account_",
        SandboxModule.Catalogue.All<AccountType>().Where(ClaimsOfDay.IsTransfer).Select(t => t.Name)).ShouldHold();

    [Fact]
    public void Each_role_of_an_operator_has_its_word() => Missing("src/Ensen.Sandbox/SandboxWords", "Does_",
        RoleNames.Each.Select(RoleNames.Of)).ShouldHold();

    static IEnumerable<string> Missing(string texts, string begins, IEnumerable<string> names) =>
        from ending in (string[])["resx", "en.resx"]
        let file = SourceTree.Repository.Under("src", ".resx").Single(f => f.Path == $"{texts}.{ending}")
        from name in names
        where !file.Text.Contains($"name=\"{begins}{name}\"", StringComparison.Ordinal)
        select $"{file.Path} has no {begins}{name}";
}
