using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>Filters, facets and deletes over indexes of one and of many shards.</summary>
public sealed class FieldIndexTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const int Documents = 300;
    private const int Dimensions = 6;

    private static readonly string[] Words = ["wing", "heat", "plate", "shock"];
    private static readonly string[] Languages = ["en", "de", "fr", "é"];

    private static readonly FilterNode English = new() { Kind = FilterKind.In, Field = "lang", IsWords = true, Words = ["en", "é"] };
    private static readonly FilterNode Late = new() { Kind = FilterKind.Range, Field = "year", Scalars = [FieldScalars.OfNumber(50), long.MaxValue] };
    private static readonly FilterNode Few = new() { Kind = FilterKind.In, Field = "year", Scalars = [FieldScalars.OfNumber(3)] };
    private static readonly FilterNode None = new() { Kind = FilterKind.Exists, Field = "draft" };

    [Fact]
    public async Task Filtered_searches_of_every_kind_are_the_unfiltered_list_without_the_rest_whatever_the_shards()
    {
        FilterNode[] filters = [English, Late, Few, None, new() { Kind = FilterKind.And, Children = [English, new() { Kind = FilterKind.Not, Children = [Late] }] }];
        List<string[]> answers = [];
        foreach (int shards in (int[])[1, 8])
        {
            string index = await FilledAsync($"filtered-{shards}", shards);
            foreach (FilterNode filter in filters)
            {
                HashSet<string> matching = [.. Enumerable.Range(0, Documents).Where(i => Matches(filter, i)).Select(i => $"{i}")];
                Assert.Equal(matching.Count, (await CountAsync(index, filter)).Documents);
                foreach (SearchCall query in Queries)
                {
                    SearchAnswer all = await SearchAsync(index, query with { Top = Documents });
                    SearchAnswer filtered = await SearchAsync(index, query with { Top = 20, Filter = filter });
                    string[] found = [.. filtered.Hits.Select(hit => hit.DocumentKey)];
                    if (query.Text is null || query.Dense is null)           // a fused score depends on what its legs found, so the filter goes into them
                    {
                        Assert.Equal(all.Hits.Where(hit => matching.Contains(hit.DocumentKey)).Take(20).Select(hit => (hit.DocumentKey, hit.Score)), filtered.Hits.Select(hit => (hit.DocumentKey, hit.Score)));
                    }

                    Assert.All(found, key => Assert.Contains(key, matching));
                    Assert.Equal(Math.Min(20, all.Hits.Count(hit => matching.Contains(hit.DocumentKey))), found.Length);
                    string[] page = [.. (await SearchAsync(index, query with { Top = 5, Offset = 5, Filter = filter })).Hits.Select(hit => hit.DocumentKey)];
                    Assert.Equal(found.Skip(5).Take(5), page);
                    answers.Add(found);
                }
            }
        }

        Assert.Equal(answers.Take(answers.Count / 2), answers.Skip(answers.Count / 2));
    }

    [Fact]
    public async Task Facets_count_what_a_search_matches_within_its_filter_whatever_the_shards()
    {
        FacetWanted[] wanted = [new("lang", true, 2), new("year", false, 3)];
        foreach (int shards in (int[])[1, 4])
        {
            string index = await FilledAsync($"facets-{shards}", shards);
            SearchAnswer answer = await SearchAsync(index, new SearchCall { Text = "wing", Top = 1, Filter = Late, Facets = wanted, Deadline = Soon });
            int[] matching = [.. Enumerable.Range(0, Documents).Where(i => Text(i).Contains("wing", StringComparison.Ordinal) && Matches(Late, i))];
            Assert.Equal(Expected(matching.Select(Language), 2), answer.Facets![0].Words!.Zip(answer.Facets[0].Counts));
            Assert.Equal(matching.Select(Language).Distinct().Count(), answer.Facets[0].Distinct);
            Assert.Equal(Expected(matching.Select(Year), 3), answer.Facets[1].Scalars!.Select(FieldScalars.ToNumber).Zip(answer.Facets[1].Counts));

            SearchAnswer hybrid = await SearchAsync(index, new SearchCall { Text = "absent", Dense = Vector(7), Top = 1, Facets = wanted, Deadline = Soon });
            int[] withVector = [.. Enumerable.Range(0, Documents).Where(i => i % 3 != 0)];
            Assert.Equal(Expected(withVector.Select(Language), 2), hybrid.Facets![0].Words!.Zip(hybrid.Facets[0].Counts));
        }
    }

    [Fact]
    public async Task Hits_come_in_the_order_of_a_field_with_their_values_whatever_the_shards()
    {
        foreach (int shards in (int[])[1, 4])
        {
            string index = await FilledAsync($"sorted-{shards}", shards);
            SearchCall query = new() { Text = "wing", Dense = Vector(4), Top = 25, Filter = Late, Order = new FieldOrder("year", false, Descending: true), Deadline = Soon };
            int[] matching = [.. Enumerable.Range(0, Documents).Where(i => (i % 3 != 0 || Text(i).Contains("wing", StringComparison.Ordinal)) && Matches(Late, i))
                .OrderByDescending(Year).ThenBy(i => $"{i}", StringComparer.Ordinal)];
            FoundDocument[] hits = (await SearchAsync(index, query)).Hits;
            Assert.Equal(matching.Take(25).Select(i => ($"{i}", Year(i))), hits.Select(hit => (hit.DocumentKey, FieldScalars.ToNumber(hit.Value!.Scalar))));
            FoundDocument[] page = (await SearchAsync(index, query with { Offset = 20, Top = 10, WithStored = true, Explain = true })).Hits;
            Assert.Equal(matching.Skip(20).Take(10).Select(i => $"{i}"), page.Select(hit => hit.DocumentKey));
            Assert.All(page, hit => Assert.Equal("{}"u8.ToArray(), hit.Stored));

            FoundDocument[] byWord = (await SearchAsync(index, query with { Order = new FieldOrder("lang", true, Descending: false), Top = Documents })).Hits;
            Assert.Equal(matching.OrderBy(Language, StringComparer.Ordinal).ThenBy(i => $"{i}", StringComparer.Ordinal).Select(i => $"{i}"), byWord.Select(hit => hit.DocumentKey));
        }
    }

    [Fact]
    public async Task Groups_are_those_of_the_whole_list_with_the_best_of_each_whatever_the_shards()
    {
        foreach (int shards in (int[])[1, 4])
        {
            string index = await FilledAsync($"grouped-{shards}", shards);
            foreach (SearchCall query in Queries.SkipLast(1))
            {
                FoundDocument[] all = (await SearchAsync(index, query with { Top = Documents, Filter = Late })).Hits;
                var byYear = all.GroupBy(hit => Year(int.Parse(hit.DocumentKey, null))).ToArray();
                string[] found = [.. (await SearchAsync(index, query with { Top = 25, Filter = Late, Grouping = new Grouping("year", false, 2) })).Hits.Select(hit => hit.DocumentKey)];
                Assert.Equal(byYear.Take(25).SelectMany(group => group.Take(2)).Select(hit => hit.DocumentKey), found);
                var byLanguage = all.GroupBy(hit => Language(int.Parse(hit.DocumentKey, null))).ToArray();
                SearchAnswer page = await SearchAsync(index, query with { Top = 10, Offset = 1, Filter = Late, Grouping = new Grouping("lang", true, 1), Explain = true, WithStored = true });
                Assert.Equal(byLanguage.Skip(1).Select(group => (group.Key, group.First().DocumentKey, group.First().Score)), page.Hits.Select(hit => (hit.Value!.Word!, hit.DocumentKey, hit.Score)));
            }
        }

        CallContext.ActFor("acme");
        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(
            () => silo.Grains.GetGrain<IQueryGrain>("acme/grouped-1").SearchAsync(Queries[^1] with { Top = 3, Grouping = new Grouping("lang", true, 1) }, CancellationToken.None));
        Assert.Contains("'group' is given with a hybrid search", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_facet_of_too_many_values_is_refused_with_the_remedy()
    {
        string index = await CreateAsync("wide", 2);
        for (int begin = 0; begin < 10_500; begin += 2_100)
        {
            await IngestAsync(index, [.. Enumerable.Range(begin, 2_100).Select(i => new IngestItem
            {
                DocumentKey = $"{i}", OperationId = Guid.NewGuid(), Text = "wing", Stored = "{}"u8.ToArray(), Fields = [new DocumentField { Name = "lang", Words = [$"{i}"] }],
            })]);
        }

        PlatformException fault = await Assert.ThrowsAsync<PlatformException>(
            () => SearchAsync(index, new SearchCall { Text = "wing", Top = 1, Facets = [new("lang", true, 1)], Deadline = Soon }));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains("more than 10000 different values", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_by_filter_deletes_what_matches_and_nothing_else_and_finds_nothing_the_second_time()
    {
        string index = await FilledAsync("deleted", 4);
        int matching = Enumerable.Range(0, Documents).Count(i => Matches(English, i));
        Assert.Equal(matching, await DeleteAsync(index, English));
        Assert.Equal(0, await DeleteAsync(index, English));
        Assert.Equal(Documents - matching, (await CountAsync(index, null)).Documents);
        Assert.Equal(0, (await CountAsync(index, English)).Documents);
        SearchAnswer left = await SearchAsync(index, new SearchCall { Dense = Vector(3), Top = Documents, Deadline = Soon });
        Assert.Equal(
            Enumerable.Range(0, Documents).Where(i => i % 3 != 0 && !Matches(English, i)).Select(i => $"{i}").Order(StringComparer.Ordinal),
            left.Hits.Select(hit => hit.DocumentKey).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_patched_document_matches_by_its_new_fields_with_the_score_that_it_had()
    {
        string index = await FilledAsync("patched", 4);
        SearchCall query = Queries[0] with { Top = Documents };
        FoundDocument before = (await SearchAsync(index, query)).Hits.Single(hit => hit.DocumentKey == "7");
        CallContext.ActFor("acme");
        var call = new PatchCall
        {
            DocumentKey = "7",
            OperationId = Guid.NewGuid(),
            Expected = "{}"u8.ToArray(),
            Stored = "{\"fields\":{}}"u8.ToArray(),
            Fields = [new DocumentField { Name = "draft", Scalar = FieldScalars.OfBoolean(true) }],
        };
        var ingest = silo.Grains.GetGrain<IIngestGrain>($"acme/{index}");
        Assert.Equal(PatchStatus.Updated, await ingest.PatchAsync(call, CancellationToken.None));
        Assert.Equal(PatchStatus.Changed, await ingest.PatchAsync(call with { OperationId = Guid.NewGuid() }, CancellationToken.None));
        Assert.Equal(PatchStatus.NotFound, await ingest.PatchAsync(call with { DocumentKey = "nobody" }, CancellationToken.None));

        FoundDocument after = Assert.Single((await SearchAsync(index, query with { Filter = None, WithStored = true })).Hits);
        Assert.Equal(("7", before.Score), (after.DocumentKey, after.Score));
        Assert.Equal(call.Stored.ToArray(), after.Stored);
        Assert.Single((await SearchAsync(index, Queries[2] with { Top = 5, Filter = None })).Hits);
    }

    [Fact]
    public async Task Fields_survive_a_split_and_deletes_go_on_through_it()
    {
        string index = await FilledAsync("split-fields", 1);
        CallContext.ActFor("acme");
        var grain = silo.Grains.GetGrain<IIndexGrain>($"acme/{index}");
        await grain.SplitAsync(null, 4, CancellationToken.None);
        int early = Enumerable.Range(0, Documents).Count(i => !Matches(Late, i));
        Assert.Equal(early, await DeleteAsync(index, new FilterNode { Kind = FilterKind.Not, Children = [Late] }));
        Assert.Equal(Enumerable.Range(0, Documents).Count(i => Matches(Late, i) && Matches(English, i)), (await CountAsync(index, English)).Documents);
    }

    private static TimeSpan Soon => TimeSpan.FromSeconds(20);

    private static SearchCall[] Queries =>
    [
        new() { Text = "wing heat", Top = 0, Deadline = Soon },
        new() { Sparse = PackedSparseVector.Pack([1, 2], [1f, 0.5f]), Top = 0, Deadline = Soon },
        new() { Dense = Vector(11), Top = 0, Deadline = Soon },
        new() { Text = "wing heat", Dense = Vector(11), Top = 0, Deadline = Soon, Fusion = new Fusion { Method = FusionMethod.ReciprocalRank, K = 60, DenseWeight = 0.5, Depth = Documents } },
    ];

    private static string Language(int i) => Languages[i % 7 % 4];

    private static double Year(int i) => i / 3 % 80;

    private static string Text(int i) => string.Join(' ', Enumerable.Range(0, 1 + (i % 3)).Select(word => Words[(i + word) % Words.Length]));

    private static bool Matches(FilterNode filter, int i) => filter.Kind switch
    {
        FilterKind.And => filter.Children.All(child => Matches(child, i)),
        FilterKind.Not => !Matches(filter.Children[0], i),
        FilterKind.In when filter.IsWords => filter.Words.Contains(Language(i)),
        FilterKind.In => filter.Scalars.Contains(FieldScalars.OfNumber(Year(i))),
        FilterKind.Range => FieldScalars.OfNumber(Year(i)) >= filter.Scalars[0],
        _ => false,
    };

    private static IEnumerable<(T, long)> Expected<T>(IEnumerable<T> values, int top)
        where T : notnull => values.GroupBy(value => value).Select(group => (group.Key, group.LongCount()))
            .OrderByDescending(entry => entry.Item2).ThenBy(entry => entry.Key, typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default).Take(top);

    private static PackedDenseVector Vector(int seed)
    {
        var random = new Random(seed);
        return PackedDenseVector.Pack([.. Enumerable.Range(0, Dimensions).Select(_ => (random.NextSingle() * 2) - 1)]);
    }

    private async Task<string> CreateAsync(string name, int shards)
    {
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(
            new NewIndex
            {
                Name = name,
                Shards = shards,
                Encoder = "lexical",
                K1 = 0.9,
                B = 0.4,
                SparseMaxWeight = 5,
                Dense = new DenseDefinition { Dimensions = Dimensions },
                Fields = [new("lang", FieldType.Keyword), new("year", FieldType.Number), new("draft", FieldType.Boolean)],
            },
            CancellationToken.None);
        return name;
    }

    private async Task<string> FilledAsync(string name, int shards)
    {
        string index = await CreateAsync(name, shards);
        await IngestAsync(index, [.. Enumerable.Range(0, Documents).Select(i => new IngestItem
        {
            DocumentKey = $"{i}",
            OperationId = Guid.NewGuid(),
            Text = Text(i),
            Stored = "{}"u8.ToArray(),
            Sparse = PackedSparseVector.Pack([i % 4, 5], [1 + (i % 3), 2]),
            Dense = i % 3 == 0 ? null : Vector(i),
            Fields = [new DocumentField { Name = "lang", Words = [Language(i)] }, new DocumentField { Name = "year", Scalar = FieldScalars.OfNumber(Year(i)) }],
        })]);
        return index;
    }

    private async Task IngestAsync(string index, IngestItem[] items)
    {
        CallContext.ActFor("acme");
        IngestReply reply = await silo.Grains.GetGrain<IIngestGrain>($"acme/{index}").ApplyAsync(new IngestBatch { Items = items }, CancellationToken.None);
        Assert.All(reply.Outcomes, outcome => Assert.Equal(ItemStatus.Created, outcome.Status));
    }

    private async Task<SearchAnswer> SearchAsync(string index, SearchCall search)
    {
        CallContext.ActFor("acme");
        SearchAnswer answer = await silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").SearchAsync(search, CancellationToken.None);
        Assert.Empty(answer.Coverage.Failed);
        return answer;
    }

    private async Task<DocumentCount> CountAsync(string index, FilterNode? filter)
    {
        CallContext.ActFor("acme");
        return await silo.Grains.GetGrain<IQueryGrain>($"acme/{index}").CountAsync(filter, CancellationToken.None);
    }

    private async Task<long> DeleteAsync(string index, FilterNode filter)
    {
        CallContext.ActFor("acme");
        return await silo.Grains.GetGrain<IIngestGrain>($"acme/{index}").DeleteMatchingAsync(filter, CancellationToken.None);
    }
}
