using System.Text.RegularExpressions;
using Ensen.Simulation.Audit;
using Ensen.Simulation.Worlds;
using Ensen.Storage;

namespace Ensen.Simulation;

/// <summary>
/// Tens of years on the real engines, with their files, wires and flushes. Here a wire's silence counts, so nothing else runs beside them;
/// the years in memory, which no clock decides, share the processors.
/// </summary>
[Collection(nameof(EngineTests))]
public partial class EngineTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Engine.Sqlite, 10)]
    [InlineData(Engine.Postgres, 10)]
    public async Task Seeded_years_agree_with_the_auditor(Engine engine, int seeds)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            var played = await Grounds.On(engine, store => Year.Play(seed, store));
            output.WriteLine($"{engine} seed {seed}: {played.Answers.Count} deeds in {played.LoopSteps} steps");
            if (played.Wrong is not null)
                Assert.Fail($"{engine}: {played.Report}");
        }
    }

    [Fact]
    public async Task A_calm_year_is_answered_alike_by_both_engines()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var sqlite = await Grounds.InMemory(store => Year.Play(seed, store, calm: true));
            var postgres = await Grounds.On(Engine.Postgres, store => Year.Play(seed, store, calm: true));
            if ((sqlite.Wrong ?? postgres.Wrong) is not null)
                Assert.Fail(sqlite.Wrong is null ? postgres.Report : sqlite.Report);
            Asked(postgres).ShouldBe(Asked(sqlite), $"seed {seed}");
            EndedByItself(postgres).ShouldBe(EndedByItself(sqlite), $"seed {seed}");
        }
    }

    static IEnumerable<string> Asked(Played year) => year.Answers.Where(a => !IsEnd(a)).Select(WithoutIds);

    // Nobody waits for a charge's end: it is seen at one look or at the next, as fast as the wires are.
    static IEnumerable<string> EndedByItself(Played year) =>
        year.Answers.Where(IsEnd).Select(WithoutIds).Order(StringComparer.Ordinal);

    static bool IsEnd(string answer) => answer.StartsWith(nameof(Settled), StringComparison.Ordinal);

    // The tails of ids are drawn in the order of the writers' steps, which is the wires' own.
    static string WithoutIds(string answer) => Guids().Replace(answer, "…");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Guids();
}

[CollectionDefinition(nameof(EngineTests), DisableParallelization = true)]
public sealed class EnginesAlone;
