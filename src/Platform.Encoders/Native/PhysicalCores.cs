using System.Globalization;

namespace Platform.Encoders.Native;

/// <summary>The cores that do arithmetic: hardware threads of one core share its vector units, so a second one gains a matrix product nothing.</summary>
internal static class PhysicalCores
{
    private const string Processors = "/sys/devices/system/cpu";

    /// <summary>Physical cores, at most the processors this process may use (affinity, container limit), at least 1.</summary>
    public static int Count() => Count(Processors, Environment.ProcessorCount);

    internal static int Count(string processors, int usable)
    {
        if (!Directory.Exists(processors))
        {
            return Math.Max(1, usable);
        }

        int cores = Directory.EnumerateDirectories(processors, "cpu*")
            .Where(path => int.TryParse(Path.GetFileName(path).AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(path => Path.Combine(path, "topology", "thread_siblings_list"))
            .Where(File.Exists)
            .Select(path => File.ReadAllText(path).Trim())
            .Distinct(StringComparer.Ordinal)
            .Count();
        return Math.Max(1, cores == 0 ? usable : Math.Min(cores, usable));
    }
}
