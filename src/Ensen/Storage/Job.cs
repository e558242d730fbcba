using Ensen.Basics;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Storage;

/// <summary>
/// Work that the programme does again and again, on one node at a time: closing days, forgetting what is old. Run twice, or half and then
/// whole, it ends in the same state.
/// </summary>
/// <param name="Name">In the table of jobs, in the log and in the metrics.</param>
/// <param name="Does">What does not happen while it fails, as a sentence: "points lapse".</param>
/// <param name="Every">How long after it went well it is due again.</param>
/// <param name="Limit">It is broken off after this, and tried again.</param>
public sealed record Job(string Name, string Does, TimeSpan Every, TimeSpan Limit, Func<IServiceProvider, CancellationToken, Task> Run)
    : IDeclared
{
    /// <summary>A job that is a method of one feature.</summary>
    public static Job Of<T>(string name, string does, TimeSpan every, TimeSpan limit, Func<T, CancellationToken, Task> run)
        where T : notnull =>
        new(name, does, every, limit, (services, ct) => run(services.GetRequiredService<T>(), ct));
}

/// <summary>A job as the table has it; instants in milliseconds.</summary>
/// <param name="LeaseMs">Until when the node that runs it has it for itself; 0 when none runs it.</param>
/// <param name="Attempts">How often it was begun since it last went well; 0 when it did.</param>
/// <param name="LastError">What the last failure was; null when it went well since.</param>
public sealed record JobRow(string Name, long DueMs, long LeaseMs, long? LastOkMs, string? LastError, int Attempts);
