using Orleans.Concurrency;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Lexical;
using Platform.Indexing.Sparse;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;

namespace Platform.Silo.Grains;

/// <summary>Encode, sum the statistics, search every shard, merge, fetch: all under one deadline.</summary>
[StatelessWorker, Reentrant, RolePlacement(Role.Index)]
internal sealed class QueryGrain(EncoderDirectory encoders) : Grain, IQueryGrain
{
    /// <inheritdoc/>
    public async Task<SearchAnswer> SearchAsync(SearchCall search, CancellationToken cancellationToken)
    {
        IndexKey key = IndexKey.Parse(this.GetPrimaryKeyString());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(search.Deadline);
        try
        {
            IndexDefinition definition = await GrainFactory.GetGrain<IIndexGrain>(key.ToString()).GetAsync(deadline.Token).WaitAsync(deadline.Token)
                ?? throw FanOut.NoSuchIndex(key);
            return await new QueryRun(GrainFactory, encoders, key, definition, search).AnswerAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException(
                FaultKind.DeadlineExceeded,
                $"No shard answered within the deadline of {search.Deadline.TotalMilliseconds:0} ms. Allow more time, or ask for less.");
        }
    }
}

/// <summary>One query on its way through the shards.</summary>
internal sealed class QueryRun(IGrainFactory grains, EncoderDirectory encoders, IndexKey key, IndexDefinition definition, SearchCall search)
{
    /// <summary>The merged answer.</summary>
    public async Task<SearchAnswer> AnswerAsync(CancellationToken deadline)
    {
        int[] all = [.. definition.Shards.Ranges.Select(range => range.Ordinal)];
        (ShardQuery? query, ShardCoverage coverage) = search.Text is null ? (Sparse(search.Sparse!), new ShardCoverage(all.Length, []))
            : definition.Model is null ? await LexicalAsync(all, search.Text, deadline)
            : (Sparse(await EncodeAsync(search.Text, deadline)), new ShardCoverage(all.Length, []));
        if (query is null)
        {
            return new SearchAnswer { Hits = [], Coverage = coverage };
        }

        int[] reached = [.. all.Except(coverage.Failed.Select(missing => missing.Ordinal))];
        Gathered<ShardHits> gathered = await FanOut.AskAsync(reached, (ordinal, token) => ShardOf(ordinal).SearchAsync(query, token), deadline);
        coverage = new ShardCoverage(all.Length, [.. coverage.Failed, .. gathered.Coverage.Failed]);
        RefuseIfNobodyAnswered(coverage);

        var merged = HitMerge.Merge([.. gathered.Answers.Select(answer => HitPacking.Unpack(answer.Value.Packed.Span))], search.Offset, search.Top);
        int[] ordinals = [.. gathered.Answers.Select(answer => answer.Ordinal)];
        FoundDocument[] hits = [.. merged.Select(hit => new FoundDocument { DocumentKey = hit.DocumentKey, Score = hit.Score })];
        if (search.WithStored || search.Explain)
        {
            await FillAsync(hits, [.. merged.Select(hit => ordinals[hit.List])], query, deadline);
        }

        if (search.Explain && definition.Model is not null)
        {
            hits = await TermTexts.FillAsync(hits, encoders.Of(definition.Encoder), deadline);
        }

        SparseWork? work = query.Sparse is null ? null : SparseWork.Sum([.. gathered.Answers.Select(answer => answer.Value.Work!)]);
        return new SearchAnswer { Hits = hits, Coverage = coverage, Work = work };
    }

    /// <summary>Encodes the text and weighs its terms by the statistics of all shards that answer; no query if no term is in the index.</summary>
    private async Task<(ShardQuery? Query, ShardCoverage Coverage)> LexicalAsync(int[] shards, string text, CancellationToken deadline)
    {
        if (definition.Encoder == NewIndexRules.None)
        {
            throw new PlatformException(
                FaultKind.EncoderMismatch, $"Index '{definition.Name}' has no encoder for text. Search it by a sparse vector, or create an index with encoder lexical.");
        }

        if (search.Pruning is not null)
        {
            throw new PlatformException(
                FaultKind.Invalid, $"Member 'pruning' is given with a text for index '{definition.Name}', whose encoder {definition.Encoder} scores by BM25, always exactly. Leave it out, or search by a sparse vector.");
        }

        var batch = new EncodeBatch { Texts = [text], AreQueries = true };
        EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(batch, deadline).WaitAsync(deadline);
        IReadOnlyList<(string Term, int Count)> terms = TermVector.Unpack(encoded.TermVectors[0].Span);
        if (terms.Count == 0)
        {
            return (null, new ShardCoverage(shards.Length, []));
        }

        string[] words = [.. terms.Select(term => term.Term)];
        Gathered<TermCounts> counts = await FanOut.AskAsync(shards, (ordinal, token) => ShardOf(ordinal).CountTermsAsync(words, token), deadline);
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
            Top = search.Offset + search.Top,
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

    private async Task<PackedSparseVector> EncodeAsync(string text, CancellationToken deadline)
    {
        var batch = new EncodeBatch { Texts = [text], AreQueries = true, Expected = definition.Model };
        EncodedBatch encoded = await encoders.Of(definition.Encoder).EncodeAsync(batch, deadline).WaitAsync(deadline);
        return encoded.Sparse![0];
    }

    private ShardQuery Sparse(PackedSparseVector vector) => new()
    {
        Top = search.Offset + search.Top,
        Sparse = vector,
        SparseScale = ImpactQuantiser.Scale(definition.SparseMaxWeight),
        Pruning = search.Pruning,
    };

    /// <summary>Adds stored bytes and explanations; a document deleted meanwhile, or on a shard that no longer answers, stays without.</summary>
    private async Task FillAsync(FoundDocument[] hits, int[] shardOfHit, ShardQuery query, CancellationToken deadline)
    {
        var byShard = Enumerable.Range(0, hits.Length).ToLookup(i => shardOfHit[i]);
        Gathered<FetchReply> fetched = await FanOut.AskAsync(
            [.. byShard.Select(group => group.Key)],
            (ordinal, token) => ShardOf(ordinal).FetchAsync(
                new FetchCall
                {
                    DocumentKeys = [.. byShard[ordinal].Select(i => hits[i].DocumentKey)],
                    WithStored = search.WithStored,
                    Explain = search.Explain ? query : null,
                },
                token),
            deadline);
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
