using Platform.Abstractions.Records;

namespace Platform.Silo.Tests.Grains;

/// <summary>A shard whose store does not answer: every query answers without it, and says so.</summary>
public sealed class HangingShardTests : IAsyncLifetime
{
    private const int Hanging = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly string[] Texts = [.. Enumerable.Range(0, 40).Select(i => $"cats and dogs number {i}")];

    private readonly StoreControl _hang = new();
    private readonly RunningSilo _first = new();
    private RunningSilo? _second;

    public Task InitializeAsync() => _first.InitializeAsync();

    public async Task DisposeAsync()
    {
        _hang.Release();
        await (_second ?? _first).DisposeAsync();
    }

    [Fact]
    public async Task Every_query_answers_within_its_deadline_with_the_others_documents_and_names_the_missing_shard()
    {
        IndexDefinition index = await _first.CreateAsync("hangs", 4);
        await _first.IngestAsync("hangs", Texts);
        await _first.StopAsync();
        _second = new RunningSilo(_first, _hang.Around);
        await _second.InitializeAsync();
        _hang.HoldBack($"shards/acme/hangs/{index.Generation}/{Hanging}/");

        string[]? expected = null;
        for (int i = 0; i < 10; i++)
        {
            bool explain = i % 2 == 0;
            SearchAnswer answer = await _second.SearchAsync("hangs", "cat dog", top: 100, Deadline, explain).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(4, answer.Coverage.Asked);
            MissingShard missing = Assert.Single(answer.Coverage.Failed);
            Assert.Equal(Hanging, missing.Ordinal);
            Assert.Contains("deadline", missing.Reason, StringComparison.Ordinal);
            expected ??= [.. answer.Hits.Select(hit => hit.DocumentKey)];
            Assert.InRange(expected.Length, 1, Texts.Length - 1);
            Assert.Equal(expected, answer.Hits.Select(hit => hit.DocumentKey));
        }

        _hang.Release();
        SearchAnswer whole = await _second.SearchAsync("hangs", "cat dog", top: 100);
        Assert.Empty(whole.Coverage.Failed);
        Assert.Equal(Texts.Length, whole.Hits.Length);
    }
}
