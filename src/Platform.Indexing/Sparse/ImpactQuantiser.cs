namespace Platform.Indexing.Sparse;

/// <summary>Document weights as 8-bit impacts, one linear scale an index: impact = round(255 · weight / maxWeight), at least 1.</summary>
public static class ImpactQuantiser
{
    /// <summary>The largest impact.</summary>
    public const int MaxImpact = 255;

    /// <summary>The impact of a weight above 0 and at most <paramref name="maxWeight"/>.</summary>
    public static byte Quantise(double weight, double maxWeight) =>
        (byte)Math.Max(1, Math.Round(weight * (MaxImpact / maxWeight), MidpointRounding.AwayFromZero));

    /// <summary>The weight that one impact step stands for.</summary>
    public static double Scale(double maxWeight) => maxWeight / MaxImpact;
}
