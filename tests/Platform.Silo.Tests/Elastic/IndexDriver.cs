using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Elastic;

/// <summary>One index of tenant acme as tests use it, and what was acknowledged.</summary>
internal sealed class IndexDriver(RunningSilo silo, string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The text of each document, by its key.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    /// <summary>What got no answer.</summary>
    public List<IngestItem> Pending { get; } = [];

    /// <summary>Sends again, with the same operation ids, what got no answer.</summary>
    public async Task SendPendingAsync()
    {
        if (Pending.Count > 0)
        {
            Assert.All(await ApplyAsync([.. Pending]), status => Assert.InRange(status, ItemStatus.Created, ItemStatus.Updated));
        }
    }

    public IIndexGrain Index => silo.Grains.GetGrain<IIndexGrain>($"acme/{name}");

    /// <summary>Applies items in one batch, and notes those that are acknowledged.</summary>
    /// <returns>What became of each.</returns>
    public Task<ItemStatus[]> ApplyAsync(params IngestItem[] items) => ApplyAsync(items, CancellationToken.None);

    /// <summary>As the other one, until the token ends it.</summary>
    public async Task<ItemStatus[]> ApplyAsync(IngestItem[] items, CancellationToken cancellationToken)
    {
        CallContext.ActFor("acme");
        IngestReply reply = await silo.Grains.GetGrain<IIngestGrain>($"acme/{name}").ApplyAsync(new IngestBatch { Items = items }, cancellationToken).WaitAsync(cancellationToken);
        for (int i = 0; i < items.Length; i++)
        {
            if (reply.Outcomes[i].Status is ItemStatus.Created or ItemStatus.Updated)
            {
                Texts[items[i].DocumentKey] = items[i].Text!;
            }
            else if (reply.Outcomes[i].Status is ItemStatus.Deleted or ItemStatus.NotFound)
            {
                Texts.Remove(items[i].DocumentKey);
            }
        }

        return [.. reply.Outcomes.Select(outcome => outcome.Status)];
    }

    public static IngestItem Upsert(string key, string text, Guid? id = null) => new()
    {
        DocumentKey = key,
        OperationId = id ?? Guid.NewGuid(),
        Text = text,
        Stored = Encoding.UTF8.GetBytes($"{{\"text\":\"{text}\"}}"),
    };

    public static IngestItem Delete(string key) => new() { DocumentKey = key, OperationId = Guid.NewGuid(), Delete = true };

    public async Task<(string Key, double Score)[]> SearchAsync(string text, int top = 1000)
    {
        SearchAnswer answer = await silo.SearchAsync(name, text, top);
        Assert.Empty(answer.Coverage.Failed);
        return [.. answer.Hits.Select(hit => (hit.DocumentKey, hit.Score))];
    }

    /// <summary>Waits until no operation runs, and returns the one that ended last.</summary>
    public async Task<IndexOperation> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        CallContext.ActFor("acme");
        while (true)
        {
            IndexOperation newest = (await Index.ListOperationsAsync(limit.Token))[0];
            if (newest.State != IndexOperationState.Running)
            {
                return newest;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Waits until replaced shards have left no file.</summary>
    public async Task CleanedAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        CallContext.ActFor("acme");
        while ((await Index.ListShardsAsync(limit.Token)).Retired.Length > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        ShardListing listing = await Index.ListShardsAsync(limit.Token);
        IndexDefinition definition = (await Index.GetAsync(limit.Token))!;
        string prefix = $"shards/acme/{name}/{definition.Generation}/";
        IEnumerable<string> folders = (await silo.Store.ListAsync(prefix, limit.Token)).Select(blob => blob.Name[prefix.Length..].Split('/')[0]).Distinct();
        Assert.Equal(listing.Map.Ranges.Select(range => $"{range.Ordinal}").Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.All(listing.Reports, report => Assert.Empty(report.BorrowedFrom));
    }

    /// <summary>Every acknowledged document is there, once, with its newest text, and nothing else.</summary>
    public async Task AssertHoldsAsync()
    {
        CallContext.ActFor("acme");
        IndexReport report = await Index.ReportAsync(default);
        Assert.Empty(report.Coverage.Failed);
        Assert.Equal(Texts.Count, report.Shards.Sum(shard => shard.Documents));
        Assert.Equal(Texts.Keys.Order(StringComparer.Ordinal), (await SearchAsync("common", 10_000)).Select(hit => hit.Key).Order(StringComparer.Ordinal));
        foreach ((string key, string text) in Texts)
        {
            CallContext.ActFor("acme");
            FoundDocument? found = await Index.GetDocumentAsync(key, default);
            Assert.Contains(text, Encoding.UTF8.GetString(found!.Stored!.Value.Span), StringComparison.Ordinal);
        }
    }
}
