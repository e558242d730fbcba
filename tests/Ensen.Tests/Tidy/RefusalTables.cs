using System.Reflection;
using Ensen.Ledger;
using Ensen.Tests.Support;

namespace Ensen.Tests.Tidy;

/// <summary>
/// Every refusal of an enum that a <c>Decide</c> answers with stands in a table of cases without a database (<c>Wallet/PayDecides.cs</c>),
/// in the order of the enum; or with the test that shows it, where it is given before the decision is reached.
/// </summary>
public class RefusalTables
{
    const BindingFlags All =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    enum Planted
    {
        None = 0,
        Frozen = 1,
        OverLimit = 2,
    }

    [Fact]
    public void Every_refusal_of_a_decision_stands_in_its_table() => Complaints(Refusals(), Tables()).ShouldHold();

    [Fact]
    public void The_verbs_that_move_value_are_among_them() =>
        new[] { "PayRefusal", "RefundRefusal", "TransferRefusal", "ChargeRefusal", "ExpireRefusal" }.ShouldBeSubsetOf(Refusals()
            .Select(r => r.Name));

    [Theory]
    [InlineData("refusal  asks\nNone  1\nFrozen  1", "Planted.OverLimit")]
    [InlineData("refusal  asks\nFrozen  1\nOverLimit  1", "Planted.None")]
    [InlineData("refusal  asks\nNone  1\nOverLimit  1\nFrozen  1", "not in the order")]
    [InlineData("refusal  asks\nNone  1\nFrozen  1\nOverLimit  1\nGone  1", "Gone is no Planted")]
    [InlineData("refusal  asks\nNone  1\nFrozen  1\nOverLimit  before  PayTests.Nobody_wrote_this", "there is no test PayTests.Nobody_wrote_this")]
    [InlineData("refusal  asks\nNone  1\nFrozen  1\nOverLimit  before  RefusalTables.Complaints", "there is no test RefusalTables.Complaints")]
    public void A_refusal_that_nobody_shows_is_found(string table, string about) =>
        Complaints([typeof(Planted)], [new RefusalTable<Planted>(table)]).ShouldComplain(about);

    [Fact]
    public void A_decision_without_a_table_is_found() => Complaints([typeof(Planted)], []).ShouldComplain("Planted has no table");

    [Fact]
    public void A_whole_table_is_fine() => Complaints([typeof(Planted)], [new RefusalTable<Planted>(
        "refusal  asks\nNone  1\nFrozen  1\nFrozen  2\nOverLimit  before  RefusalTables.A_whole_table_is_fine")]).ShouldHold();

    /// <summary>The enums that a method called <c>Decide</c> answers with, alone or in a decision.</summary>
    static IReadOnlyList<Type> Refusals() =>
        [.. (from type in typeof(Entry).Assembly.GetTypes()
             from method in type.GetMethods(All)
             where method.Name == "Decide" && !method.IsAbstract
             let answer = method.ReturnType
             let refusal = answer.IsGenericType && answer.GetGenericTypeDefinition() == typeof(Decision<,>)
                 ? answer.GetGenericArguments()[1] : answer
             where refusal.IsEnum
             select refusal).Distinct()];

    static IReadOnlyList<IRefusalTable> Tables() =>
        [.. from type in typeof(RefusalTables).Assembly.GetTypes()
            from property in type.GetProperties(All)
            where typeof(IRefusalTable).IsAssignableFrom(property.PropertyType)
            select (IRefusalTable)property.GetValue(null)!];

    static IEnumerable<string> Complaints(IEnumerable<Type> refusals, IReadOnlyList<IRefusalTable> tables)
    {
        foreach (var refusal in refusals)
        {
            var table = tables.FirstOrDefault(t => t.Refusals == refusal);
            if (table is null)
            {
                yield return $"{refusal.Name} has no table: write <Verb>Decides.cs beside the verb's other tests";
                continue;
            }
            var names = Enum.GetNames(refusal);
            var shown = table.Rows.Select(row => Array.IndexOf(names, row.Refusal)).ToList();
            foreach (var row in table.Rows.Where(row => !names.Contains(row.Refusal)))
                yield return $"{row.Refusal} is no {refusal.Name}";
            foreach (var name in names.Where((_, at) => !shown.Contains(at)))
                yield return $"no row shows {refusal.Name}.{name}";
            if (!shown.SequenceEqual(shown.Order()))
                yield return $"the rows of {refusal.Name} are not in the order of the enum";
            foreach (var row in table.Rows.Where(row => row.ShownBy is { } test && !IsTest(test)))
                yield return $"{refusal.Name}.{row.Refusal}: there is no test {row.ShownBy}";
        }
    }

    static bool IsTest(string name) =>
        name.Split('.') is [var type, var test] && typeof(RefusalTables).Assembly.GetTypes()
            .Any(t => t.Name == type && t.GetMethods(All).Any(m => m.Name == test && m.IsDefined(typeof(FactAttribute))));
}
