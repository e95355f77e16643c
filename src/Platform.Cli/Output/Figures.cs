using System.Globalization;

namespace Platform.Cli.Output;

/// <summary>Numbers as people read them, in the invariant culture.</summary>
internal static class Figures
{
    /// <summary>For example <c>12,345</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>With its noun, for example <c>1 document</c>, <c>12,345 documents</c>.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>For example <c>512 B</c>, <c>1.5 MB</c> (powers of 1,024).</summary>
    public static string Bytes(long value)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        double scaled = value;
        int unit = 0;
        while (scaled >= 1024 && unit < units.Length - 1)
        {
            scaled /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? scaled : Math.Round(scaled, 1))} {units[unit]}");
    }

    /// <summary>For example <c>0.4 s</c>, <c>42 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan value) => value switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.#} s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0} s"),
        { TotalHours: < 1 } => $"{(int)value.TotalMinutes} min {value.Seconds} s",
        _ => $"{(int)value.TotalHours} h {value.Minutes} min",
    };

    /// <summary>A rate with three significant digits or whole, for example <c>3,210/s</c>, <c>0.52/s</c>.</summary>
    public static string Rate(double perSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{(perSecond >= 100 ? perSecond.ToString("N0", CultureInfo.InvariantCulture) : perSecond.ToString("G3", CultureInfo.InvariantCulture))}/s");

    /// <summary>A score or metric with four decimals.</summary>
    public static string Score(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds with one decimal.</summary>
    public static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms");
}
