using System.Collections.Concurrent;
using System.Text;
using Platform.Indexing.Dense;
using Platform.Indexing.Fields;
using Platform.Indexing.Lexical;
using Platform.Indexing.Ranking;
using Platform.Indexing.Snapshots;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Shards;

/// <summary>A log-structured index of some documents: log, memory segment, sealed segments, deletions, manifest. See FORMAT.md.</summary>
/// <remarks>
/// An acknowledged write is durable and searchable, and survives any crash; a write sent twice is applied once.
/// Any number of threads may call it. Searches are synchronous and use the calling thread.
/// Opening reads no segment through: a part is checked when it is first used, so any call may end in a
/// <see cref="SegmentFormatException"/>, <see cref="SparseFormatException"/> or <see cref="DenseFormatException"/> that names the damaged part, and never in a wrong answer.
/// </remarks>
public sealed class Shard : IAsyncDisposable
{
    private readonly ConcurrentBag<SparseSearchers> _searchers = [];
    private readonly ConcurrentBag<DenseSearcher> _denseSearchers = [];
    private readonly ShardScroll _scroll = new();
    private readonly ShardState _state;
    private readonly ShardFiles _files;
    private readonly ShardWriter _writer;

    private Shard(ShardState state, ShardFiles files, ShardWriter writer)
    {
        _state = state;
        _files = files;
        _writer = writer;
    }

    /// <summary>How often the shard's ownership has passed on, this time included.</summary>
    public long Epoch => _files.Epoch;

    /// <summary>The buckets that it owns; null for all.</summary>
    public BucketRange? Buckets => _files.Manifest.Buckets;

    /// <summary>Completes, with the reason, when the shard can go on no longer: another owner, or a store that fails. Dispose it and open it again.</summary>
    public Task<Exception> Fault => _writer.Fault;

    /// <summary>Takes a shard over and replays its log; makes it if there is none.</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="folder">Its blobs' common prefix, without a slash at the end.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="cancellationToken">Gives up; the shard stays as it is.</param>
    /// <exception cref="ShardCorruptException">Stored data does not hold; the shard is left as found.</exception>
    /// <exception cref="SegmentFormatException">A segment does not hold; the shard is left as found.</exception>
    /// <exception cref="SparseFormatException">A segment's sparse part does not hold; the shard is left as found.</exception>
    /// <exception cref="DenseFormatException">A segment's dense part does not hold; the shard is left as found.</exception>
    public static Task<Shard> OpenAsync(IBlobStore store, string folder, ShardOptions options, CancellationToken cancellationToken) =>
        OpenAsync(store, folder, options, create: true, cancellationToken);

    /// <summary>Takes over a shard that <see cref="MakeAsync"/> made, and replays its log.</summary>
    /// <exception cref="ShardMissingException">There is none.</exception>
    /// <exception cref="ShardCorruptException">Stored data does not hold; the shard is left as found.</exception>
    /// <exception cref="SegmentFormatException">A segment does not hold; the shard is left as found.</exception>
    /// <exception cref="SparseFormatException">A segment's sparse part does not hold; the shard is left as found.</exception>
    /// <exception cref="DenseFormatException">A segment's dense part does not hold; the shard is left as found.</exception>
    public static Task<Shard> OpenMadeAsync(IBlobStore store, string folder, ShardOptions options, CancellationToken cancellationToken) =>
        OpenAsync(store, folder, options, create: false, cancellationToken);

    /// <summary>Makes a shard without opening it: empty, or with the documents that retired shards have in its buckets. Safe to repeat.</summary>
    /// <param name="store">Where all of them lie.</param>
    /// <param name="folder">The new shard's, beside the sources'.</param>
    /// <param name="buckets">What it owns; it refuses writes to others.</param>
    /// <param name="sources">The retired shards' folders. It borrows their segments until it has rewritten them: they must stay so long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">A source is not retired.</exception>
    /// <exception cref="ShardCorruptException">A source is missing or damaged.</exception>
    public static Task MakeAsync(
        IBlobStore store, string folder, BucketRange buckets, IReadOnlyList<string> sources, CancellationToken cancellationToken) =>
        ShardHandover.MakeAsync(store, folder, buckets, sources, cancellationToken);

