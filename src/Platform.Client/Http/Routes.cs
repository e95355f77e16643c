namespace Platform.Client.Http;

/// <summary>The paths of the HTTP interface, below an endpoint.</summary>
internal static class Routes
{
    public const string Indexes = "v1/indexes";

    public const string Embeddings = "v1/embeddings";

    public const string SparseEmbeddings = "v1/sparse-embeddings";

    public static string Model(string model) => $"v1/models/{Segment(model, "model's name")}";

    public static string Index(string index) => $"{Indexes}/{Segment(index, "index name")}";

    public static string Statistics(string index) => $"{Index(index)}/statistics";

    public static string SparseStatistics(string index) => $"{Statistics(index)}?sparse=true";

    public static string TermCounts(string index) => $"{Statistics(index)}/terms";
    public static string Shards(string index) => $"{Index(index)}/shards";

    public static string Operations(string index) => $"{Index(index)}/operations";

    public static string Operation(string index, string id) => $"{Operations(index)}/{Segment(id, "operation id")}";

    public static string Search(string index) => $"{Index(index)}/search";

    public static string Documents(string index) => $"{Index(index)}/documents";

    public static string Snapshots(string index) => $"{Index(index)}/snapshots";

    public static string Snapshot(string index, string snapshot) => $"{Snapshots(index)}/{Segment(snapshot, "snapshot name")}";

    public static string Count(string index) => $"{Documents(index)}/count";

    public static string DeleteMatching(string index) => $"{Documents(index)}/delete";

    public static string DocumentPage(string index, string? cursor, int limit, bool withVectors) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Documents(index)}?limit={limit}{(withVectors ? "&vectors=true" : "")}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");

    public static string Document(string index, string id) => $"{Documents(index)}/{Segment(id, "document id")}";

    public const string TrainingJobs = "v1/training-jobs";

    public static string TrainingJob(string job) => $"{TrainingJobs}/{Segment(job, "job name")}";

    /// <summary>Percent-encodes one path segment, slashes too.</summary>
    /// <exception cref="ArgumentException">It is empty, or <c>.</c> or <c>..</c>: any server resolves those away, even
    /// percent-encoded, and deleting the document <c>..</c> would then delete its index.</exception>
    private static string Segment(string value, string what)
    {
        if (value.Length == 0)
        {
            throw new ArgumentException($"The {what} is empty; it needs at least one character.", nameof(value));
        }

        if (value is "." or "..")
        {
            throw new ArgumentException(
                $"The {what} '{value}' can't stand in a URL; read or delete it by a search or a bulk request.",
                nameof(value));
        }

        return Uri.EscapeDataString(value);
    }
}
