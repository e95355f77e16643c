using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Client.Contracts;
using Platform.Client.Http;
using Platform.Client.Ingest;

namespace Platform.Client;

/// <summary>One tenant's view of the service, over HTTP. Thread-safe; one instance serves a whole program.</summary>
/// <remarks>
/// Reads, deletes, searches and ingests are repeated after transient faults; <see cref="CreateIndexAsync"/> is not. Every call
/// throws <see cref="PlatformClientException"/> for what the service refuses, and <see cref="OperationCanceledException"/> only for
/// the caller's own token.
/// </remarks>
public sealed class PlatformClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly TimeProvider _time;
    private readonly RetryPolicy _retryPolicy;
    private readonly ApiConnection _connection;

    /// <summary>Makes a client; opens no connection yet.</summary>
    /// <param name="options">Where the service is, and the key.</param>
    /// <param name="http">Sends the requests, with its own timeouts; stays the caller's. Null for a new one.</param>
    /// <param name="time">The clock of timeouts and waits. Null for the system's.</param>
    /// <exception cref="ArgumentException">The options break rules; the message names them all.</exception>
    public PlatformClient(PlatformClientOptions options, HttpClient? http = null, TimeProvider? time = null)
    {
        Require(options.Faults(), nameof(options));
        _ownsHttp = http is null;
        _http = http ?? NewHttpClient(options);
        _time = time ?? TimeProvider.System;
        _retryPolicy = new RetryPolicy(options, _time);
        _connection = new ApiConnection(_http, options, _retryPolicy, _time);
    }

    /// <summary>Creates an index. Not repeated by itself: after a lost answer, <see cref="GetIndexAsync"/> tells.</summary>
    public Task<IndexDescription> CreateIndexAsync(IndexSpec spec, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Indexes, spec, PlatformJson.Default.IndexSpec, isIdempotent: false),
            PlatformJson.Default.IndexDescription,
            cancellationToken);

    /// <summary>An index; null if the tenant has none of that name.</summary>
    public Task<IndexDescription?> GetIndexAsync(string index, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.IndexNotFound,
            () => _connection.SendAsync(Get(Routes.Index(index)), PlatformJson.Default.IndexDescription, cancellationToken));

    /// <summary>The tenant's indexes by ascending name.</summary>
    public async Task<IReadOnlyList<IndexDescription>> ListIndexesAsync(CancellationToken cancellationToken = default) =>
        (await _connection.SendAsync(Get(Routes.Indexes), PlatformJson.Default.IndexList, cancellationToken)).Indexes;

    /// <summary>Deletes an index and its documents; false if there was none. After a lost answer it is asked again, and may then say false.</summary>
    public Task<bool> DeleteIndexAsync(string index, CancellationToken cancellationToken = default) =>
        OrFalseAsync(
            ErrorCodes.IndexNotFound, () => _connection.SendAsync(Delete(Routes.Index(index)), cancellationToken));

    /// <summary>An index's figures; look at their coverage.</summary>
    public Task<IndexStatistics> GetStatisticsAsync(string index, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(Get(Routes.Statistics(index)), PlatformJson.Default.IndexStatistics, cancellationToken);

    /// <summary>An index's figures with those of its sparse part, which every shard has to count; look at their coverage.</summary>
    public Task<IndexStatistics> GetSparseStatisticsAsync(string index, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(Get(Routes.SparseStatistics(index)), PlatformJson.Default.IndexStatistics, cancellationToken);

    /// <summary>How many documents have each of some sparse terms; look at the coverage.</summary>
    public Task<TermCountResponse> CountTermsAsync(
        string index, TermCountRequest request, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.TermCounts(index), request, PlatformJson.Default.TermCountRequest, isIdempotent: true),
            PlatformJson.Default.TermCountResponse,
            cancellationToken);

    /// <summary>Where an index's shards are, and how they stand; look at the coverage.</summary>
    public Task<ShardList> ListShardsAsync(string index, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(Get(Routes.Shards(index)), PlatformJson.Default.ShardList, cancellationToken);

    /// <summary>Begins to split, merge, move or rebalance shards. Not repeated by itself: after a lost answer, <see cref="ListOperationsAsync"/> tells.</summary>
    public Task<OperationDescription> BeginOperationAsync(string index, OperationSpec operation, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Operations(index), operation, PlatformJson.Default.OperationSpec, isIdempotent: false),
            PlatformJson.Default.OperationDescription,
            cancellationToken);

    /// <summary>The running operation of an index, then the latest that have ended.</summary>
    public async Task<IReadOnlyList<OperationDescription>> ListOperationsAsync(string index, CancellationToken cancellationToken = default) =>
        (await _connection.SendAsync(Get(Routes.Operations(index)), PlatformJson.Default.OperationList, cancellationToken)).Operations;

    /// <summary>How an operation stands; null if the index has none of that id.</summary>
    public Task<OperationDescription?> GetOperationAsync(string index, string id, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.NotFound,
            () => _connection.SendAsync(Get(Routes.Operation(index, id)), PlatformJson.Default.OperationDescription, cancellationToken));

    /// <summary>Asks an operation to end, and tells how it stands.</summary>
    public Task<OperationDescription> CancelOperationAsync(string index, string id, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(Delete(Routes.Operation(index, id)), PlatformJson.Default.OperationDescription, cancellationToken);

    /// <summary>What was stored for a document; null if the index has none of that id.</summary>
    /// <exception cref="ArgumentException">The id is empty, <c>.</c> or <c>..</c>: it can't stand in a URL.</exception>
    public Task<StoredDocument?> GetDocumentAsync(
        string index, string id, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.DocumentNotFound,
            () => _connection.SendAsync(Get(Routes.Document(index, id)), PlatformJson.Default.StoredDocument, cancellationToken));

    /// <summary>Sets or takes away fields of a document without encoding it again; null if the index has none of that id.</summary>
    /// <returns>What is stored then.</returns>
    /// <exception cref="ArgumentException">The id is empty, <c>.</c> or <c>..</c>: it can't stand in a URL.</exception>
    public Task<StoredDocument?> PatchDocumentAsync(string index, string id, DocumentPatch patch, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.DocumentNotFound,
            () => _connection.SendAsync(
                Post(Routes.Document(index, id), patch, PlatformJson.Default.DocumentPatch, isIdempotent: true) with { Method = HttpMethod.Patch },
                PlatformJson.Default.StoredDocument,
                cancellationToken));

    /// <summary>One page of an index's documents by ascending id.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cursor">The <see cref="DocumentPage.Next"/> of the page before; null for the first.</param>
    /// <param name="limit">How many at most, 1 to 1,000.</param>
    /// <param name="withVectors">Whether documents carry their sparse vectors.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<DocumentPage> GetDocumentsAsync(
        string index, string? cursor = null, int limit = 100, bool withVectors = false, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Get(Routes.DocumentPage(index, cursor, limit, withVectors)), PlatformJson.Default.DocumentPage, cancellationToken);

    /// <summary>All documents of an index by ascending id: one that is there all the while comes exactly once, whatever is written meanwhile.</summary>
    /// <param name="index">The index.</param>
    /// <param name="withVectors">Whether documents carry their sparse vectors.</param>
    /// <param name="pageSize">Documents a request, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<WholeDocument> ReadDocumentsAsync(
        string index, bool withVectors = false, int pageSize = 1_000, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            DocumentPage page = await GetDocumentsAsync(index, cursor, pageSize, withVectors, cancellationToken);
            foreach (WholeDocument document in page.Documents)
            {
                yield return document;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Deletes a document; false if the index had none of that id. After a lost answer it is asked again, and may then say false.</summary>
    /// <exception cref="ArgumentException">The id is empty, <c>.</c> or <c>..</c>: it can't stand in a URL; ingest a delete instead.</exception>
    public Task<bool> DeleteDocumentAsync(string index, string id, CancellationToken cancellationToken = default) =>
        OrFalseAsync(
            ErrorCodes.DocumentNotFound,
            () => _connection.SendAsync(Delete(Routes.Document(index, id)), cancellationToken));

    /// <summary>The best documents for a query; look at the coverage before trusting an absence.</summary>
    public Task<SearchResponse> SearchAsync(
        string index, SearchRequest request, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Search(index), request, PlatformJson.Default.SearchRequest, isIdempotent: true),
            PlatformJson.Default.SearchResponse,
            cancellationToken);

    /// <summary>How many documents match a filter; null counts all. Look at the coverage.</summary>
    public Task<CountResponse> CountAsync(string index, Filter? filter = null, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Count(index), new CountRequest { Filter = filter }, PlatformJson.Default.CountRequest, isIdempotent: true),
            PlatformJson.Default.CountResponse,
            cancellationToken);

    /// <summary>Deletes every document that matches a filter; returns how many, once they are durably deleted. After a lost answer it is asked again, and counts what was left.</summary>
    public async Task<long> DeleteMatchingAsync(string index, Filter filter, CancellationToken cancellationToken = default) =>
        (await _connection.SendAsync(
            Post(Routes.DeleteMatching(index), new DeleteRequest { Filter = filter }, PlatformJson.Default.DeleteRequest, isIdempotent: true),
            PlatformJson.Default.DeleteResponse,
            cancellationToken)).Deleted;

    /// <summary>Dense vectors of texts, outside of any index, from a model with a dense head.</summary>
    public Task<EmbeddingResponse> EmbedAsync(EmbeddingRequest request, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Embeddings, request, PlatformJson.Default.EmbeddingRequest, isIdempotent: true),
            PlatformJson.Default.EmbeddingResponse,
            cancellationToken);

    /// <summary>Sparse vectors of texts, outside of any index, from a model with a sparse head.</summary>
    public Task<SparseEmbeddingResponse> EmbedSparseAsync(EmbeddingRequest request, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.SparseEmbeddings, request, PlatformJson.Default.EmbeddingRequest, isIdempotent: true),
            PlatformJson.Default.SparseEmbeddingResponse,
            cancellationToken);

    /// <summary>What a model of the cluster's store is; an encoder loads it if it is not loaded.</summary>
    public Task<ModelDescription> GetModelAsync(string model, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(Get(Routes.Model(model)), PlatformJson.Default.ModelDescription, cancellationToken);

    /// <summary>Starts a training job; the same name and recipe once more changes nothing, so it is repeated after transient faults.</summary>
    public Task<TrainingJob> SubmitTrainingAsync(TrainingJobSpec spec, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.TrainingJobs, spec, PlatformJson.Default.TrainingJobSpec, isIdempotent: true), PlatformJson.Default.TrainingJob, cancellationToken);

    /// <summary>How a training job goes; null if the tenant has none of that name.</summary>
    public Task<TrainingJob?> GetTrainingAsync(string job, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.JobNotFound, () => _connection.SendAsync(Get(Routes.TrainingJob(job)), PlatformJson.Default.TrainingJob, cancellationToken));

    /// <summary>The tenant's training jobs by ascending name.</summary>
    public async Task<IReadOnlyList<TrainingJob>> ListTrainingAsync(CancellationToken cancellationToken = default) =>
        (await _connection.SendAsync(Get(Routes.TrainingJobs), PlatformJson.Default.TrainingJobList, cancellationToken)).Jobs;

    /// <summary>Saves and stops a training job; null if the tenant has none of that name.</summary>
    public Task<TrainingJob?> CancelTrainingAsync(string job, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.JobNotFound, () => _connection.SendAsync(Post($"{Routes.TrainingJob(job)}/cancel"), PlatformJson.Default.TrainingJob, cancellationToken));

    /// <summary>Goes on with a training job that was cancelled or failed; null if the tenant has none of that name.</summary>
    public Task<TrainingJob?> ResumeTrainingAsync(string job, CancellationToken cancellationToken = default) =>
        OrNullAsync(
            ErrorCodes.JobNotFound, () => _connection.SendAsync(Post($"{Routes.TrainingJob(job)}/resume"), PlatformJson.Default.TrainingJob, cancellationToken));

    /// <summary>Writes and deletes documents, in requests of bounded size, several under way; returns when the fate of every item is known.</summary>
    /// <param name="index">An existing index.</param>
    /// <param name="items">The operations. Those on one id are carried out in this order. Read only as fast as the service takes them.</param>
    /// <param name="options">Sizes and retries; null for the defaults.</param>
    /// <param name="progress">Told after each request, one report at a time.</param>
    /// <param name="cancellationToken">Ends it; what was acknowledged stays, the fate of up to
    /// <see cref="IngestOptions.MaxRequestsInFlight"/> requests is then unknown.</param>
    /// <returns>The counts, and the items that failed: look at <see cref="IngestSummary.IsComplete"/>.</returns>
    /// <exception cref="IngestStoppedException">It ended before the source did; the exception carries the counts.</exception>
    public async Task<IngestSummary> IngestAsync(
        string index,
        IAsyncEnumerable<BulkItem> items,
        IngestOptions? options = null,
        IProgress<IngestProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using IngestRun run = NewRun(index, options ?? new IngestOptions(), progress);
        await foreach (IngestResult _ in run.RunAsync(items, cancellationToken))
        {
            // The run counts them.
        }

        return run.Summary;
    }

    /// <summary>As <see cref="IngestAsync"/>, but hands over each item's fate as it becomes known, in no particular order.</summary>
    /// <remarks>A slow reader of the results slows the source down. To stop reading them stops the ingest.</remarks>
    /// <exception cref="IngestStoppedException">After the last result: it ended before the source did.</exception>
    public IAsyncEnumerable<IngestResult> IngestResultsAsync(
        string index,
        IAsyncEnumerable<BulkItem> items,
        IngestOptions? options = null,
        IProgress<IngestProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ResultsAsync(NewRun(index, options ?? new IngestOptions(), progress), items, cancellationToken);

    /// <summary>Begins to take a snapshot of an index while writes go on. Not repeated by itself: after a lost answer, <see cref="ListOperationsAsync"/> tells.</summary>
    public Task<OperationDescription> BeginSnapshotAsync(string index, string snapshot, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post(Routes.Snapshots(index), new SnapshotSpec { Name = snapshot }, PlatformJson.Default.SnapshotSpec, isIdempotent: false),
            PlatformJson.Default.OperationDescription,
            cancellationToken);

    /// <summary>An index's snapshots, oldest first; also of an index that was deleted.</summary>
    public async Task<IReadOnlyList<SnapshotDescription>> ListSnapshotsAsync(string index, CancellationToken cancellationToken = default) =>
        (await _connection.SendAsync(Get(Routes.Snapshots(index)), PlatformJson.Default.SnapshotList, cancellationToken)).Snapshots;

    /// <summary>Begins to make a new index of a snapshot. Not repeated by itself: after a lost answer, <see cref="ListOperationsAsync"/> tells.</summary>
    public Task<OperationDescription> BeginRestoreAsync(
        string index, string snapshot, RestoreSpec spec, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            Post($"{Routes.Snapshot(index, snapshot)}/restore", spec, PlatformJson.Default.RestoreSpec, isIdempotent: false),
            PlatformJson.Default.OperationDescription,
            cancellationToken);

    /// <summary>Deletes a snapshot; false if there was none. After a lost answer it is asked again, and may then say false.</summary>
    public Task<bool> DeleteSnapshotAsync(string index, string snapshot, CancellationToken cancellationToken = default) =>
        OrFalseAsync(
            ErrorCodes.SnapshotNotFound, () => _connection.SendAsync(Delete(Routes.Snapshot(index, snapshot)), cancellationToken));

    /// <summary>Closes the connections, unless they are the caller's.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private static async IAsyncEnumerable<IngestResult> ResultsAsync(
        IngestRun run, IAsyncEnumerable<BulkItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (run)
        {
            await foreach (IngestResult result in run.RunAsync(items, cancellationToken))
            {
                yield return result;
            }
        }
    }

    private IngestRun NewRun(string index, IngestOptions options, IProgress<IngestProgress>? progress)
    {
        Require(options.Faults(), nameof(options));
        return new IngestRun(new BatchSender(_connection, _retryPolicy, index, options), options, progress, _time);
    }

    private static HttpClient NewHttpClient(PlatformClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,   // the key goes nowhere but to the endpoints
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),   // follow changes of DNS
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };   // each attempt has its own
    }

    private static void Require(IReadOnlyList<string> faults, string parameter)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), parameter);
        }
    }

    private static ApiCall Post(string path) => new() { Method = HttpMethod.Post, Path = path, IsIdempotent = true };

    private static ApiCall Get(string path) => new() { Method = HttpMethod.Get, Path = path, IsIdempotent = true };

    private static ApiCall Delete(string path) =>
        new() { Method = HttpMethod.Delete, Path = path, IdempotencyKey = Guid.NewGuid(), IsIdempotent = true };

    private static ApiCall Post<T>(string path, T value, JsonTypeInfo<T> type, bool isIdempotent)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return new ApiCall
        {
            Method = HttpMethod.Post,
            Path = path,
            Body = () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            IsIdempotent = isIdempotent,
        };
    }

    private static async Task<T?> OrNullAsync<T>(string absent, Func<Task<T>> callAsync)
        where T : class
    {
        try
        {
            return await callAsync();
        }
        catch (PlatformClientException fault) when (string.Equals(fault.Code, absent, StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static async Task<bool> OrFalseAsync(string absent, Func<Task> callAsync)
    {
        try
        {
            await callAsync();
            return true;
        }
        catch (PlatformClientException fault) when (string.Equals(fault.Code, absent, StringComparison.Ordinal))
        {
            return false;
        }
    }
}
