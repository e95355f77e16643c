namespace Platform.Indexing.Sparse;

/// <summary>Merges segments: their live documents, segment by segment in ascending docId, become the documents of a builder.</summary>
/// <remarks>
/// Postings are transposed straight into the builder's documents: no second copy. The caller gives key ranks to
/// <see cref="SparseSegmentBuilder.Build"/> in that same order of documents.
/// </remarks>
internal static class SegmentMerge
{
    /// <summary>Appends the live documents of a segment to a builder.</summary>
    /// <param name="builder">Receives them, with the impacts they have: scales must agree.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="deleted">One bit a document, set where it is dropped; shorter means none beyond.</param>
    /// <param name="cancellationToken">Ends the work between terms.</param>
    /// <exception cref="ArgumentException">The segment has another scale than the builder.</exception>
    /// <exception cref="SparseFormatException">The segment is damaged.</exception>
    public static void Append(
        SparseSegmentBuilder builder,
        SparseSegment segment,
        ReadOnlySpan<ulong> deleted,
        CancellationToken cancellationToken)
    {
        if (segment.Properties.Scale != builder.Scale)
        {
            throw new ArgumentException(
                $"Segment '{segment.Name}' has scale {segment.Properties.Scale}, the merged one {builder.Scale}; impacts would not compare. Rebuild it with the index's scale.",
                nameof(segment));
        }

        int[] used = CountTerms(segment, cancellationToken);
        int[] documents = new int[segment.DocumentCount];
        for (int docId = 0; docId < documents.Length; docId++)
        {
            bool dropped = docId >> 6 < deleted.Length && ((deleted[docId >> 6] >> docId) & 1) != 0;
            documents[docId] = dropped ? -1 : builder.Documents.AddEmpty(used[docId]);
        }

        Array.Clear(used);
        for (int ordinal = 0; ordinal < segment.TermCount; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decoder = new PostingsDecoder(segment, ordinal);
            int newOrdinal = -1;
            while (decoder.Next())
            {
                int document = documents[decoder.DocId];
                if (document >= 0)
                {
                    newOrdinal = newOrdinal < 0 ? builder.Documents.Terms.OrdinalOf(segment.TermId(ordinal)) : newOrdinal;
                    int position = used[decoder.DocId]++;
                    builder.Documents.WritableTermsOf(document)[position] = newOrdinal;
                    builder.Documents.WritableImpactsOf(document)[position] = decoder.Impact;
                }
            }
        }

        builder.AccountFor(segment.Properties);
    }

    private static int[] CountTerms(SparseSegment segment, CancellationToken cancellationToken)
    {
        int[] counts = new int[segment.DocumentCount];
        for (int ordinal = 0; ordinal < segment.TermCount; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decoder = new PostingsDecoder(segment, ordinal);
            while (decoder.Next())
            {
                counts[decoder.DocId]++;
            }
        }

        return counts;
    }
}
