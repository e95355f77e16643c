namespace Platform.Gateway.Hosting;

/// <summary>The gateway's limits, section <c>Gateway</c> of the configuration. The defaults are those that the HTTP contract states.</summary>
public sealed class GatewayOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Gateway";

    /// <summary>The most bytes of one line of a bulk request, that is of one document: 1,024 to 16,777,216; default 1,048,576.</summary>
    public int MaxLineBytes { get; set; } = 1 << 20;

    /// <summary>The most documents that one bulk request applies, 1 to 1,000,000; default 100,000. Lines beyond it fail.</summary>
    public int MaxDocumentsPerRequest { get; set; } = 100_000;

    /// <summary>The most lines of a bulk request that go to the cluster in one call, 1 to 10,000; default 256.</summary>
    public int BatchItems { get; set; } = 256;

    /// <summary>The most bytes of lines in one such call, 1,024 to 16,777,216; default 524,288. A longer line goes alone.</summary>
    public int BatchBytes { get; set; } = 512 * 1024;

    /// <summary>How many such calls of one request run at a time, 1 to 64; default 4. The body is read no further until one ends.</summary>
    public int BatchesInFlight { get; set; } = 4;

    /// <summary>Answers, in bytes, that wait for a client that sends but does not read, 65,536 to 1,073,741,824; default 16,777,216. Beyond it the body is read no further.</summary>
    public int MaxUnreadAnswerBytes { get; set; } = 16 << 20;

    /// <summary>The most bytes of any other body, 1,024 to 16,777,216; default 1,048,576.</summary>
    public int MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>The most bytes of a request for embeddings, 1,024 to 16,777,216; default 8,388,608.</summary>
    public int MaxEmbeddingBodyBytes { get; set; } = 8 << 20;

    /// <summary>The most texts of a request for embeddings, 1 to 65,536; default 2,048.</summary>
    public int MaxEmbeddingInputs { get; set; } = 2_048;

    /// <summary>The most terms of a sparse vector, 1 to 65,536; default 4,096.</summary>
    public int MaxSparseTerms { get; set; } = 4_096;

    /// <summary>The most bytes of a query's text in UTF-8, 1 to 1,048,576; default 32,768.</summary>
    public int MaxQueryTextBytes { get; set; } = 32_768;

    /// <summary>The most hits counted from the first, that is top plus offset, 1 to 100,000; default 10,000.</summary>
    public int MaxHits { get; set; } = 10_000;

    /// <summary>How long a key that was found valid is not asked for again, and so how long a revoked key still works: 0 to 10 minutes; default 30 seconds.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromSeconds(30);
}
