using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ensen.Simulation.Worlds;

namespace Ensen.Simulation;

/// <summary>Years, each from its own seed: a thousand in <c>./test</c>, ten thousand in <c>./test long</c>.</summary>
public class SeedTests(ITestOutputHelper output)
{
    /// <summary>How many seeds a run plays; the one place that says so.</summary>
    static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("ENSEN_SIM_SEEDS") ?? "1000", CultureInfo.InvariantCulture);

    /// <summary>Those that fail for one reason show it best side by side; a run in which everything fails need not be waited for.</summary>
    const int EnoughThatFailed = 10;

    [Fact]
    public async Task Seeded_years_agree_with_the_auditor()
    {
        var clock = Stopwatch.StartNew();
        var only = Environment.GetEnvironmentVariable("ENSEN_SIM_SEED");
        var seeds = new ConcurrentQueue<int>(only is null ? Kept().Concat(Enumerable.Range(1, s_seeds))
            : [int.Parse(only, CultureInfo.InvariantCulture)]);
        var played = new ConcurrentBag<Played>();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(() =>
        {
            while (seeds.TryDequeue(out var seed) && played.Count(p => p.Wrong is not null) < EnoughThatFailed)
                played.Add(Grounds.InMemory(store => Year.Play(seed, store)).GetAwaiter().GetResult());
        }, TaskCreationOptions.LongRunning));
        await Task.WhenAll(workers);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{played.Count} seeds in {clock.Elapsed.TotalSeconds:0.0} s: {played.Sum(p => p.Answers.Count)} deeds, {played.Sum(p => (long)p.LoopSteps)} steps, {played.Sum(p => p.Faults.Count)} faults"));
        foreach (var faults in played.SelectMany(p => p.Faults).GroupBy(f => f).OrderBy(f => f.Key))
            output.WriteLine($"  {faults.Key} {faults.Count()}");
        foreach (var failed in played.Where(p => p.Wrong is not null).OrderBy(p => p.Seed))
            output.WriteLine($"  seed {failed.Seed} failed: {failed.Wrong!.Message}");
        if (played.Where(p => p.Wrong is not null).MinBy(p => p.Seed) is { } wrong)
            Assert.Fail(wrong.Report);
        if (only is not null)
            output.WriteLine(string.Join('\n', played.Single().Steps));
    }

    [Fact]
    public async Task The_same_seed_is_the_same_year()
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var first = await Grounds.InMemory(store => Year.Play(seed, store));
            var again = await Grounds.InMemory(store => Year.Play(seed, store));
            again.Steps.ShouldBe(first.Steps);
            again.LoopSteps.ShouldBe(first.LoopSteps);
        }
    }

    static IEnumerable<int> Kept() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "kept-seeds.txt"))
            .Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture));
}
