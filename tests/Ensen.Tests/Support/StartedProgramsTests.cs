using System.Diagnostics;
using System.Globalization;

namespace Ensen.Tests.Support;

/// <summary>A program that a test started does not outlive the run, whether the run comes to its end or is killed.</summary>
public class StartedProgramsTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_left_running_is_named_with_who_started_it()
    {
        using var sleep = StartedPrograms.Start(new ProcessStartInfo("sleep", ["603"]));
        try
        {
            StartedPrograms.Left.ShouldContain(
                left => left.StartsWith("sleep 603", StringComparison.Ordinal)
                    && left.Contains(nameof(What_is_left_running_is_named_with_who_started_it), StringComparison.Ordinal));
        }
        finally
        {
            sleep.Kill();
            await sleep.WaitForExitAsync(Ct);
            StartedPrograms.Ended(sleep.Id);
        }
        StartedPrograms.Left.ShouldNotContain(left => left.StartsWith("sleep 603", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_run_is_gone_what_it_left_is_ended_and_nothing_else()
    {
        using var left = Process.Start("sleep", ["604"]);
        using var other = Process.Start("sleep", ["605"]);
        try
        {
            using var keeper = StartedPrograms.Keeper();
            await keeper.StandardInput.WriteLineAsync(Line('+', left));
            await keeper.StandardInput.WriteLineAsync(Line('+', other));
            await keeper.StandardInput.WriteLineAsync(Line('-', other));
            // All that a killed run does: its end of the pipe is closed for it.
            keeper.StandardInput.Close();

            await left.WaitForExitAsync(Ct).WaitAsync(s_patience, Ct);
            await keeper.WaitForExitAsync(Ct).WaitAsync(s_patience, Ct);
            other.HasExited.ShouldBeFalse("its number may be another's by now");
        }
        finally
        {
            left.Kill();
            other.Kill();
        }
    }

    static string Line(char what, Process process) => what + process.Id.ToString(CultureInfo.InvariantCulture);
}
