using Ensen.Ledger;
using Ensen.Members;
using Ensen.Points;
using Ensen.Tests.Support;

namespace Ensen.Tests.Points;

/// <summary>What <see cref="Expire"/> decides about the lot of 31 May 2026.</summary>
public class ExpireDecides
{
    internal static RefusalTable<ExpireRefusal> Table { get; } = new("""
        refusal      holds
        None         1pt@20260531
        None         1pt@20260531 7pt@20260601
        NothingLeft  -
        NothingLeft  7pt@20260601
        NothingLeft  7pt@20260531/0 7pt@card
        """);

    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(9));
    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        state.Open(s_member);
        foreach (var (lot, points) in row.In("holds").Lots)
            state.Of(s_member).Load(lot.AccountType, lot.Term, points.Value);
        return new Expire.ExpiryDraft(s_member, new Lot(LotKind.Basic, 20260531), Guid.CreateVersion7(), s_now).Decide(state).Answer.Refusal;
    });
}
