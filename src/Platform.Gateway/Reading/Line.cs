using System.Buffers;

namespace Platform.Gateway.Reading;

/// <summary>One line of a body.</summary>
/// <param name="Number">Counted from 1, blank lines included.</param>
/// <param name="Length">Its bytes, its end not counted, also where they were not kept.</param>
/// <param name="IsTooLong">True if it was over the limit; <paramref name="Bytes"/> is then empty.</param>
/// <param name="Bytes">Its bytes without line feed; a carriage return may stand at the end.</param>
internal readonly record struct Line(int Number, long Length, bool IsTooLong, ReadOnlySequence<byte> Bytes);
