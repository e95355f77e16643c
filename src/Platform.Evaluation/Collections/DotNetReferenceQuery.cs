using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Evaluation.Collections;

/// <summary>A summary as a query, with the members that it describes.</summary>
internal sealed record DotNetReferenceQuery(string Id, string Text, IReadOnlyList<string> RelevantIds)
{
    /// <summary>Shorter summaries ("Gets the name.") fit too many members.</summary>
    public const int MinWords = 5;

    /// <summary>Never a document's id: BEIR drops a document whose id equals the query's.</summary>
    private const string IdPrefix = "q-";

    /// <summary>All queries of the members, by ascending hash, so that the first n are a fixed sample.</summary>
    public static IReadOnlyList<DotNetReferenceQuery> From(IReadOnlyList<DotNetMember> members)
    {
        var queries =
            from member in members
            where WordCount(member.Summary) >= MinWords
            group member.Id by member.Summary into sharing
            where sharing.Select(DotNetSignature.OverloadsOf).Distinct().Take(2).Count() == 1
            let ids = sharing.Order(StringComparer.Ordinal).ToArray()
            let hash = HashOf(ids[0])
            orderby hash
            select new DotNetReferenceQuery(IdPrefix + ids[0], sharing.Key, ids);
        return [.. queries];
    }

    private static int WordCount(string text) => text.Length == 0 ? 0 : text.AsSpan().Count(' ') + 1;

    private static ulong HashOf(string id) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
