namespace Platform.Indexing.Sparse;

/// <summary>Turns documents in order of docId into postings in order of terms, a slice of the terms at a time.</summary>
/// <remarks>Besides the documents it holds one slice of postings (5 bytes each) and 8 bytes a term.</remarks>
internal static class SegmentSealer
{
    /// <summary>Bytes of one posting of a slice.</summary>
    public const int PostingSize = 5;

    private const int CancelEvery = 1 << 14;

    /// <summary>Writes all postings of <paramref name="documents"/>.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="order">For each docId, the document; null where they agree.</param>
    /// <param name="writer">Receives the terms in ascending order of their ids.</param>
    /// <param name="slicePostings">Postings of a slice at most, unless one term has more.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static void Write(
        ForwardIndex documents,
        int[]? order,
        SparseSegmentWriter writer,
        int slicePostings,
        CancellationToken cancellationToken)
    {
        int[] ordinals = documents.Terms.OrdinalsByTermId();
        int[] rankOf = new int[ordinals.Length];
        for (int rank = 0; rank < ordinals.Length; rank++)
        {
            rankOf[ordinals[rank]] = rank;
        }

        int[] counts = new int[ordinals.Length];
        for (int document = 0; document < documents.DocumentCount; document++)
        {
            foreach (int ordinal in documents.TermsOf(document))
            {
                counts[rankOf[ordinal]]++;
            }
        }

        // Once for all slices: arrays that grow would leave garbage of their size behind.
        int room = counts.Length == 0 ? 0 : (int)Math.Min(documents.PostingCount, Math.Max(slicePostings, counts.Max()));
        int[] docIds = new int[room];
        byte[] impacts = new byte[room];
        for (int first = 0; first < counts.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int last = first;
            int total = 0;
            while (last < counts.Length && (last == first || total + (long)counts[last] <= slicePostings))
            {
                total += counts[last++];
            }

            int[] positions = Fill(documents, order, rankOf, counts, (first, last), docIds, impacts, cancellationToken);
            int start = 0;
            for (int rank = first; rank < last; rank++)
            {
                int end = positions[rank - first];
                writer.Add(documents.Terms.TermId(ordinals[rank]), docIds.AsSpan(start..end), impacts.AsSpan(start..end));
                start = end;
            }

            first = last;
        }
    }

    // Returns where each term of the slice ends.
    private static int[] Fill(
        ForwardIndex documents,
        int[]? order,
        int[] rankOf,
        int[] counts,
        (int First, int Last) slice,
        int[] docIds,
        byte[] impacts,
        CancellationToken cancellationToken)
    {
        int[] positions = new int[slice.Last - slice.First];
        for (int i = 1; i < positions.Length; i++)
        {
            positions[i] = positions[i - 1] + counts[slice.First + i - 1];
        }

        for (int docId = 0; docId < documents.DocumentCount; docId++)
        {
            if (docId % CancelEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int document = order is null ? docId : order[docId];
            ReadOnlySpan<int> terms = documents.TermsOf(document);
            ReadOnlySpan<byte> documentImpacts = documents.ImpactsOf(document);
            for (int i = 0; i < terms.Length; i++)
            {
                uint index = (uint)(rankOf[terms[i]] - slice.First);
                if (index < (uint)positions.Length)
                {
                    int position = positions[index]++;
                    docIds[position] = docId;
                    impacts[position] = documentImpacts[i];
                }
            }
        }

        return positions;
    }
}
