using System.Collections.Concurrent;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Gateway.Tests.Fakes;

/// <summary>An index as a dictionary of its documents.</summary>
/// <param name="Definition">What it is.</param>
internal sealed record InMemoryIndex(IndexDefinition Definition)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _written = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, IngestItem> Documents { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<IndexOperation> Operations { get; } = [];

    public IndexOperation Begin(IndexOperationKind kind, params ShardChange[] changes)
    {
        var operation = new IndexOperation
        {
            Id = $"{kind}-{Operations.Count}",
            Kind = kind,
            State = IndexOperationState.Running,
            Step = "sealing",
            Changes = changes,
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        Operations.Enqueue(operation);
        return operation;
    }

    /// <summary>Ends when a document of the key has been written, now or earlier.</summary>
    public Task WrittenAsync(string documentKey) => SignalOf(documentKey).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Write(IngestItem item)
    {
        Documents[item.DocumentKey] = item;
        SignalOf(item.DocumentKey).TrySetResult();
    }

    private TaskCompletionSource SignalOf(string documentKey) =>
        _written.GetOrAdd(documentKey, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Index, ingest and query grain of one index. A text query finds documents whose text holds it; a sparse one, those with a positive inner product.</summary>
internal sealed class InMemoryIndexGrain(InMemoryGrains grains, string key) : IIndexGrain, IIngestGrain, IQueryGrain
{
    private string Tenant => IndexKey.Parse(key).Tenant;

    private InMemoryIndex Index => grains.Indexes.TryGetValue(key, out InMemoryIndex? index)
        ? index
        : throw new PlatformException(FaultKind.IndexNotFound, $"Index '{IndexKey.Parse(key).Index}' does not exist.");

    public Task<IndexDefinition> CreateAsync(NewIndex index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CopyReport> RestoreAsync(string operation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> AbandonAsync(string operation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ShardListing> ListShardsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ShardListing(Index.Definition.Shards, [], new ShardCoverage(1, [new MissingShard(0, "it sleeps")]), []));

    public Task<IndexOperation> SplitAsync(int? shard, int into, CancellationToken cancellationToken) =>
        Task.FromResult(Index.Begin(IndexOperationKind.Split, new ShardChange([shard ?? 0], [new ShardRange(1, 0, 2047), new ShardRange(2, 2048, 4095)])));

    public Task<IndexOperation> MergeAsync(int[]? shards, int into, CancellationToken cancellationToken) =>
        throw new PlatformException(FaultKind.Conflict, "Another operation runs.");

    public Task<IndexOperation> MoveAsync(ShardChange[] moves, CancellationToken cancellationToken) => Task.FromResult(Index.Begin(IndexOperationKind.Move, moves));

    public Task<ShardChange[]> PlanBalanceAsync(CancellationToken cancellationToken) => Task.FromResult<ShardChange[]>([new ShardChange([0], [], "127.0.0.1:2")]);

    public Task<IndexOperation[]> ListOperationsAsync(CancellationToken cancellationToken) => Task.FromResult(grains.Indexes.GetValueOrDefault(key)?.Operations.ToArray() ?? []);

    public Task<IndexOperation> CancelOperationAsync(string id, CancellationToken cancellationToken) => Task.FromResult(
        Index.Operations.FirstOrDefault(operation => operation.Id == id) ?? throw new PlatformException(FaultKind.NotFound, $"There is no operation '{id}'."));

    public Task MendAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<IndexDefinition?> GetAsync(CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("get", Tenant);
        return grains.Indexes.GetValueOrDefault(key)?.Definition;
    }

    public async Task<IndexReport> ReportAsync(CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("report", Tenant);
        var shard = new ShardReport
        {
            Ordinal = 0,
            Silo = "127.0.0.1:1",
            Epoch = 1,
            Documents = Index.Documents.Count,
            DeletedDocuments = 0,
            Postings = 7,
            TextDocuments = 2,
            TotalLength = 5,
            Segments = 1,
            SegmentBytes = 100,
            LogBytes = 20,
        };
        return new IndexReport([shard], new ShardCoverage(1 + grains.Missing.Length, grains.Missing));
    }

    public async Task<FoundDocument?> GetDocumentAsync(string documentKey, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("get-document", Tenant);
        return Index.Documents.TryGetValue(documentKey, out IngestItem? item)
            ? new FoundDocument { DocumentKey = documentKey, Score = 0, Stored = item.Stored.ToArray() }
            : null;
    }

    public async Task<IngestReply> ApplyAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("apply", Tenant);
        grains.Batches.Enqueue(batch);
        return new IngestReply { Outcomes = [.. batch.Items.Select(Apply)] };
    }

    public async Task<SearchAnswer> SearchAsync(SearchCall search, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("search", Tenant);
        grains.LastSearch = search;
        FoundDocument[] hits = [.. Index.Documents.Values.Select(item => Score(item, search)).Where(hit => hit.Score > 0)];
        return new SearchAnswer
        {
            Hits = [.. hits.OrderByDescending(h => h.Score).ThenBy(h => h.DocumentKey, StringComparer.Ordinal).Skip(search.Offset).Take(search.Top)],
            Coverage = new ShardCoverage(1 + grains.Missing.Length, grains.Missing),
            Facets = search.Facets is null ? null : [.. search.Facets.Select(FacetOf)],
            Work = search.Sparse is null ? null : new SparseWork
            {
                Algorithms = ["BlockMaxPruning"],
                IsExact = search.Pruning is null,
                Segments = 1,
                Superblocks = 2,
                Blocks = 3,
                Documents = 4,
                Postings = 5,
                AllPostings = 6,
            },
        };
    }

    public async Task<DocumentCount> CountAsync(FilterNode? filter, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("count", Tenant);
        grains.LastFilter = filter;
        return new DocumentCount(Index.Documents.Count, new ShardCoverage(1 + grains.Missing.Length, grains.Missing));
    }

    public async Task<PatchStatus> PatchAsync(PatchCall patch, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("patch", Tenant);
        if (!Index.Documents.TryGetValue(patch.DocumentKey, out IngestItem? item))
        {
            return PatchStatus.NotFound;
        }

        bool isExpected = item.Stored.Span.SequenceEqual(patch.Expected.Span);
        if (isExpected)
        {
            Index.Write(item with { Stored = patch.Stored, Fields = patch.Fields });
        }

        return isExpected ? PatchStatus.Updated : PatchStatus.Changed;
    }

    public async Task<long> DeleteMatchingAsync(FilterNode filter, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("delete-matching", Tenant);
        grains.LastFilter = filter;
        return 3;
    }

    public async Task<ScrollPage> ScrollAsync(ScrollCall scroll, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("scroll", Tenant);
        IngestItem[] rest = [.. Index.Documents.Values.OrderBy(item => item.DocumentKey, StringComparer.Ordinal).Where(item => string.CompareOrdinal(item.DocumentKey, scroll.After) > 0)];
        return new ScrollPage
        {
            Documents =
            [
                .. rest.Take(scroll.Limit).Select(item => new ScrolledDocument
                {
                    DocumentKey = item.DocumentKey,
                    Stored = item.Stored,
                    TermIds = scroll.WithVectors && item.Sparse is not null ? item.Sparse.TermIds : default,
                    Impacts = scroll.WithVectors && item.Sparse is not null ? item.Sparse.UnpackWeights().Select(weight => (byte)(2 * weight)).ToArray() : default,
                    Scale = 0.5,
                }),
            ],
            More = rest.Length > scroll.Limit,
            Generation = scroll.Generation ?? Index.Definition.Generation,
        };
    }

    public async Task<SparseIndexReport> MeasureSparseAsync(CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("measure-sparse", Tenant);
        long postings = Index.Documents.Values.Sum(item => (long)(item.Sparse?.Count ?? 0));
        var sums = new SparseSums
        {
            Documents = Index.Documents.Count,
            Postings = postings,
            SealedPostings = postings,
            BytesByPart = [new PartBytes("postings: impacts", postings), new PartBytes("terms", 2 * postings)],
            Layout = new SparseLayout(1, 2, 30),
            RandomLayout = new SparseLayout(0.5, 2.6, 39.7),
        };
        return new SparseIndexReport(sums, 3, 0.75, new ShardCoverage(1 + grains.Missing.Length, grains.Missing));
    }

    public async Task<SparseTermFrequencies> CountSparseTermsAsync(int[] termIds, CancellationToken cancellationToken)
    {
        await grains.AdmitAsync("count-sparse-terms", Tenant);
        long[] counts = [.. termIds.Select(term => (long)Index.Documents.Values.Count(item => item.Sparse?.UnpackTermIds().Contains(term) == true))];
        return new SparseTermFrequencies(Index.Documents.Count, counts, new ShardCoverage(1, []));
    }

    private static FacetCounts FacetOf(FacetWanted wanted) => new()
    {
        Field = wanted.Field,
        Words = wanted.IsWords ? ["en", "de"] : null,
        Scalars = wanted.IsWords ? null : [wanted.Field == "at" ? FieldScalars.OfDate(new DateTimeOffset(2024, 5, 31, 8, 30, 0, TimeSpan.Zero)) : FieldScalars.OfNumber(-2.5), 1],
        Counts = [2, 1],
        Distinct = 7,
    };

    private static FoundDocument Score(IngestItem item, SearchCall search)
    {
        TermMatch[] matches = search.Text is { } text
            ? $"{item.Title} {item.Text}".Contains(text, StringComparison.OrdinalIgnoreCase) ? [new TermMatch(text, 2, 0.5)] : []
            : search.Sparse is { } sparse ? [.. Matches(item.Sparse, sparse)]
            : [];
        double dense = search.Dense is null || item.Dense is null ? 0 : Product(search.Dense.Values, item.Dense.Values);
        return new FoundDocument
        {
            DocumentKey = item.DocumentKey,
            Score = matches.Sum(m => m.QueryWeight * m.DocumentWeight) + dense,
            Stored = search.WithStored ? item.Stored.ToArray() : null,
            Matches = search.Explain ? matches : null,
            Legs = search is { Explain: true, Fusion: not null } ? [new LegPlace(SearchMode.Lexical, 0, 0), new LegPlace(SearchMode.Dense, 1, dense)] : null,
        };
    }

    private static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static IEnumerable<TermMatch> Matches(PackedSparseVector? document, PackedSparseVector query)
    {
        if (document is null)
        {
            return [];
        }

        Dictionary<int, float> weights = query.UnpackTermIds().Zip(query.UnpackWeights()).ToDictionary();
        return document.UnpackTermIds().Zip(document.UnpackWeights())
            .Where(d => weights.ContainsKey(d.First))
            .Select(d => new TermMatch($"{d.First}", weights[d.First], d.Second));
    }

    private ItemOutcome Apply(IngestItem item)
    {
        if (item.Delete)
        {
            return new ItemOutcome(Index.Documents.TryRemove(item.DocumentKey, out _) ? ItemStatus.Deleted : ItemStatus.NotFound);
        }

        if (item.DocumentKey.StartsWith("refuse", StringComparison.Ordinal))
        {
            return new ItemOutcome(ItemStatus.Refused, "a weight is above the index's limit");
        }

        ItemStatus status = Index.Documents.ContainsKey(item.DocumentKey) ? ItemStatus.Updated : ItemStatus.Created;
        Index.Write(item);
        return new ItemOutcome(status);
    }
}