    private static async Task<Shard> OpenAsync(IBlobStore store, string folder, ShardOptions options, bool create, CancellationToken cancellationToken)
    {
        var state = new ShardState();
        try
        {
            ShardFiles files = await ShardFiles.OpenAsync(store, folder, state, create, cancellationToken);
            var maintenance = new ShardMaintenance(state, files, options);
            maintenance.Load();
            return new Shard(state, files, new ShardWriter(state, files, maintenance, options));
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Brings the segments of a shard that another owner has near, for an opening that will follow; changes nothing. Returns their bytes.</summary>
    /// <exception cref="ShardCorruptException">Stored data does not hold.</exception>
    /// <exception cref="SegmentFormatException">A segment does not hold.</exception>
    /// <exception cref="SparseFormatException">A segment's sparse part does not hold.</exception>
    /// <exception cref="DenseFormatException">A segment's dense part does not hold.</exception>
    public static Task<long> WarmAsync(IBlobStore store, string folder, CancellationToken cancellationToken) => ShardWarming.WarmAsync(store, folder, cancellationToken);

    /// <summary>Deletes a shard's blobs. Nobody may have it open. Safe to repeat.</summary>
    public static async Task DestroyAsync(IBlobStore store, string folder, CancellationToken cancellationToken)
    {
        string manifest = folder + "/manifest";
        foreach (BlobInfo blob in await store.ListAsync(folder + "/", cancellationToken))
        {
            if (blob.Name != manifest)
            {
                await store.DeleteAsync(blob.Name, cancellationToken);
            }
        }

        await store.DeleteAsync(manifest, cancellationToken);      // last: a shard half destroyed does not look like a new one
    }

    /// <summary>The bucket of a document key: the top <paramref name="bits"/> bits of its 64-bit hash.</summary>
    public static int BucketOf(string documentKey, int bits = 12) => (int)(Segment.HashOf(Encoding.UTF8.GetBytes(documentKey)) >> (64 - bits));

    /// <summary>Applies a batch packed by <see cref="ShardBatch"/>; returns one outcome an operation when all are durable and searchable.</summary>
    /// <exception cref="InvalidDataException">The bytes are no batch; nothing was applied.</exception>
    /// <exception cref="DenseVectorException">A vector can't be kept, or has another dimension or precision than the shard's others; nothing was applied.</exception>
    /// <exception cref="ShardBusyException">Too much waits; nothing was applied.</exception>
    /// <exception cref="ShardFencedException">Another owner has the shard; the outcome is unknown, send the same bytes again.</exception>
    /// <exception cref="ObjectDisposedException">The shard is closing; nothing was applied.</exception>
    /// <exception cref="WrongShardException">It owns not all of the buckets, or is retired; nothing was applied.</exception>
    /// <remarks>Once the shard has a <see cref="Fault"/>, every call fails with it.</remarks>
    public Task<WriteOutcome[]> ApplyAsync(ReadOnlyMemory<byte> batch) =>
        _writer.WriteAsync(batch, ShardBatchReader.Validate(batch.Span, out VectorLayout? vectors, _files.Manifest.Buckets), vectors);

    /// <summary>Seals all that is acknowledged, while writes go on: whoever opens the shard next has little to replay.</summary>
    public Task SealAsync() => _writer.SealAsync();

    /// <summary>Fixes what the shard holds at one moment, while searches go on and writes wait a little.</summary>
    /// <param name="limit">Writes go on after this time even if nobody releases them.</param>
    /// <remarks>
    /// Wait for <see cref="ShardCut.Held"/>, release it, copy it, dispose it. A shard can have several. With <see cref="SealAsync"/> shortly before,
    /// writes wait less: a merge that runs is waited for.
    /// </remarks>
    public ShardCut Cut(TimeSpan limit) => new(_writer, limit);

    /// <summary>Ends writing, for good or until <see cref="ReviveAsync"/>: what was queued is applied, the rest refused, everything sealed.</summary>
    /// <param name="by">Names the operation; whoever opens the shard later finds it retired.</param>
    /// <remarks>Searches go on, and find what the last write left. Safe to repeat.</remarks>
    public Task RetireAsync(string by) => _writer.RetiredBy is null ? _writer.RetireAsync(by) : Task.CompletedTask;

    /// <summary>Takes writes again after <see cref="RetireAsync"/>. Safe to repeat.</summary>
    public Task ReviveAsync() => _writer.RetiredBy is null ? Task.CompletedTask : _writer.ReviveAsync();

    /// <summary>Rewrites the segments that the shard borrows, while writes go on; then it needs its sources no more.</summary>
    public Task CompactAsync() => _writer.CompactAsync();

    /// <summary>Live documents with text, the sum of their lengths, and how many hold each term.</summary>
    public (long Documents, long TotalLength, long[] DocumentFrequencies) CountTerms(
        IReadOnlyList<string> terms, CancellationToken cancellationToken = default) => _state.Read(state =>
    {
        long documents = 0;
        long totalLength = 0;
        long[] frequencies = new long[terms.Count];
        foreach (Segment segment in state.Segments)
        {
            documents += segment.TextDocuments;
            totalLength += segment.TotalLength;
            for (int i = 0; i < frequencies.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();      // with deletions, a count walks the term's list
                frequencies[i] += segment.LiveFrequency(terms[i]);
            }
        }

        return (documents, totalLength, frequencies);
    });

    /// <summary>The best documents by BM25: score descending, then key ascending by UTF-8 bytes.</summary>
    /// <param name="query">Words with their weights.</param>
    /// <param name="top">How many.</param>
    /// <param name="cancellationToken">Ends the search within a few milliseconds.</param>
    public ShardHit[] Search(LexicalQuery query, int top, CancellationToken cancellationToken) => Search(query, top, filter: null, cancellationToken);

    /// <summary>The best documents by BM25 among those that match a filter: score descending, then key ascending by UTF-8 bytes.</summary>
    /// <param name="query">Words with their weights, which do not depend on the filter.</param>
    /// <param name="top">How many.</param>
    /// <param name="filter">The only documents that may be found; null for all.</param>
    /// <param name="cancellationToken">Ends the search within a few milliseconds.</param>
    public ShardHit[] Search(LexicalQuery query, int top, FieldFilter? filter, CancellationToken cancellationToken)
    {
        var work = new SearchWork(cancellationToken);
        return Search(top, filter, (segment, matches, topK) => LexicalSearch.Search(segment, query, topK, work, matches));
    }

    /// <summary>The best documents by sparse inner product: score descending, then key ascending by UTF-8 bytes; exact.</summary>
    /// <param name="query">Quantised query.</param>
    /// <param name="documentScale">Weight of one document impact step.</param>
    /// <param name="top">How many.</param>
    /// <param name="cancellationToken">Ends the search within a few milliseconds.</param>
    public ShardHit[] Search(ImpactQuery query, double documentScale, int top, CancellationToken cancellationToken) =>
        Search(query, documentScale, top, SparsePruning.None, filter: null, cancellationToken).Hits;

    /// <summary>The best documents by sparse inner product, exact or as asked, and what finding them took.</summary>
    /// <param name="query">Quantised query.</param>
    /// <param name="documentScale">Weight of one document impact step.</param>
    /// <param name="top">How many.</param>
    /// <param name="pruning">How far from exact the answer may be.</param>
    /// <param name="filter">The only documents that may be found; null for all.</param>
    /// <param name="cancellationToken">Ends the search within a few milliseconds.</param>
    public SparseAnswer Search(
        ImpactQuery query, double documentScale, int top, SparsePruning pruning, FieldFilter? filter, CancellationToken cancellationToken)
    {
        ImpactQuery used = query.KeepShare(pruning.TermShare);
        var run = new SparseRunSum(pruning);
        if (used.TermIds.Count == 0 || top == 0)
        {
            return new SparseAnswer([], run.Total());
        }

        int[] termIds = [.. used.TermIds];
        int[] impacts = [.. used.Impacts];
        double scale = documentScale * query.Scale;
        var options = new SparseSearchOptions(top, WindowFactor: pruning.SuperblockFactor, BlockFactor: pruning.BlockFactor, Work: new SearchWork(cancellationToken));
        SparseSearchers searchers = _searchers.TryTake(out SparseSearchers? idle) ? idle : new SparseSearchers();
        ShardHit[] hits = Search(top, filter, (segment, matches, topK) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            SparseTopK found = segment.Search(searchers, termIds, impacts, options, matches);
            run.Add(found.Execution);
            foreach (SparseHit hit in found.Hits)
            {
                topK.Offer(segment, hit.DocId, hit.Score * scale);
            }
        });
        _searchers.Add(searchers);                           // not after a fault: then its state is whatever it was
        return new SparseAnswer(hits, run.Total());
    }

    /// <summary>The best documents by dense inner product: score descending, then key ascending by UTF-8 bytes; exact for the stored vectors.</summary>
    /// <param name="query">One float a dimension. Documents without a vector are never found.</param>
    /// <param name="top">How many.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DenseVectorException">The query has another dimension than the shard's vectors, is not finite or too large.</exception>
    public ShardHit[] SearchDense(ReadOnlyMemory<float> query, int top, CancellationToken cancellationToken) =>
        SearchDense(query, top, filter: null, cancellationToken);

    /// <summary>The best documents by dense inner product among those that match a filter; exact for the stored vectors.</summary>
    /// <param name="query">One float a dimension. Documents without a vector are never found.</param>
    /// <param name="top">How many.</param>
    /// <param name="filter">The only documents that may be found; null for all.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DenseVectorException">The query has another dimension than the shard's vectors, is not finite or too large.</exception>
    public ShardHit[] SearchDense(ReadOnlyMemory<float> query, int top, FieldFilter? filter, CancellationToken cancellationToken)
    {
        if (top == 0)
        {
            return [];
        }

        DenseSearcher searcher = _denseSearchers.TryTake(out DenseSearcher? idle) ? idle : new DenseSearcher();
        ShardHit[] hits = Search(top, filter, (segment, matches, topK) =>
        {
            if (segment.Vectors is { } vectors)
            {
                var scope = new DenseScope
                {
                    Deleted = segment.Deleted.Words,
                    TieOrder = segment.ByKey,
                    HasFilter = matches is not null,
                    Allowed = matches is null ? default : matches.Allowed,
                };
                foreach (DenseHit hit in searcher.Search(vectors, query.Span, top, scope, cancellationToken: cancellationToken).Hits)
                {
                    topK.Offer(segment, hit.DocId, hit.Score);
                }
            }
        });
        _denseSearchers.Add(searcher);
        return hits;
    }

    /// <summary>One document's stored bytes; null if there is no such document.</summary>
    public byte[]? Fetch(string documentKey) => With<byte[]?>(documentKey, null, (segment, docId) => segment.StoredOf(docId));

    /// <summary>The weight of each query term in one document, in the query's order; null if there is no such document.</summary>
    public double[]? Explain(string documentKey, LexicalQuery query) =>
        With<double[]?>(documentKey, null, (segment, docId) => LexicalSearch.DocumentWeights(segment, docId, query));

    /// <summary>The weight of each query term in one document, in the query's order; null if there is no such document.</summary>
    public double[]? Explain(string documentKey, ImpactQuery query, double documentScale) =>
        With<double[]?>(documentKey, null, (segment, docId) =>
            [.. query.TermIds.Select(termId => segment.ImpactOf(termId, docId) * documentScale)]);

    /// <summary>The next documents in ascending order of their keys by UTF-8 bytes; of one moment, while writes go on.</summary>
    public ShardPage Scroll(ScrollRequest request, CancellationToken cancellationToken) => _scroll.Read(_state, request, cancellationToken);

    /// <summary>How many documents match a filter; null counts all.</summary>
    public long Count(FieldFilter? filter, CancellationToken cancellationToken) => _state.Read(state => state.Segments.Sum(segment =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return filter is null ? segment.DocumentCount - segment.Deleted.Count : (long)segment.Match(filter).LiveCount(segment.Deleted.Words);
    }));

