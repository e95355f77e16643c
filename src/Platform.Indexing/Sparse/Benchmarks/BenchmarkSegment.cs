using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Indexing.Sparse;

/// <summary>What building a benchmark's segment took: kept beside a kept segment, so that a later run can tell it again.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Vocabulary">Term ids.</param>
/// <param name="Seed">Seed of the collection.</param>
/// <param name="BuildSeconds">Seconds to make the documents, quantise, reorder and write.</param>
/// <param name="PeakMemoryBytes">Peak private memory of the process that built it.</param>
internal sealed record BenchmarkSegment(int Documents, int Vocabulary, ulong Seed, double BuildSeconds, long PeakMemoryBytes)
{
    /// <summary>Builds the segment of the options at a path, unless a kept one lies there.</summary>
    /// <exception cref="InvalidDataException">The kept one is of another collection.</exception>
    public static BenchmarkSegment At(
        string path, SparseBenchmarkOptions options, IProgress<SparseBenchmarkProgress>? progress, CancellationToken cancellationToken)
    {
        string account = path + ".json";
        if (File.Exists(path) && File.Exists(account))
        {
            return Kept(account, options);
        }

        var clock = Stopwatch.StartNew();
        using var memory = new PeakMemory(TimeProvider.System);
        try
        {
            GeneratedCollection.Build(options, path, progress, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        var made = new BenchmarkSegment(options.Documents, options.Vocabulary, options.Seed, clock.Elapsed.TotalSeconds, memory.Bytes);
        progress?.Report(new($"Built in {made.BuildSeconds:F1} s, peak memory {made.PeakMemoryBytes >> 20} MB"));
        if (options.SegmentPath is not null)
        {
            using FileStream file = File.Create(account);
            JsonSerializer.Serialize(file, made, BenchmarkSegmentJson.Default.BenchmarkSegment);
        }

        return made;
    }

    private static BenchmarkSegment Kept(string account, SparseBenchmarkOptions options)
    {
        BenchmarkSegment? kept = null;
        try
        {
            kept = JsonSerializer.Deserialize(File.ReadAllBytes(account), BenchmarkSegmentJson.Default.BenchmarkSegment);
        }
        catch (JsonException)
        {
            // told below, with the remedy
        }

        return kept is not null && (kept.Documents, kept.Vocabulary, kept.Seed) == (options.Documents, options.Vocabulary, options.Seed)
            ? kept
            : throw new InvalidDataException(
                $"'{account}' tells of {kept?.Documents} documents, vocabulary {kept?.Vocabulary} and seed {kept?.Seed}; asked were {options.Documents}, {options.Vocabulary} and {options.Seed}. Name another file, or delete it and the segment beside it.");
    }
}

/// <summary>Its JSON.</summary>
[JsonSerializable(typeof(BenchmarkSegment))]
internal sealed partial class BenchmarkSegmentJson : JsonSerializerContext;
