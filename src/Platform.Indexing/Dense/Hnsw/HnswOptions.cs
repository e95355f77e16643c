using System.Globalization;

namespace Platform.Indexing.Dense;

/// <summary>How a graph is built. The same vectors, options and order of rows give the same graph, on any machine and number of threads.</summary>
internal sealed record HnswOptions
{
    /// <summary>The most neighbours that an option may ask for.</summary>
    public const int MaxM = 64;

    /// <summary>The widest beam of a build or a search.</summary>
    public const int MaxEf = 16_384;

    /// <summary>Neighbours of a row on the upper levels, and twice as many on level 0. 2 to 64; default 16.</summary>
    public int M { get; init; } = 16;

    /// <summary>Candidates out of which a row's neighbours are chosen. M to 16,384; default 200.</summary>
    public int EfConstruction { get; init; } = 200;

    /// <summary>Draws levels and the order of insertion.</summary>
    public ulong Seed { get; init; } = 20_261_122;

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="ArgumentException">One is; the message has it, its value and its range.</exception>
    public static void Check(HnswOptions options)
    {
        if (options.M is < 2 or > MaxM)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A graph's M is {options.M}; it must be 2 to {MaxM}."), nameof(options));
        }

        if (options.EfConstruction < options.M || options.EfConstruction > MaxEf)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A graph's efConstruction is {options.EfConstruction}; it must be M ({options.M}) to {MaxEf}."),
                nameof(options));
        }
    }
}
