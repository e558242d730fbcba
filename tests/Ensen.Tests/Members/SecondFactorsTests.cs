using Ensen.Access;
using Ensen.Members;

namespace Ensen.Tests.Members;

/// <summary>What is asked for after the first step, by what a member has.</summary>
public class SecondFactorsTests
{
    [Theory]
    // authenticator, codes left, can be called from, was called from, known device -> after the password, after a mail's link
    [InlineData(false, false, false, false, false, "", "")]
    [InlineData(false, true, false, false, false, "", "")]
    [InlineData(false, false, true, false, false, "", "Call")]
    [InlineData(false, false, true, true, false, "Call", "Call")]
    [InlineData(false, false, true, true, true, "", "Call")]
    [InlineData(false, false, false, true, false, "", "")]
    [InlineData(false, true, true, true, false, "Call, RecoveryCode", "Call, RecoveryCode")]
    [InlineData(true, false, false, false, false, "Totp", "Totp")]
    [InlineData(true, false, true, true, false, "Totp", "Totp")]
    [InlineData(true, true, true, true, true, "Totp, RecoveryCode", "Totp, RecoveryCode")]
    public void It_is_as_the_table_says(
        bool hasAuthenticator, bool hasCodes, bool canCall, bool hasCalled, bool isKnown, string afterPassword, string afterLink)
    {
        var had = new SecondFactorsHad(hasAuthenticator, hasCodes, canCall, hasCalled);

        string.Join(", ", SecondFactors.OfSignIn(had, isKnown)).ShouldBe(afterPassword);
        string.Join(", ", SecondFactors.OfReset(had)).ShouldBe(afterLink);
    }
}
