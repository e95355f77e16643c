using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;

namespace Platform.Silo.Tests.Grains;

/// <summary>Sparse queries over sealed shards: exact, approximate, and over damage.</summary>
public sealed class SparseSearchTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const int Shards = 4;
    private static readonly SealedShards.Document[] Documents = SealedShards.Drawn(6000, seed: 3);
    private static readonly PackedSparseVector Query = PackedSparseVector.Pack([0, .. Enumerable.Range(20, 40)], [0.1f, .. Enumerable.Repeat(1f, 40)]);

    [Fact]
    public async Task An_exact_answer_says_so_and_counts_what_all_shards_did()
    {
        await CreateAsync("exact");

        SearchAnswer answer = await SearchAsync("exact", null);

        HashSet<int> terms = [.. Query.UnpackTermIds()];
        Assert.True(answer.Work!.IsExact);
        Assert.Equal(Documents.Sum(document => document.TermIds.Count(terms.Contains)), answer.Work.AllPostings);
        Assert.InRange(answer.Work.Segments, 2 * Shards, 100);
        Assert.NotEmpty(answer.Work.Algorithms);
        Assert.InRange(answer.Work.Postings, 1, answer.Work.AllPostings);
    }

    [Fact]
    public async Task An_approximate_answer_says_so_touches_less_and_has_the_scores_of_the_exact_one()
    {
        IndexDefinition index = await silo.CreateAsync("approximate", Shards, encoder: "none");
        await SealedShards.WriteAsync(silo.Store, index, SealedShards.Drawn(24_000, seed: 3), sealAtBytes: 512 << 10);      // of few hits in small segments the exact answer touches no more

        SearchAnswer exact = await SearchAsync("approximate", null, top: 6000);
        SearchAnswer unpruned = await SearchAsync("approximate", new PruningFactors(1, 1, 1), top: 300);
        SearchAnswer pruned = await SearchAsync("approximate", new PruningFactors(0.5, 0.5, 1), top: 300);

        Assert.Equal(exact.Hits.Take(300).Select(Figures), unpruned.Hits.Select(Figures));
        Assert.True(unpruned.Work!.IsExact);
        Assert.False(pruned.Work!.IsExact);
        Assert.Contains("BlockMaxPruning", pruned.Work.Algorithms);
        Assert.Equal(unpruned.Work.AllPostings, pruned.Work.AllPostings);
        Assert.InRange(pruned.Work.Postings, 1, unpruned.Work.Postings - 1);
        Assert.Equal(300, pruned.Hits.Length);
        Assert.Subset(exact.Hits.Select(Figures).ToHashSet(), pruned.Hits.Select(Figures).ToHashSet());
    }

    [Fact]
    public async Task A_share_of_the_query_s_weight_leaves_its_weak_terms_out()
    {
        await CreateAsync("share");

        SearchAnswer whole = await SearchAsync("share", null);
        SearchAnswer strong = await SearchAsync("share", new PruningFactors(1, 1, 0.9));

        Assert.False(strong.Work!.IsExact);
        Assert.Equal(whole.Work!.AllPostings - Documents.Length, strong.Work.AllPostings);     // term 0, in every document, is the weak one
    }

    [Fact]
    public async Task Pruning_a_text_that_BM25_answers_is_refused_with_the_remedy()
    {
        await silo.CreateAsync("words", 1);
        CallContext.ActFor("acme");
        var search = new SearchCall { Text = "cat", Top = 1, Deadline = TimeSpan.FromSeconds(20), Pruning = PruningFactors.None };

        var refused = await Assert.ThrowsAsync<PlatformException>(() => silo.Grains.GetGrain<IQueryGrain>("acme/words").SearchAsync(search, default));

        Assert.Equal(FaultKind.Invalid, refused.Kind);
        Assert.Contains("Member 'pruning' is given with a text for index 'words', whose encoder lexical scores by BM25", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_postings_found_by_a_query_make_the_answer_partial_and_never_wrong()
    {
        IndexDefinition index = await CreateAsync("flipped");
        const int Damaged = 2;
        string segment = (await silo.Store.ListAsync(SealedShards.FolderOf(index, Damaged) + "/segments/", default))[0].Name;
        await FlipFirstPostingAsync(segment);

        SearchAnswer answer = await SearchAsync("flipped", null, top: 6000);
        SearchAnswer untouched = await SearchAsync("flipped", null, top: 6000, PackedSparseVector.Pack([25], [1f]));

        MissingShard missing = Assert.Single(answer.Coverage.Failed);
        Assert.Equal(Damaged, missing.Ordinal);
        Assert.Contains(segment[(segment.LastIndexOf('/') + 1)..], missing.Reason, StringComparison.Ordinal);
        Assert.Contains("postings", missing.Reason, StringComparison.Ordinal);
        await CreateAsync("sound");
        SearchAnswer sound = await SearchAsync("sound", null, top: 6000);
        Assert.Equal(sound.Hits.Where(hit => ShardOf(index, hit) != Damaged).Select(Figures), answer.Hits.Select(Figures));
        Assert.Empty(untouched.Coverage.Failed);                                                // its term's postings are whole
        Assert.Contains(untouched.Hits, hit => ShardOf(index, hit) == Damaged);
    }

    private static int ShardOf(IndexDefinition index, FoundDocument hit) => index.Shards.ShardOf(Platform.Indexing.Shards.Shard.BucketOf(hit.DocumentKey));

    private static (string Key, double Score) Figures(FoundDocument hit) => (hit.DocumentKey, hit.Score);

    private async Task<IndexDefinition> CreateAsync(string name)
    {
        IndexDefinition index = await silo.CreateAsync(name, Shards, encoder: "none");
        await SealedShards.WriteAsync(silo.Store, index, Documents);
        return index;
    }

    /// <summary>Flips a bit of what follows the sparse part's preamble of 16 bytes: the postings of its smallest term, which is 0.</summary>
    private async Task FlipFirstPostingAsync(string segment)
    {
        Blob blob = (await silo.Store.GetAsync(segment, default))!;
        byte[] bytes = blob.Content.ToArray();
        bytes[bytes.AsSpan().IndexOf("PLTSPARS"u8) + 16] ^= 1;
        await silo.Store.PutAsync(segment, bytes, blob.ETag, default);
    }

    private async Task<SearchAnswer> SearchAsync(string index, PruningFactors? pruning, int top = 10, PackedSparseVector? query = null)
    {
        CallContext.ActFor("acme");
        var search = new SearchCall { Sparse = query ?? Query, Top = top, Pruning = pruning, Deadline = TimeSpan.FromSeconds(20) };
        return await silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").SearchAsync(search, CancellationToken.None);
    }
}
