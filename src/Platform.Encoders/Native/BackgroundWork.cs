using System.Runtime.InteropServices;

namespace Platform.Encoders.Native;

/// <summary>Lets work that nobody waits for give way to work that somebody does, on the same cores.</summary>
public static partial class BackgroundWork
{
    private const int OneThread = 0;                           // PRIO_PROCESS; on Linux a "process" of 0 is the calling thread
    private const int Niceness = 10;                           // about a tenth of the time of a thread that is not nice, if both want a core

    /// <summary>
    /// Makes the calling thread nice, and so every thread it starts from now on, among them the OpenMP workers of its operations. .NET's own
    /// priorities do nothing on Linux. Call it on a thread of one's own: it can't be undone.
    /// </summary>
    /// <returns>Whether it is so now; false on other systems, where threads stay as they are.</returns>
    public static bool MakeThisThreadNice() => OperatingSystem.IsLinux() && SetPriority(OneThread, 0, Niceness) == 0;

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int niceness);
}
