using System.CommandLine;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>jobs</c>: what the programme does again and again, when each was last well done, and with what the last try failed.
/// </summary>
static class JobsCommand
{
    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "jobs", "The jobs: when each last went well, when it is due, and what it failed with. Ends with 1 when one fails now. "
            + "docs/operating/watching.md.");
        command.SetAction(async (_, ct) =>
        {
            var services = await WorkingBooks.Open(compose, command.Name);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
            var jobs = await services.GetRequiredService<Jobs>().All(ct);
            foreach (var job in jobs)
                Console.WriteLine($"{job.Name,-18}{LastOk(job),-31}{State(job, now)}");
            return jobs.Any(j => j.LastError is not null) ? 1 : 0;
        });
        return command;
    }

    static string LastOk(JobRow job) => job.LastOkMs is { } ok ? $"last well {Instant(ok)}" : "never well yet";

    static string State(JobRow job, long now) =>
        job.LeaseMs > now ? "runs now"
        : job.LastError is { } error ? $"FAILED {job.Attempts} times in a row ({error}); again {Instant(job.DueMs)}"
        : $"due {Instant(job.DueMs)}";

    static string Instant(long ms) => JapanDay.InTokyo(DateTimeOffset.FromUnixTimeMilliseconds(ms))
        .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
