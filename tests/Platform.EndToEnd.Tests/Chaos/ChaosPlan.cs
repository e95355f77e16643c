using System.Globalization;

namespace Platform.EndToEnd.Tests.Chaos;

/// <summary>What a chaos run does: how much is written, and which faults happen in which order, by a seed.</summary>
/// <param name="Seed">Of victims and documents.</param>
/// <param name="Documents">How many documents the writers make at most, all together.</param>
/// <param name="Faults">In order.</param>
/// <param name="InAzure">Whether the store is Azurite behind a proxy, and not files.</param>
internal sealed record ChaosPlan(int Seed, int Documents, IReadOnlyList<ChaosFault> Faults, bool InAzure)
{
    /// <summary>The plan that <c>PLATFORM_CHAOS</c> names, such as <c>kill:30,all:20,freeze20:2,outage60:1,slow10:1,apart20:2</c>; else the short one.</summary>
    public static ChaosPlan Of(bool inAzure)
    {
        string? named = Environment.GetEnvironmentVariable("PLATFORM_CHAOS");
        int seed = int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_CHAOS_SEED"), CultureInfo.InvariantCulture, out int given) ? given : 20261125;
        int documents = int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_CHAOS_DOCUMENTS"), CultureInfo.InvariantCulture, out int count) ? count : 50_000;
        return named is { Length: > 0 } ? new ChaosPlan(seed, documents, Parse(named), inAzure)
            : new ChaosPlan(seed, 6_000, inAzure ? Parse("outage2:1,kill:1") : Parse("kill:1,freeze3:1,all:1"), inAzure);
    }

    private static List<ChaosFault> Parse(string text) =>
    [
        .. text.Split(',').SelectMany(part =>
        {
            string[] halves = part.Split(':');
            string kind = halves[0].TrimEnd([.. "0123456789"]);
            double seconds = halves[0].Length > kind.Length ? double.Parse(halves[0][kind.Length..], CultureInfo.InvariantCulture) : 0;
            return Enumerable.Repeat(new ChaosFault(kind, TimeSpan.FromSeconds(seconds)), int.Parse(halves[1], CultureInfo.InvariantCulture));
        }),
    ];
}

/// <summary>One fault.</summary>
/// <param name="Kind"><c>kill</c> one process, kill <c>all</c>, <c>freeze</c> one, <c>outage</c> of the store, <c>slow</c> store, one <c>apart</c> from Redis and a remote store.</param>
/// <param name="Length">How long it lasts; nothing for kills.</param>
internal sealed record ChaosFault(string Kind, TimeSpan Length);
