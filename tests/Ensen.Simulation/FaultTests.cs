using Ensen.Simulation.Faults;
using Ensen.Simulation.Worlds;

namespace Ensen.Simulation;

/// <summary>A simulation that finds nothing may be blind: with a rule taken out, it must find that.</summary>
public class FaultTests(ITestOutputHelper output)
{
    /// <summary>
    /// Within so many seeds each fault must be found. Most are found within ten; which seed meets the thousand yen between two balance caps
    /// is chance, and changes with every step that the product takes more or less.
    /// </summary>
    const int Most = 1_000;

    public static TheoryData<string> Planted => [.. PlantedFaults.All.Keys];

    [Theory, MemberData(nameof(Planted))]
    public async Task A_planted_fault_is_found(string fault)
    {
        for (var seed = 1; seed <= Most; seed++)
            if (await Grounds.InMemory(store => Year.Play(seed, store, PlantedFaults.All[fault]())) is { Wrong: { } wrong })
            {
                output.WriteLine($"{fault}: seed {seed}, {wrong.GetType().Name}: {wrong.Message}");
                return;
            }
        Assert.Fail($"{fault}: not found in {Most} seeds");
    }
}
