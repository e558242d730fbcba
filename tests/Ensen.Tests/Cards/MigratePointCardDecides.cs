using Ensen.Basics;
using Ensen.Cards;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Cards;

/// <summary>What <see cref="MigratePointCard"/> decides about a card with 120 points.</summary>
public class MigratePointCardDecides
{
    internal static RefusalTable<MigratePointCardRefusal> Table { get; } = new("""
        refusal      member  happened
        None         -       -
        None         frozen  -
        None         left    migrated
        NotFound     before  PointCardTests.What_is_no_card_is_refused
        CardRefused  before  PointCardTests.A_card_that_its_issuer_does_not_close_keeps_its_points
        MemberLeft   left    -
        """);

    static readonly MemberId s_member = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));
    static readonly PointCardId s_card = new(Guid.Parse("00000000-0000-7000-8000-000000000002"));

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row =>
    {
        var state = new AccountState();
        DecisionCase.Restrict(state.Open(s_member), row.In("member"));
        if (row.In("happened").Say("migrated"))
            state.Load(new SingleUse(SingleUseKind.CardMigrated, s_card));
        return MigratePointCard.Decide(new PointCard(s_card, s_member, "umeda", [], "1234", PointCardState.Migrating), 120.Points(), state,
            new EntryId(Guid.CreateVersion7()), new DateTimeOffset(2026, 6, 1, 9, 0, 0, TimeSpan.FromHours(9))).Answer.Refusal;
    });
}
