using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Operations;
using Ensen.Points;
using Ensen.Staff;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>What <see cref="MakePointUse"/> decides before it looks at what there is.</summary>
public class MakePointUseDecides
{
    internal static RefusalTable<MakePointUseRefusal> Table { get; } = new("""
        refusal         named     letters  english  whole   stores
        None            bakeries  1        1        store   0
        None            bakeries  40       60       -       500
        InvalidRequest  -         0        1        store   0
        InvalidRequest  bakeries  41       60       store   0
        InvalidRequest  bakeries  1        61       store   0
        InvalidRequest  bakeries  1        1        -       0
        InvalidRequest  bakeries  1        1        -       501
        InvalidRequest  bakeries  1        1        beyond  0
        NotFound        before    PointUseTests.A_use_of_a_store_that_there_is_not_is_none
        Forbidden       before    PointUseTests.Whoever_may_not_makes_none
        KeyReused       before    PointUseTests.Under_one_key_it_is_made_once
        NotAvailable    before    PointUseTests.When_all_numbers_are_taken_none_is_made
        AlreadyRegistered  before  PointUseTests.Of_one_name_there_is_one_also_when_thirty_make_it_at_once
        """);

    [Fact]
    public void Each_case_is_decided_as_the_table_says() => Table.ShouldHold(row => MakePointUse.Decide(new MakePointUseRequest(
        new string('a', (int)row.In("letters").Amount), new string('b', (int)row.In("english").Amount),
        [.. Enumerable.Range(0, (int)row.In("stores").Amount).Select(_ => new StoreId(Guid.NewGuid()))], [],
        row.In("whole").Say("store") ? [SpendingKind.Store] : row.In("whole").Say("beyond") ? [(SpendingKind)9] : [], default(OperatorId))));
}
