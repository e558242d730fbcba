using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ensen.Tests.Support;

/// <summary>
/// The programs that tests start and that do not end by themselves. None outlives the run: what is still there at its end is named with the
/// test that started it, and when this process is gone, however it went, a script ends the rest (<c>tests/none-outlives.sh</c>).
/// </summary>
static class StartedPrograms
{
    static readonly ConcurrentDictionary<int, string> s_running = new();
    static readonly Lazy<Process> s_keeper = new(Keeper);

    /// <summary>Starts it, and knows of it until it has ended.</summary>
    public static Process Start(ProcessStartInfo start) => Start(new Process { StartInfo = start });

    /// <summary>The same for one whose output somebody listens to.</summary>
    public static Process Start(Process process)
    {
        process.Start();
        var context = TestContext.Current;
        s_running[process.Id] = string.Join(' ', [process.StartInfo.FileName, .. process.StartInfo.ArgumentList]) + ", started by "
            + (context.Test?.TestDisplayName ?? context.TestClass?.TestClassName ?? context.TestCollection?.TestCollectionDisplayName ?? "the run");
        Tell('+', process.Id);
        return process;
    }

    /// <summary>It has ended, and somebody has waited for that: from now on its number may be another's.</summary>
    public static void Ended(int id)
    {
        if (s_running.TryRemove(id, out _))
            Tell('-', id);
    }

    /// <summary>What was started and has not ended, each with who started it.</summary>
    public static IReadOnlyCollection<string> Left => [.. s_running.Values];

    static void Tell(char what, int id)
    {
        lock (s_keeper)
        {
            s_keeper.Value.StandardInput.WriteLine(FormattableString.Invariant($"{what}{id}"));
            s_keeper.Value.StandardInput.Flush();
        }
    }

    internal static Process Keeper() => Process.Start(
        new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "tests", "none-outlives.sh")]) { RedirectStandardInput = true })!;
}
