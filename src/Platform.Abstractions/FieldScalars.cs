namespace Platform.Abstractions;

/// <summary>Numbers, dates and booleans as 64-bit integers of the same order: what an index keeps and compares.</summary>
public static class FieldScalars
{
    /// <summary>A finite number; -0 is 0.</summary>
    public static long OfNumber(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number + 0.0);
        return bits ^ ((bits >> 63) & long.MaxValue);        // of negative numbers the larger magnitude is the smaller
    }

    /// <summary>The number that <see cref="OfNumber"/> took.</summary>
    public static double ToNumber(long scalar) => BitConverter.Int64BitsToDouble(scalar ^ ((scalar >> 63) & long.MaxValue));

    /// <summary>A moment, to 100 ns; offsets are forgotten.</summary>
    public static long OfDate(DateTimeOffset date) => date.UtcTicks;

    /// <summary>The moment that <see cref="OfDate"/> took, UTC.</summary>
    public static DateTimeOffset ToDate(long scalar) =>
        new(Math.Clamp(scalar, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);

    /// <summary>False before true.</summary>
    public static long OfBoolean(bool value) => value ? 1 : 0;
}
