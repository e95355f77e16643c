namespace Platform.Indexing.Sparse;

/// <summary>What one segment or several together hold.</summary>
/// <param name="Documents">Documents, deleted ones included.</param>
/// <param name="Postings">Postings.</param>
/// <param name="Terms">Different terms.</param>
/// <param name="TermsPerDocument">Mean non-zeros a document.</param>
/// <param name="TermsPerDocumentDeviation">Standard deviation of non-zeros a document.</param>
/// <param name="ExpectedFlops">Σ over terms of the squared share of documents that have it: multiplications a pair of documents.</param>
/// <param name="MeanError">Mean absolute quantisation error of a weight.</param>
/// <param name="LargestError">Largest absolute quantisation error of a weight.</param>
/// <param name="BytesByPart">Bytes by part of the format; postings are divided by their arrays.</param>
internal sealed record SparseStatistics(
    long Documents,
    long Postings,
    int Terms,
    double TermsPerDocument,
    double TermsPerDocumentDeviation,
    double ExpectedFlops,
    double MeanError,
    float LargestError,
    IReadOnlyDictionary<string, long> BytesByPart)
{
    /// <summary>Bytes of all parts for one posting.</summary>
    public double BytesPerPosting => BytesByPart.Values.Sum() / (double)Math.Max(1, Postings);

    /// <summary>Reads the statistics of segments as if they were one; postings themselves are not touched.</summary>
    public static SparseStatistics Of(params IReadOnlyList<SparseSegment> segments)
    {
        long documents = segments.Sum(segment => (long)segment.DocumentCount);
        long postings = segments.Sum(segment => segment.PostingCount);
        Dictionary<int, long> documentsOfTerm = [];
        SortedDictionary<string, long> bytes = new(StringComparer.Ordinal);
        foreach (SparseSegment segment in segments)
        {
            AddTerms(segment, documentsOfTerm, bytes);
        }

        double squares = segments.Sum(segment => segment.Properties.SumOfSquaredTerms);
        double mean = postings / (double)Math.Max(1, documents);
        double flops = documentsOfTerm.Values.Sum(count => Math.Pow(count / (double)documents, 2));
        double errors = segments.Sum(segment => segment.Properties.SumOfErrors);
        return new SparseStatistics(
            documents,
            postings,
            documentsOfTerm.Count,
            mean,
            Math.Sqrt(Math.Max(0, (squares / Math.Max(1, documents)) - (mean * mean))),
            flops,
            errors / Math.Max(1, postings),
            segments.Count == 0 ? 0 : segments.Max(segment => segment.Properties.LargestError),
            bytes);
    }

    private static void AddTerms(SparseSegment segment, Dictionary<int, long> documentsOfTerm, SortedDictionary<string, long> bytes)
    {
        void Add(string part, long size) => bytes[part] = bytes.GetValueOrDefault(part) + size;
        long rest = 0;
        int maximaSize = MaximaCodec.SizeOf(BlockLayout.BlocksOf(segment.DocumentCount));
        for (int ordinal = 0; ordinal < segment.TermCount; ordinal++)
        {
            TermRecord record = segment.Record(ordinal);
            int term = segment.TermId(ordinal);
            documentsOfTerm[term] = documentsOfTerm.GetValueOrDefault(term) + record.PostingCount;
            long blockMaxima = (record.Flags & TermRecord.HasBlockMaxima) != 0 ? maximaSize : 0;
            Add("postings: impacts", record.PostingCount);
            Add("postings: maxima", blockMaxima);
            rest += record.Length - record.PostingCount - blockMaxima;
        }

        Add("postings: scattered documents", segment.ScatteredDocumentBytes);
        Add("postings: window counts", segment.WindowCountBytes);
        Add("postings: dense blocks", BlockLayout.Padding + rest - segment.ScatteredDocumentBytes - segment.WindowCountBytes);
        Add("terms", segment.Parts[1].Length);
        Add("records", segment.Parts[2].Length);
        Add("key ranks", segment.Parts[3].Length);
        Add("preamble and footer", SegmentFooter.PreambleSize + SegmentFooter.Size);
    }
}
