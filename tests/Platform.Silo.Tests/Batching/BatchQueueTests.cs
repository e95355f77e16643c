using Platform.Silo.Batching;

namespace Platform.Silo.Tests.Batching;

public sealed class BatchQueueTests
{
    private readonly FakeEncoder _encoder = new();

    [Fact]
    public void Queries_leave_without_waiting_for_documents_that_came_first()
    {
        var queue = new BatchQueue(64, 1024);
        BatchItem document = Add(queue, "a", queries: false, tokens: 5);
        BatchItem query = Add(queue, "a", queries: true, tokens: 5);

        Assert.Equal([query], queue.Take(queries: true));
        Assert.Empty(queue.Take(queries: true));
        Assert.Equal([document], queue.Take(queries: false));
    }

    [Fact]
    public void Tenants_take_turns_in_a_batch_and_from_batch_to_batch()
    {
        var queue = new BatchQueue(64, 1024);
        BatchItem[] a = [.. Enumerable.Range(0, 8).Select(_ => Add(queue, "a", queries: false, tokens: 16))];
        BatchItem[] b = [.. Enumerable.Range(0, 3).Select(_ => Add(queue, "b", queries: false, tokens: 16))];

        Assert.Equal([a[0], b[0], a[1], b[1]], queue.Take(queries: false));
        Assert.Equal([b[2], a[2], a[3], a[4]], queue.Take(queries: false));
        Assert.Equal([a[5], a[6], a[7]], queue.Take(queries: false));
    }

    [Fact]
    public void Every_text_leaves_once_in_batches_of_one_encoder_and_bucket_within_the_budget()
    {
        var random = new Random(7);
        FakeEncoder[] encoders = [new(), new()];
        var queue = new BatchQueue(512, 1_000_000);
        BatchItem[] added = [.. Enumerable.Range(0, 2000).Select(_ =>
            Add(queue, $"{random.Next(5)}", random.Next(4) == 0, random.Next(1, 700), encoders[random.Next(2)]))];
        List<BatchItem> left = [];
        foreach (List<BatchItem> batch in AllBatches(queue))
        {
            int longest = batch.Max(item => item.Tokens.Length);
            Assert.True(batch.Count == 1 || batch.Count * longest <= 512, $"{batch.Count} texts of up to {longest} tokens");
            Assert.Single(batch.Select(item => (item.Call.Encoder, item.Bucket, item.Call.AreQueries)).Distinct());
            Assert.True(longest <= 16 || batch.Min(item => item.Tokens.Length) * 3 > longest * 2, "padding is below a third");
            left.AddRange(batch);
        }

        Assert.Equal(Enumerable.Range(0, added.Length).Select(i => (long)i), left.Select(item => item.Sequence).Order());
        Assert.Equal((0, 0), (queue.WaitingTokens(queries: false), queue.WaitingTokens(queries: true)));
        Assert.All(
            left.GroupBy(item => (item.Call.Tenant, item.Call.Encoder, item.Bucket, item.Call.AreQueries)),
            group => Assert.Equal(group.OrderBy(item => item.Sequence), group));
    }

    [Fact]
    public void A_removed_text_never_leaves_and_makes_room()
    {
        var queue = new BatchQueue(64, 64);
        BatchItem removed = Add(queue, "a", queries: false, tokens: 32);
        Assert.False(queue.HasRoom("a", queries: false, 1));

        queue.Remove(removed);
        queue.Remove(removed);

        Assert.True(queue.HasRoom("a", queries: false, 32));
        Assert.Empty(queue.Take(queries: false));
    }

    [Fact]
    public void One_tenant_leaves_room_for_others()
    {
        var queue = new BatchQueue(64, 64);
        _ = Add(queue, "a", queries: false, tokens: 32);

        Assert.False(queue.HasRoom("a", queries: false, 1));
        Assert.True(queue.HasRoom("b", queries: false, 32));
        Assert.True(queue.HasRoom("a", queries: true, 32));
    }

    /// <summary>A step is the time of one batch of documents; three batches' worth arrive in each, and one query.</summary>
    [Fact]
    public void Under_three_times_the_load_the_queue_stays_bounded_no_query_waits_and_tenants_get_equal_shares()
    {
        const int Budget = 64;
        const int Bound = 1024;
        var queue = new BatchQueue(Budget, Bound);
        var served = new Dictionary<string, int>();
        int refused = 0;
        for (int step = 0; step < 500; step++)
        {
            for (int arrival = 0; arrival < 12; arrival++)
            {
                string tenant = arrival < 10 ? "greedy" : "modest";
                if (queue.HasRoom(tenant, queries: false, 16))
                {
                    _ = Add(queue, tenant, queries: false, tokens: 16);
                }
                else
                {
                    refused++;
                }
            }

            BatchItem query = Add(queue, "asker", queries: true, tokens: 8);
            Assert.InRange(queue.WaitingTokens(queries: false), 0, Bound);
            Assert.Equal([query], queue.Take(queries: true));                                    // the place that documents never take
            foreach (BatchItem item in queue.Take(queries: false))
            {
                served[item.Call.Tenant] = served.GetValueOrDefault(item.Call.Tenant) + 1;
            }
        }

        Assert.Equal(500 * 4, served.Values.Sum());
        Assert.InRange(refused, 500 * 8 - Bound / 16, 500 * 8);
        Assert.Equal(served["greedy"], served["modest"]);
    }

    private static IEnumerable<List<BatchItem>> AllBatches(BatchQueue queue)
    {
        foreach (bool queries in (bool[])[true, false])
        {
            for (List<BatchItem> batch = queue.Take(queries); batch.Count > 0; batch = queue.Take(queries))
            {
                yield return batch;
            }
        }
    }

    private BatchItem Add(BatchQueue queue, string tenant, bool queries, int tokens, FakeEncoder? encoder = null)
    {
        var item = new BatchItem(new BatchCall(encoder ?? _encoder, tenant, queries, 1), 0, FakeEncoder.Text(tokens));
        queue.Add(item);
        return item;
    }
}