    /// <summary>The first documents that a search matches in the order of a field.</summary>
    public SortedHit[] SearchSorted(QueryMatches matches, FieldSort sort, int top, CancellationToken cancellationToken) => _state.Read(state =>
    {
        var search = new SortedSearch(sort, top);
        foreach (Segment segment in state.Segments)
        {
            search.Add(segment, matches.Of(segment, cancellationToken));
        }

        return search.Drain();
    });

    /// <summary>One document with its value of a field; null if there is no such document.</summary>
    public SortedHit? ValueOf(string documentKey, FieldSort sort) =>
        With<SortedHit?>(documentKey, null, (segment, docId) => SortedSearch.ValueOf(segment, docId, sort, documentKey));

    /// <summary>Counts values of fields over the documents that a search matches.</summary>
    /// <exception cref="FacetLimitException">A field has too many different values.</exception>
    public void CountFacets(QueryMatches matches, IReadOnlyList<FacetCounter> facets, CancellationToken cancellationToken) => _state.Read(state =>
    {
        foreach (Segment segment in state.Segments)
        {
            ulong[] documents = matches.Of(segment, cancellationToken);
            foreach (FacetCounter facet in facets)
            {
                facet.Add(segment.Fields, documents);
            }
        }

        return true;
    });

    /// <summary>Deletes some of the documents that match a filter; they match at the moment of their deletion, since no write comes between.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many, once they are durably deleted; fewer than <paramref name="most"/> means that none matches any more.</returns>
    /// <exception cref="SegmentFormatException">A part that the filter needs is damaged; nothing was deleted.</exception>
    /// <exception cref="ShardFencedException">As of <see cref="ApplyAsync"/>, as are the others.</exception>
    public Task<int> DeleteMatchingAsync(FieldFilter filter, int most) => _writer.WriteOfStateAsync(state => MatchingDeletes.Of(state, filter, most));

