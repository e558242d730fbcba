using System.Runtime.InteropServices;

namespace Ensen.Access;

/// <summary>
/// A thread that gives way to payments: under Linux's scheduler it weighs a tenth of a common one. Busy processors make it slow and never
/// stop it.
/// </summary>
static class LowPriority
{
    internal const int Nice = 10;

    const int OfProcess = 0;
    const int ThisThread = 0;

    /// <summary>For threads of one's own alone: the calling thread stays so until it ends.</summary>
    public static void Take()
    {
        // On Linux a nice value is a thread's own, and the platform's Thread.Priority does nothing.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(OfProcess, ThisThread, Nice);
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [DllImport("libc", EntryPoint = "setpriority"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetPriority(int which, int who, int priority);
}
