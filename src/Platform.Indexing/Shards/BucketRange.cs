using System.Text;

namespace Platform.Indexing.Shards;

/// <summary>Some hash buckets of an index, both ends included. A document's bucket is the top 12 bits of its key's 64-bit hash.</summary>
/// <param name="First">The first bucket, from 0.</param>
/// <param name="Last">The last bucket, at most 4,095.</param>
public readonly record struct BucketRange(int First, int Last)
{
    /// <summary>A bucket is so many of the hash's highest bits.</summary>
    public const int Bits = 12;

    /// <summary>Every bucket.</summary>
    public static BucketRange All { get; } = new(0, (1 << Bits) - 1);

    /// <summary>Whether both ends are buckets and in order.</summary>
    public bool IsValid => First >= 0 && First <= Last && Last <= All.Last;

    /// <summary>The smallest hash that is in one of the buckets.</summary>
    internal ulong FirstHash => (ulong)First << (64 - Bits);

    /// <summary>The largest hash that is in one of the buckets.</summary>
    internal ulong LastHash => ((ulong)Last << (64 - Bits)) | (ulong.MaxValue >> Bits);

    /// <summary>Whether a document of this key, UTF-8, is in one of the buckets.</summary>
    public bool Contains(ReadOnlySpan<byte> documentKey) => Segment.HashOf(documentKey) is ulong hash && hash >= FirstHash && hash <= LastHash;

    /// <summary>Whether a document of this key is in one of the buckets.</summary>
    public bool Contains(string documentKey) => Contains(Encoding.UTF8.GetBytes(documentKey));

    /// <summary>Whether every bucket of another range is in this one.</summary>
    public bool Contains(BucketRange other) => First <= other.First && other.Last <= Last;

    /// <summary>The buckets that are in both; null if there are none.</summary>
    public BucketRange? Intersect(BucketRange other)
    {
        var both = new BucketRange(Math.Max(First, other.First), Math.Min(Last, other.Last));
        return both.First <= both.Last ? both : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First}-{Last}";
}
