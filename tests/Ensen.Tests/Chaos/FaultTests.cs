using System.Globalization;

namespace Ensen.Tests.Chaos;

/// <summary>
/// The history check. Callers use the product while something terrible happens to it; what they were told is then compared with the books,
/// entry by entry. <c>./test chaos</c> does it for many rounds (ENSEN_CHAOS_ROUNDS), <c>./test</c> for one of each.
/// </summary>
[Trait("Takes", "long"), Collection(nameof(Doomed))]
public class FaultTests(Doomed doomed)
{
    static int Rounds => int.Parse(Environment.GetEnvironmentVariable("ENSEN_CHAOS_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>All faults, or only the one that ENSEN_CHAOS_FAULT names.</summary>
    public static TheoryData<Fault> Faults =>
        Environment.GetEnvironmentVariable("ENSEN_CHAOS_FAULT") is { Length: > 0 } only ? [Enum.Parse<Fault>(only, ignoreCase: true)]
            : [.. Enum.GetValues<Fault>()];

    [Theory, MemberData(nameof(Faults))]
    public async Task What_was_answered_is_in_the_books_once_and_nothing_else_is(Fault fault)
    {
        var postgres = fault == Fault.DiskFull ? await doomed.OnSmallDisk : await doomed.OnDisk;
        await using var trial = await Trial.Begin(
            postgres, wired: fault is Fault.CutBeforeCommit or Fault.CutAfterCommit or Fault.ServerKilledAtCommit);
        for (var round = 1; round <= Rounds; round++)
        {
            var seen = await trial.Suffer(fault);
            if (Environment.GetEnvironmentVariable("ENSEN_CHAOS_LINES") is { Length: > 0 } lines)
                await File.AppendAllTextAsync(lines, $"{seen}\n");
            seen.Complaints.Take(20).ShouldBeEmpty(seen.ToString());
            seen.Resolved.ShouldBe(seen.Open);
        }
    }
}

/// <summary>Two clusters that tests may break, started when the first test asks for them; one test at a time.</summary>
[CollectionDefinition(nameof(Doomed))]
public sealed class Doomed : ICollectionFixture<Doomed>, IAsyncLifetime
{
    const int Megabytes = 160;

    readonly Lazy<Task<DoomedPostgres>> _onDisk = new(() => DoomedPostgres.Begin());
    readonly Lazy<Task<DoomedPostgres>> _onSmallDisk = new(() => DoomedPostgres.Begin(Megabytes));

    internal Task<DoomedPostgres> OnDisk => _onDisk.Value;
    internal Task<DoomedPostgres> OnSmallDisk => _onSmallDisk.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var postgres in (Lazy<Task<DoomedPostgres>>[])[_onDisk, _onSmallDisk])
            if (postgres.IsValueCreated)
                await (await postgres.Value).DisposeAsync();
    }
}
