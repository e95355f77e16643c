using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Encoders.Text;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Encode, sum the statistics, search every shard, merge, fetch: all under one deadline.</summary>
[StatelessWorker, Reentrant, RolePlacement(Role.Index)]
internal sealed class QueryGrain(EncoderDirectory encoders, LexicalAnalyzer analyzer, WorkPool pool, QueryAdmission admission, TimeProvider time) : Grain, IQueryGrain
{
    /// <inheritdoc/>
    public async Task<SearchAnswer> SearchAsync(SearchCall search, CancellationToken cancellationToken)
    {
        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        using var deadline = new QueryDeadline(search.Deadline, time, cancellationToken);
        using IDisposable place = await admission.EnterAsync(key.Tenant, deadline.Token);
        try
        {
            IndexDefinition definition = await FanOut.PersistAsync(GrainFactory.GetGrain<IIndexGrain>(key.ToString()).GetAsync, deadline.Token)
                ?? throw FanOut.NoSuchIndex(key);
            SearchAnswer answer = await new QueryRun(GrainFactory, encoders, key, definition, search).AnswerAsync(deadline);
            return search.Highlight is null
                ? answer
                : await pool.RunAsync(() => Highlighter.Fill(answer, search, areWords: definition.Model is null, analyzer), isQuery: true, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException(
                FaultKind.DeadlineExceeded,
                $"No shard answered within the deadline of {search.Deadline.TotalMilliseconds:0} ms. Allow more time, or ask for less.");
        }
    }

    /// <inheritdoc/>
    public async Task<DocumentCount> CountAsync(FilterNode? filter, CancellationToken cancellationToken)
    {
        (_, int[] shards, Func<int, IShardGrain> shardOf) = await ShardsAsync(cancellationToken);
        using CancellationTokenSource deadline = QueryDeadline.OfCall(cancellationToken);
        Gathered<long> counts = await FanOut.AskAsync(shards, (ordinal, token) => shardOf(ordinal).CountAsync(filter, token), deadline.Token);
        return new DocumentCount(counts.Answers.Sum(answer => answer.Value), counts.Coverage);
    }

    /// <inheritdoc/>
    public async Task<ScrollPage> ScrollAsync(ScrollCall scroll, CancellationToken cancellationToken)
    {
        (IndexDefinition definition, _, Func<int, IShardGrain> shardOf) = await ShardsAsync(cancellationToken);
        return await ScrollRun.ReadAsync(scroll, definition, shardOf, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SparseIndexReport> MeasureSparseAsync(CancellationToken cancellationToken)
    {
        (_, int[] shards, Func<int, IShardGrain> shardOf) = await ShardsAsync(cancellationToken);
        return await SparseMeasurement.MeasureAsync(shards, shardOf, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SparseTermFrequencies> CountSparseTermsAsync(int[] termIds, CancellationToken cancellationToken)
    {
        (_, int[] shards, Func<int, IShardGrain> shardOf) = await ShardsAsync(cancellationToken);
        return await SparseMeasurement.CountAsync(shards, shardOf, termIds, cancellationToken);
    }

    private async Task<(IndexDefinition Definition, int[] Shards, Func<int, IShardGrain> ShardOf)> ShardsAsync(CancellationToken cancellationToken)
    {
        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        IndexDefinition definition = await GrainFactory.GetGrain<IIndexGrain>(key.ToString()).GetAsync(cancellationToken)
            ?? throw FanOut.NoSuchIndex(key);
        return (
            definition,
            [.. definition.Shards.Ranges.Select(range => range.Ordinal)],
            ordinal => GrainFactory.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString()));
    }
}

/// <summary>One query on its way through the shards.</summary>
internal sealed class QueryRun(IGrainFactory grains, EncoderDirectory encoders, IndexKey key, IndexDefinition definition, SearchCall search)
{
    // What a round over the shards may take of the time left when it begins: a shard that hangs costs each round its share.
    private const double StatisticsShare = 0.4;
    private const double SearchShare = 0.75;

    /// <summary>The merged answer: of one leg, or of two that run at once and are fused.</summary>
    public async Task<SearchAnswer> AnswerAsync(QueryDeadline deadline)
    {
        IReadOnlyList<SearchMode> modes = SearchLegs.Of(search, definition);
        bool isHybrid = modes.Count > 1;
        if (isHybrid && search.Grouping is not null)
        {
            throw new PlatformException(FaultKind.Invalid, "Member 'group' is given with a hybrid search, whose scores depend on what else is found. Leave it out, or search by one leg.");
        }

        Fusion fusion = search.Fusion ?? HitFusion.Default;
        LegAnswer[] legs = await Task.WhenAll(modes.Select(mode => AskAsync(mode, isHybrid && search.Order is null ? fusion.Depth : search.Offset + search.Top, deadline)));
        if (search.Order is { } order)
        {
            legs = [await SortAsync(order, legs, deadline)];
        }

        FoundDocument[] hits = legs[0].Grouped is { } grouped
            ? grouped
            : legs[0].Sorted is { } sorted
            ? [.. sorted.Skip(search.Offset).Select(hit => new FoundDocument { DocumentKey = hit.DocumentKey, Score = 0, Value = hit })]
            : isHybrid
            ? HitFusion.Fuse(fusion, legs, search)
            : [.. legs[0].Hits.Skip(search.Offset).Select(hit => new FoundDocument { DocumentKey = hit.DocumentKey, Score = hit.Score })];
        ShardCoverage coverage = LegAnswer.CoverageOf(legs);
        ShardQuery? explained = search.Explain || search.Highlight is not null ? legs[0].Query : null;
        if (search.WithStored || explained is not null)
        {
            Dictionary<string, int> shardOf = legs.SelectMany(leg => leg.Hits).DistinctBy(hit => hit.DocumentKey).ToDictionary(hit => hit.DocumentKey, hit => hit.Shard);
            MissingShard[] withoutFields = await FillAsync(hits, [.. hits.Select(hit => shardOf[hit.DocumentKey])], explained, deadline);
            coverage = coverage with { Failed = [.. coverage.Failed, .. withoutFields] };
        }

        if (explained?.Sparse is not null && definition.Model is { IsSparse: true })
        {
            hits = await TermTexts.FillAsync(hits, encoders.Of(definition.Encoder), deadline.Token);
        }

        FacetCounts[]? facets = null;
        if (search.Facets is { } wanted)
        {
            (facets, coverage) = await CountFacetsAsync(wanted, legs, coverage, deadline);
        }

        return new SearchAnswer { Hits = hits, Coverage = coverage, Work = legs[0].Work, Facets = facets };
    }

    /// <summary>Asks every shard for the best documents of one leg.</summary>
    private async Task<LegAnswer> AskAsync(SearchMode mode, int top, QueryDeadline deadline)
    {
        int[] all = [.. definition.Shards.Ranges.Select(range => range.Ordinal)];
        var whole = new ShardCoverage(all.Length, []);
        (ShardQuery? query, ShardCoverage coverage) = mode switch
        {
            SearchMode.Lexical => await LexicalAsync(all, search.Text!, top, deadline),
            SearchMode.Sparse => (Sparse(search.Sparse ?? await EncodeSparseAsync(search.Text!, deadline.Token), top), whole),
            _ => (Dense(search.Dense ?? await EncodeDenseAsync(search.Text!, deadline.Token), top), whole),
        };
        if (query is null)
        {
            return new LegAnswer(mode, null, [], coverage, null);
        }

        query = query with { Filter = search.Filter };
        if (search.Grouping is { } grouping)
        {
            using CancellationTokenSource rounds = deadline.BeginRound(SearchShare);
            return await new GroupedSearch(mode, query, grouping, coverage, ShardOf).RunAsync(all, search.Offset, search.Top, rounds.Token);
        }

        if (search.Order is not null)
        {
            return new LegAnswer(mode, query, [], coverage, null);        // what it matches is asked for later, with the other leg's
        }


        int[] reached = [.. all.Except(coverage.Failed.Select(missing => missing.Ordinal))];
        using CancellationTokenSource round = deadline.BeginRound(SearchShare);
        Gathered<ShardHits> gathered = await FanOut.AskAsync(reached, (ordinal, token) => ShardOf(ordinal).SearchAsync(query, token), round.Token);
        coverage = new ShardCoverage(all.Length, [.. coverage.Failed, .. gathered.Coverage.Failed]);
        RefuseIfNobodyAnswered(coverage);

        var merged = HitMerge.Merge([.. gathered.Answers.Select(answer => HitPacking.Unpack(answer.Value.Packed.Span))], 0, top);
        int[] ordinals = [.. gathered.Answers.Select(answer => answer.Ordinal)];
        SparseWork? work = query.Sparse is null ? null : SparseWork.Sum([.. gathered.Answers.Select(answer => answer.Value.Work!)]);
        return new LegAnswer(mode, query, [.. merged.Select(hit => new LegHit(hit.DocumentKey, hit.Score, ordinals[hit.List]))], coverage, work);
    }

    /// <summary>Asks every shard for the first documents that any leg matches, in the order of a field.</summary>
    private async Task<LegAnswer> SortAsync(FieldOrder order, LegAnswer[] legs, QueryDeadline deadline)
    {
        int top = search.Offset + search.Top;
        ShardQuery[] queries = [.. legs.Select(leg => leg.Query).OfType<ShardQuery>()];
        ShardCoverage coverage = LegAnswer.CoverageOf(legs);
        var call = new SortCall { Queries = queries, Order = order, Top = top };
        int[] reached = [.. definition.Shards.Ranges.Select(range => range.Ordinal).Except(coverage.Failed.Select(missing => missing.Ordinal))];
        using CancellationTokenSource round = deadline.BeginRound(SearchShare);
        Gathered<SortReply> replies = await FanOut.AskAsync(reached, (ordinal, token) => ShardOf(ordinal).SearchSortedAsync(call, token), round.Token);
        coverage = coverage with { Failed = [.. coverage.Failed, .. replies.Coverage.Failed] };
        RefuseIfNobodyAnswered(coverage);
        (DocumentValue Hit, int Shard)[] merged = SortedHits.Merge(replies.Answers, order, top);
        return legs[0] with
        {
            Hits = [.. merged.Select(entry => new LegHit(entry.Hit.DocumentKey, 0, entry.Shard))],
            Coverage = coverage,
            Sorted = [.. merged.Select(entry => entry.Hit)],
            Others = [.. queries.Skip(1)],
        };
    }

    /// <summary>Encodes the text and weighs its terms by the statistics of all shards that answer; no query if no term is in the index.</summary>
    private async Task<(ShardQuery? Query, ShardCoverage Coverage)> LexicalAsync(int[] shards, string text, int top, QueryDeadline deadline)
    {
        if (search.Pruning is not null)
        {
            throw new PlatformException(
                FaultKind.Invalid, $"Member 'pruning' is given with a text for index '{definition.Name}', whose encoder {definition.Encoder} scores by BM25, always exactly. Leave it out, or search by a sparse vector.");
        }

        var batch = new EncodeBatch { Texts = [text], AreQueries = true };
        EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(batch, deadline.Token).WaitAsync(deadline.Token);
        IReadOnlyList<(string Term, int Count)> terms = TermVector.Unpack(encoded.TermVectors[0].Span);
        if (terms.Count == 0)
        {
            return (null, new ShardCoverage(shards.Length, []));
        }

        string[] words = [.. terms.Select(term => term.Term)];
        using CancellationTokenSource round = deadline.BeginRound(StatisticsShare);
        Gathered<TermCounts> counts = await FanOut.AskAsync(shards, (ordinal, token) => ShardOf(ordinal).CountTermsAsync(words, token), round.Token);
        RefuseIfNobodyAnswered(counts.Coverage);
        long documents = counts.Answers.Sum(answer => answer.Value.Documents);
        long totalLength = counts.Answers.Sum(answer => answer.Value.TotalLength);
        List<string> known = [];
        List<double> weights = [];
        for (int i = 0; i < words.Length; i++)
        {
            long frequency = counts.Answers.Sum(answer => answer.Value.DocumentFrequencies[i]);
            if (frequency > 0)
            {
                known.Add(words[i]);
                weights.Add(terms[i].Count * Bm25.InverseDocumentFrequency(documents, frequency));
            }
        }

        ShardQuery? query = known.Count == 0 ? null : new ShardQuery
        {
            Top = top,
            Lexical = new LexicalQueryTerms
            {
                Terms = [.. known],
                Weights = [.. weights],
                AverageLength = (double)totalLength / documents,
                K1 = definition.K1,
                B = definition.B,
            },
        };
        return (query, counts.Coverage);
    }

    private async Task<PackedSparseVector> EncodeSparseAsync(string text, CancellationToken deadline)
    {
        var batch = new EncodeBatch { Texts = [text], AreQueries = true, Expected = definition.Model };
        EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(batch, deadline).WaitAsync(deadline);
        return encoded.Sparse![0];
    }

    private async Task<PackedDenseVector> EncodeDenseAsync(string text, CancellationToken deadline)
    {
        var batch = new EncodeBatch { Texts = [text], AreQueries = true, Expected = definition.Dense!.Model };
        EncodedBatch encoded = await encoders.Of(definition.Dense.Encoder!).EncodeAsync(batch, deadline).WaitAsync(deadline);
        return new PackedDenseVector { Components = encoded.Dense![0] };
    }

    /// <summary>No query of a text without tokens, of which a model makes nothing.</summary>
    private ShardQuery? Dense(PackedDenseVector vector, int top) =>
        vector.Dimensions == 0 && search.Dense is null ? null : new ShardQuery { Top = top, Dense = DenseVectors.Query(vector, definition) };

    private ShardQuery Sparse(PackedSparseVector vector, int top) => new()
    {
        Top = top,
        Sparse = IndexedVector.OfQuery(vector, definition),
        SparseScale = ImpactQuantiser.Scale(definition.SparseMaxWeight),
        Pruning = search.Pruning,
    };

    /// <summary>Adds stored bytes and explanations; a document deleted meanwhile stays without. Returns the shards that did not answer.</summary>
    private async Task<MissingShard[]> FillAsync(FoundDocument[] hits, int[] shardOfHit, ShardQuery? explained, QueryDeadline deadline)
    {
        using CancellationTokenSource round = deadline.BeginRound((search.Explain || search.Highlight is not null) && definition.Model is not null ? SearchShare : 1);
        var byShard = Enumerable.Range(0, hits.Length).ToLookup(i => shardOfHit[i]);
        Gathered<FetchReply> fetched = await FanOut.AskAsync(
            [.. byShard.Select(group => group.Key)],
            (ordinal, token) => ShardOf(ordinal).FetchAsync(
                new FetchCall
                {
                    DocumentKeys = [.. byShard[ordinal].Select(i => hits[i].DocumentKey)],
                    WithStored = search.WithStored || search.Highlight is not null,
                    Explain = explained,
                },
                token),
            round.Token);
        foreach ((int ordinal, FetchReply reply) in fetched.Answers)
        {
            int at = 0;
            foreach (int i in byShard[ordinal])
            {
                FetchedDocument document = reply.Documents[at++];
                hits[i] = hits[i] with
                {
                    Stored = document.Stored,
                    Matches = document.Matches is null ? null : [.. document.Matches.OrderByDescending(match => match.QueryWeight * match.DocumentWeight)],
                };
            }
        }

        return [.. fetched.Coverage.Failed.Select(missing => missing with { Reason = $"found documents and did not give their fields: {missing.Reason}" })];
    }

    /// <summary>Counts facets on every shard that is not missing already, since one that gave no hits would give other counts.</summary>
    private async Task<(FacetCounts[] Facets, ShardCoverage Coverage)> CountFacetsAsync(
        FacetWanted[] wanted, LegAnswer[] legs, ShardCoverage coverage, QueryDeadline deadline)
    {
        var call = new FacetCall { Queries = [.. legs.Select(leg => leg.Query).OfType<ShardQuery>(), .. legs.SelectMany(leg => leg.Others)], Fields = wanted };
        int[] reached = [.. definition.Shards.Ranges.Select(range => range.Ordinal).Except(coverage.Failed.Select(missing => missing.Ordinal))];
        using CancellationTokenSource round = deadline.BeginRound(1);
        Gathered<FacetReply> counted = await FanOut.AskAsync(reached, (ordinal, token) => ShardOf(ordinal).CountFacetsAsync(call, token), round.Token);
        return (
            ShardFacets.Sum(wanted, [.. counted.Answers.Select(answer => answer.Value)]),
            coverage with { Failed = [.. coverage.Failed, .. counted.Coverage.Failed] });
    }

    private static void RefuseIfNobodyAnswered(ShardCoverage coverage)
    {
        if (coverage.Failed.Length == coverage.Asked)
        {
            throw new PlatformException(
                FaultKind.Unavailable, $"None of {coverage.Asked} shards answered; shard {coverage.Failed[0].Ordinal}: {coverage.Failed[0].Reason}", TimeSpan.FromSeconds(1));
        }
    }

    private IShardGrain ShardOf(int ordinal) =>
        grains.GetGrain<IShardGrain>(new ShardKey(key.Tenant, key.Index, definition.Generation, ordinal).ToString());
}