    /// <summary>Replaces what is stored of a document, and its fields, without its encoder. Reads every posting of the document's segment, in slices.</summary>
    /// <exception cref="InvalidDataException">The fields are not packed values; nothing was applied.</exception>
    /// <exception cref="WrongShardException">The key is another shard's, or the shard is retired; nothing was applied.</exception>
    /// <exception cref="ShardFencedException">As of <see cref="ApplyAsync"/>, as are the others.</exception>
    public Task<PatchOutcome> PatchAsync(ShardPatch patch, CancellationToken cancellationToken) =>
        Buckets is { } owned && !owned.Contains(Encoding.UTF8.GetBytes(patch.DocumentKey))
            ? throw WrongShardException.Outside(owned)
            : patch.ApplyAsync(_state, _writer, cancellationToken);

    /// <summary>The packed field values of a document, as <see cref="FieldValue.Pack"/> gives them; null if there is no such document.</summary>
    public byte[]? FieldsOf(string documentKey) => With<byte[]?>(documentKey, null, (segment, docId) => segment.Fields.ValuesOf(docId));

    /// <summary>The shard's figures.</summary>
    public ShardFigures Measure() => _state.Read(state => ShardFigures.Of(state, _writer));

    /// <summary>What the sparse part holds, in sums that add up over shards.</summary>
    public SparseFigures MeasureSparse() => _state.Read(SparseMeasure.Figures);

