using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>The sparse part of an index, summed over the shards that answered; documents deleted but not yet dropped by a merge count.</summary>
public sealed record SparseIndexStatistics
{
    /// <summary>Documents, those without a vector included.</summary>
    public required long Documents { get; init; }

    /// <summary>Postings.</summary>
    public required long Postings { get; init; }

    /// <summary>Different terms.</summary>
    public required long Terms { get; init; }

    /// <summary>Mean non-zeros a document.</summary>
    public required double TermsPerDocument { get; init; }

    /// <summary>Expected multiplications of a document with a document: Σ over terms of the squared share of documents that have it. Paria et al. 2020, arXiv:2004.05665.</summary>
    public required double ExpectedDocumentFlops { get; init; }

    /// <summary>Expected multiplications of one of some given queries with a document: Σ over terms of the share of queries times the share of documents that have it. Filled by who has the queries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExpectedQueryFlops { get; set; }

    /// <summary>Postings in sealed segments, of which the bytes and the layout are.</summary>
    public required long SealedPostings { get; init; }

    /// <summary>Bytes of all parts for one sealed posting.</summary>
    public required double BytesPerPosting { get; init; }

    /// <summary>Bytes by part of the format, ascending by name.</summary>
    public required IReadOnlyDictionary<string, long> BytesByPart { get; init; }

    /// <summary>What the reordering of documents gained.</summary>
    public required ReorderingGain Reordering { get; init; }

    /// <summary>Which shards answered; the sums cover only those.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>Sealed postings as they lie, beside the expectation for the same postings in a random order of documents.</summary>
public sealed record ReorderingGain
{
    /// <summary>Bytes of documents and impacts.</summary>
    public required long Bytes { get; init; }

    /// <summary>The same in a random order.</summary>
    public required long RandomBytes { get; init; }

    /// <summary>Blocks and single postings that a scan of all postings adds one at a time.</summary>
    public required long Steps { get; init; }

    /// <summary>The same in a random order.</summary>
    public required long RandomSteps { get; init; }

    /// <summary>Share of postings in blocks of five or more of 64 documents, 0 to 1.</summary>
    public required double DenseShare { get; init; }

    /// <summary>The same in a random order.</summary>
    public required double RandomDenseShare { get; init; }
}

/// <summary>Body of <c>POST /v1/indexes/{index}/statistics/terms</c>: sparse terms to count.</summary>
public sealed record TermCountRequest
{
    /// <summary>Term ids, 0 to 2,147,483,647, at most 4,096.</summary>
    public required IReadOnlyList<long> Terms { get; init; }
}

/// <summary>How many documents of an index have each of some sparse terms; documents deleted but not yet dropped by a merge count.</summary>
public sealed record TermCountResponse
{
    /// <summary>Documents of the shards that answered.</summary>
    public required long Documents { get; init; }

    /// <summary>One a term, in the order asked.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>Which shards answered; the counts cover only those.</summary>
    public required Coverage Coverage { get; init; }
}
