using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Platform.Evaluation.Text;

/// <summary>Whitespace-separated fields and numbers of a line of bytes.</summary>
/// <remarks>What runs once for each of millions of lines is compiled at full optimisation at once, here and in the readers: an
/// evaluation from the command line is over before tiered compilation has warmed up.</remarks>
internal static class Fields
{
    /// <summary>The powers of ten that a double holds exactly.</summary>
    private static readonly double[] ExactPowersOfTen = [.. Enumerable.Range(0, 23).Select(power => Math.Pow(10, power))];

    /// <summary>Returns the next field at or after <paramref name="cursor"/>, empty at the line's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> line, scoped ref int cursor)
    {
        int start = cursor;
        while (start < line.Length && line[start] <= ' ')
        {
            start++;
        }

        int end = start;
        while (end < line.Length && line[end] > ' ')
        {
            end++;
        }

        cursor = end;
        return line[start..end];
    }

    public static int Count(ReadOnlySpan<byte> line)
    {
        int cursor = 0;
        int count = 0;
        while (!Next(line, ref cursor).IsEmpty)
        {
            count++;
        }

        return count;
    }

    public static bool IsBlank(ReadOnlySpan<byte> line)
    {
        int cursor = 0;
        return Next(line, ref cursor).IsEmpty;
    }

    /// <summary>True for a line that trec_eval skips: only whitespace, or a comment that starts with <c>#</c>.</summary>
    public static bool IsBlankOrComment(ReadOnlySpan<byte> line)
    {
        int cursor = 0;
        ReadOnlySpan<byte> first = Next(line, ref cursor);
        return first.IsEmpty || first[0] == '#';
    }

    /// <summary>Parses a whole field as an integer.</summary>
    public static bool TryParseInt32(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out int consumed) && consumed == field.Length;

    /// <summary>Parses a whole field as a correctly rounded double; NaN is refused, since it has no place in an order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParseDouble(ReadOnlySpan<byte> field, out double value)
    {
        if (TryParseShortDecimal(field, out value))
        {
            return true;
        }

        if (Ascii.EqualsIgnoreCase(field, "inf"u8) || Ascii.EqualsIgnoreCase(field, "-inf"u8))
        {
            value = field[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !double.IsNaN(value);
    }

    /// <summary>Returns a field for a message: as text, cut at 40 characters.</summary>
    public static string Show(ReadOnlySpan<byte> field)
    {
        string text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, 160)]);
        return text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
    }

    /// <summary>Digits and at most one point, up to 15 digits: the quotient of two exact doubles is correctly rounded.</summary>
    /// <remarks>Clinger 1990, "How to read floating point numbers accurately", doi:10.1145/93542.93557.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryParseShortDecimal(ReadOnlySpan<byte> field, out double value)
    {
        value = 0;
        bool negative = field.Length > 0 && field[0] == '-';
        long digits = 0;
        int digitCount = 0;
        int decimals = 0;
        bool point = false;
        for (int i = negative ? 1 : 0; i < field.Length; i++)
        {
            int digit = field[i] - '0';
            if ((uint)digit <= 9)
            {
                digits = (digits * 10) + digit;
                digitCount++;
                decimals += point ? 1 : 0;
            }
            else if (field[i] == '.' && !point)
            {
                point = true;
            }
            else
            {
                return false;
            }

            if (digitCount > 15)
            {
                return false;
            }
        }

        value = digits / ExactPowersOfTen[decimals];
        value = negative ? -value : value;
        return digitCount > 0;
    }
}
