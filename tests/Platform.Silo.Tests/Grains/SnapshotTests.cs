using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;

namespace Platform.Silo.Tests.Grains;

/// <summary>Snapshots: what is in them, what they share, and what becomes of damaged ones.</summary>
public sealed class SnapshotTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 60).Select(i => $"cats and dogs number {i}")];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task An_index_restored_with_any_number_of_shards_answers_as_the_first_one_did(int shards)
    {
        string index = $"from-{shards}";
        await silo.CreateAsync(index, 4);
        await silo.IngestAsync(index, Texts);
        await silo.IngestAsync(index, Texts[..10]);          // ten are replaced: there are deletions
        string before = await AnswersAsync(index);
        SnapshotReport taken = await Snapshots(index).CreateAsync("monday", default);
        Assert.Equal((4, taken.Bytes), (taken.Shards, taken.AddedBytes));
        await silo.IngestAsync(index, "a later cat");        // replaces document 0 in the index, not in the snapshot

        await RestoreAsync(index, "monday", $"to-{shards}", shards);
        Assert.Equal(before, await AnswersAsync($"to-{shards}"));
        Assert.NotEqual(before, await AnswersAsync(index));
        await silo.IngestAsync($"to-{shards}", "a later cat");
        Assert.Equal(await AnswersAsync(index), await AnswersAsync($"to-{shards}"));
    }

    [Fact]
    public async Task Writes_go_on_while_a_snapshot_is_taken_and_what_was_acknowledged_before_is_in_it()
    {
        await silo.CreateAsync("busy", 2);
        await silo.IngestAsync("busy", Texts);
        using var enough = new CancellationTokenSource();
        Task writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await silo.IngestAsync("busy", Texts);
            }
        });
        for (int i = 0; i < 3; i++)
        {
            await Snapshots("busy").CreateAsync($"s{i}", default);
        }

        await enough.CancelAsync();
        await writing;
        for (int i = 0; i < 3; i++)
        {
            await RestoreAsync("busy", $"s{i}", $"busy-{i}", 4);
            Assert.Equal(Texts.Length, (await silo.SearchAsync($"busy-{i}", "cat", top: 1000)).Hits.Length);
        }
    }

    [Fact]
    public async Task Snapshots_share_what_they_have_in_common_and_survive_each_other_and_the_index()
    {
        await silo.CreateAsync("shared", 2);
        await silo.IngestAsync("shared", Texts);
        SnapshotReport first = await Snapshots("shared").CreateAsync("first", default);
        SnapshotReport second = await Snapshots("shared").CreateAsync("second", default);
        Assert.Equal((first.Bytes, 0), (second.Bytes, second.AddedBytes));
        PlatformException exists = await Assert.ThrowsAsync<PlatformException>(() => Snapshots("shared").CreateAsync("first", default));
        Assert.Equal(FaultKind.SnapshotExists, exists.Kind);

        Assert.True(await Snapshots("shared").DeleteAsync("first", default));
        Assert.False(await Snapshots("shared").DeleteAsync("first", default));
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").DeleteIndexAsync("shared", default);
        Assert.Equal(["second"], (await Snapshots("shared").ListAsync(default)).Select(snapshot => snapshot.Name));
        await RestoreAsync("shared", "second", "shared-again", 2);
        Assert.Equal(Texts.Length, (await silo.SearchAsync("shared-again", "cat", top: 1000)).Hits.Length);

        await Snapshots("shared").DeleteAsync("second", default);
        Assert.Empty(await silo.Store.ListAsync("snapshots/acme/shared/", default));
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("changed")]
    [InlineData("missing")]
    public async Task A_snapshot_with_a_damaged_file_is_refused_with_its_name_and_leaves_nothing(string damage)
    {
        string index = $"damaged-{damage.Replace(' ', '-')}";
        await silo.CreateAsync(index, 2);
        await silo.IngestAsync(index, Texts);
        await Snapshots(index).CreateAsync("s", default);
        foreach (BlobInfo file in await silo.Store.ListAsync($"snapshots/acme/{index}/", default))
        {
            Blob whole = (await silo.Store.GetAsync(file.Name, default))!;
            byte[] bytes = whole.Content.ToArray();
            bytes[^1] ^= 1;
            string? tag = whole.ETag;
            if (damage == "missing")
            {
                await silo.Store.DeleteAsync(file.Name, default);
                tag = null;
            }
            else
            {
                tag = await silo.Store.PutAsync(file.Name, damage == "changed" ? bytes : whole.Content[..^1], tag, default);
            }

            PlatformException refused = await Assert.ThrowsAsync<PlatformException>(() => RestoreAsync(index, "s", $"{index}-new", 2));
            bool isManifest = file.Name.EndsWith("/manifests/s", StringComparison.Ordinal);
            Assert.Equal(isManifest && damage == "missing" ? FaultKind.SnapshotNotFound : FaultKind.SnapshotDamaged, refused.Kind);
            Assert.Contains(isManifest && damage == "missing" ? "'s'" : file.Name, refused.Message, StringComparison.Ordinal);
            Assert.Empty(await silo.Store.ListAsync($"shards/acme/{index}-new/", default));
            await silo.Store.PutAsync(file.Name, whole.Content, tag, default);
        }

        await RestoreAsync(index, "s", $"{index}-new", 2);
        Assert.Equal(Texts.Length, (await silo.SearchAsync($"{index}-new", "cat", top: 1000)).Hits.Length);
    }

    private ISnapshotGrain Snapshots(string index)
    {
        CallContext.ActFor("acme");
        return silo.Grains.GetGrain<ISnapshotGrain>($"acme/{index}");
    }

    private async Task RestoreAsync(string index, string snapshot, string target, int shards)
    {
        NewIndex plan = await Snapshots(index).PlanRestoreAsync(snapshot, target, shards, default);
        await silo.Grains.GetGrain<ITenantGrain>("acme").CreateIndexAsync(plan, default);
    }

    /// <summary>Ids, scores and stored bytes of some searches, as one text.</summary>
    private async Task<string> AnswersAsync(string index)
    {
        var lines = new StringBuilder();
        foreach (string text in (string[])["cat", "dog 7", "number 33", "later"])
        {
            SearchAnswer answer = await silo.SearchAsync(index, text, top: 1000);
            Assert.Empty(answer.Coverage.Failed);
            foreach (FoundDocument hit in answer.Hits)
            {
                lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{text}: {hit.DocumentKey} {hit.Score:R}\n");
            }
        }

        return lines.ToString();
    }
}
