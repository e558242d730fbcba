using Ensen.Access;
using Ensen.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>What <see cref="ResetPassword"/> decides by how far the sign-in by the link is, and by the new password.</summary>
public class ResetPasswordDecides
{
    internal static RefusalTable<ResetPasswordRefusal> Table { get; } = new("""
        refusal          link  proof   password
        None             open  shown   good
        Lapsed           -     shown   good
        StepUpRequired   open  none    good
        StepUpRequired   open  none    weak
        WeakPassword     open  shown   weak
        TooManyRequests  before  ResetPasswordTests.Where_too_many_passwords_are_hashed_nothing_is_changed
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => ResetPassword.Decide(
        row.In("link").Say("open") ? new PendingSignIn { ProvenMs = row.In("proof").Say("shown") ? 1 : null } : null,
        row.In("password").Say("weak")));
}