    /// <summary>Sparse terms above one, ascending, with the documents that have each.</summary>
    /// <param name="after">Terms above this; -1 for all.</param>
    /// <param name="most">How many terms at most, at least 1.</param>
    public SparseTermCounts ListSparseTerms(int after, int most) => _state.Read(state => SparseMeasure.Terms(state, after, most));

    /// <summary>How many documents have each of some sparse terms, and how many there are; deleted ones that no merge has dropped count.</summary>
    public (long Documents, long[] Counts) CountSparseTerms(int[] termIds) =>
        _state.Read(state => (state.Segments.Sum(segment => (long)segment.DocumentCount), SparseMeasure.Count(state, termIds)));

    /// <summary>Finishes what was queued and closes; the data stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _state.Dispose();
    }

    private ShardHit[] Search(int top, FieldFilter? filter, Action<Segment, FilterMatches?, TopK> search) => _state.Read(state =>
    {
        var topK = new TopK(top);
        foreach (Segment segment in state.Segments)
        {
            if (segment.DocumentCount > 0)
            {
                FilterMatches? matches = filter is null ? null : segment.Match(filter);
                if (matches?.Count != 0)
                {
                    _ = segment.KeyOf(0);                    // damage of the keys shows here: from a comparer it would come out of a sort as another exception
                    search(segment, matches, topK);
                }
            }
        }

        return topK.Drain().Select(hit => new ShardHit(Encoding.UTF8.GetString(hit.Key), hit.Score)).ToArray();
    });

    private T With<T>(string documentKey, T missing, Func<Segment, int, T> read) => _state.Read(state =>
    {
        (Segment? segment, int docId) = state.Find(Encoding.UTF8.GetBytes(documentKey));
        return segment is null ? missing : read(segment, docId);
    });
}
