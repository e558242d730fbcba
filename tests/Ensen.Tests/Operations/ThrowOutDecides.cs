using Ensen.Access;
using Ensen.Operations;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="ThrowOut"/> decides about a member's device or passkey that shall go.</summary>
public class ThrowOutDecides
{
    internal static RefusalTable<ThrowOutRefusal> Table { get; } = new("""
        refusal         says    what            there
        None            stolen  device          there
        None            stolen  passkey         there
        InvalidRequest  -       device          -
        InvalidRequest  stolen  -               there
        InvalidRequest  stolen  device passkey  there
        NotFound        stolen  device          -
        Forbidden       before  ThrowOutTests.Who_may_not_throws_nothing_out
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => ThrowOut.Decide(
        new ThrowOutRequest(default, row.In("what").Say("device") ? new SessionId(Guid.NewGuid()) : null,
            row.In("what").Say("passkey") ? new PasskeyId(Guid.NewGuid()) : null, string.Concat(row.In("says").Words), default),
        row.In("there").Say("there")));
}
