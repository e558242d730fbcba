using Ensen.Access;
using Ensen.Tests.Support;

namespace Ensen.Tests.Members;

/// <summary>What <see cref="AddPasskey"/> decides about a new passkey beside those that its member has.</summary>
public class AddPasskeyDecides
{
    internal static RefusalTable<AddPasskeyRefusal> Table { get; } = new("""
        refusal            own            proof
        None               0              proven
        None               19             proven
        InvalidRequest     before  PasskeysTests.Of_forty_answers_at_once_one_is_kept
        AlreadyRegistered  1 the-same     proven
        AlreadyRegistered  19 the-same    none
        OverLimit          20             proven
        OverLimit          20             none
        StepUpRequired     0              none
        StepUpRequired     19             none
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var words = row.In("own");
        var own = Enumerable.Range(0, (int)words.Amount).Select(i => new Passkey { CredentialId = [1, (byte)i] }).ToList();
        return AddPasskey.Decide(new Passkey { CredentialId = words.Say("the-same") ? [1, 0] : [2, 0] }, own, row.In("proof").Say("proven"));
    });
}

/// <summary>What <see cref="RemovePasskey"/> decides about a passkey that is there or not.</summary>
public class RemovePasskeyDecides
{
    internal static RefusalTable<RemovePasskeyRefusal> Table { get; } = new("""
        refusal         passkey         proof
        None            there           proven
        NotFound        -               proven
        NotFound        the-last        none
        NotDetachable   there the-last  proven
        NotDetachable   there the-last  none
        StepUpRequired  there           none
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
        RemovePasskey.Decide(
            row.In("passkey").Say("there") ? new Passkey() : null, !row.In("passkey").Say("the-last"), row.In("proof").Say("proven")));
}
