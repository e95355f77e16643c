using System.IO.Hashing;
using System.Text;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Storage;
using Platform.Silo.Tests.Elastic;

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
        SnapshotReport taken = await Snapshots(index).TakeAsync("monday");
        Assert.Equal((4, taken.Bytes), (taken.Shards, taken.AddedBytes));
        await silo.IngestAsync(index, "a later cat");        // replaces document 0 in the index, not in the snapshot

        await Snapshots(index).RestoreAsync("monday", $"to-{shards}", shards);
        Assert.Equal(before, await AnswersAsync($"to-{shards}"));
        Assert.NotEqual(before, await AnswersAsync(index));
        await silo.IngestAsync($"to-{shards}", "a later cat");
        Assert.Equal(await AnswersAsync(index), await AnswersAsync($"to-{shards}"));
    }

    [Fact]
    public async Task A_snapshot_taken_while_writes_go_on_is_a_state_that_the_whole_index_had()
    {
        await silo.CreateAsync("busy", 4);
        var index = new IndexDriver(silo, "busy");
        int acknowledged = 0;
        using var enough = new CancellationTokenSource();
        Task writing = Task.Run(
            async () =>
            {
                for (int i = 0; !enough.IsCancellationRequested; i++)
                {
                    await index.ApplyAsync([IndexDriver.Upsert($"k{i}", "common")], CancellationToken.None);      // the next one is sent when this one is acknowledged
                    Volatile.Write(ref acknowledged, i + 1);
                }
            },
            CancellationToken.None);
        List<int> before = [];
        for (int i = 0; i < 3; i++)
        {
            before.Add(Volatile.Read(ref acknowledged));
            await Snapshots("busy").TakeAsync($"s{i}");
        }

        await enough.CancelAsync();
        await writing;
        for (int i = 0; i < 3; i++)
        {
            await Snapshots("busy").RestoreAsync($"s{i}", $"busy-{i}", 2);
            string[] found = [.. (await silo.SearchAsync($"busy-{i}", "common", top: 10_000)).Hits.Select(hit => hit.DocumentKey)];
            Assert.InRange(found.Length, before[i], acknowledged);
            Assert.Equal(Enumerable.Range(0, found.Length).Select(k => $"k{k}").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Snapshots_share_what_they_have_in_common_and_survive_each_other_and_the_index()
    {
        await silo.CreateAsync("shared", 2);
        await silo.IngestAsync("shared", Texts);
        SnapshotReport first = await Snapshots("shared").TakeAsync("first");
        SnapshotReport second = await Snapshots("shared").TakeAsync("second");
        Assert.Equal((first.Bytes, 0), (second.Bytes, second.AddedBytes));
        PlatformException exists = await Assert.ThrowsAsync<PlatformException>(() => Snapshots("shared").TakeAsync("first"));
        Assert.Equal(FaultKind.SnapshotExists, exists.Kind);

        Assert.True(await Snapshots("shared").Grain.DeleteAsync("first", default));
        Assert.False(await Snapshots("shared").Grain.DeleteAsync("first", default));
        CallContext.ActFor("acme");
        await silo.Grains.GetGrain<ITenantGrain>("acme").DeleteIndexAsync("shared", default);
        Assert.Equal(["second"], (await Snapshots("shared").Grain.ListAsync(default)).Select(snapshot => snapshot.Name));
        await Snapshots("shared").RestoreAsync("second", "shared-again", 2);
        Assert.Equal(Texts.Length, (await silo.SearchAsync("shared-again", "cat", top: 1000)).Hits.Length);

        await Snapshots("shared").Grain.DeleteAsync("second", default);
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
        await Snapshots(index).TakeAsync("s");
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

            bool isGone = damage == "missing" && file.Name.EndsWith("/manifests/s", StringComparison.Ordinal);
            Assert.Contains(isGone ? "'s'" : file.Name, await RefusalAsync(index, "s", $"{index}-new"), StringComparison.Ordinal);
            Assert.Empty(await silo.Store.ListAsync($"shards/acme/{index}-new/", default));
            CallContext.ActFor("acme");
            Assert.DoesNotContain(await silo.Grains.GetGrain<ITenantGrain>("acme").ListIndexesAsync(default), made => made.Name == $"{index}-new");
            await silo.Store.PutAsync(file.Name, whole.Content, tag, default);
        }

        await Snapshots(index).RestoreAsync("s", $"{index}-new", 2);
        Assert.Equal(Texts.Length, (await silo.SearchAsync($"{index}-new", "cat", top: 1000)).Hits.Length);
    }

    [Theory]
    [InlineData("\"name\":\"1/0/segments/", "\"name\":\"../../../segments/")]
    [InlineData("\"last\":2047", "\"last\":2040")]
    public async Task A_manifest_that_names_what_no_snapshot_has_is_refused(string written, string instead)
    {
        string index = $"made-up-{instead.Length}";
        await silo.CreateAsync(index, 2);
        await silo.IngestAsync(index, Texts);
        await Snapshots(index).TakeAsync("s");
        string path = $"snapshots/acme/{index}/manifests/s";
        Blob whole = (await silo.Store.GetAsync(path, default))!;
        string json = Encoding.UTF8.GetString(whole.Content.Span)[17..];
        Assert.Contains(written, json, StringComparison.Ordinal);
        byte[] changed = Encoding.UTF8.GetBytes(json.Replace(written, instead, StringComparison.Ordinal));
        await silo.Store.PutAsync(path, (byte[])[.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash3.Hash(changed)) + "\n"), .. changed], whole.ETag, default);

        Assert.Contains("not of the form written", await RefusalAsync(index, "s", $"{index}-new"), StringComparison.Ordinal);
        Assert.Contains("not of the form written", (await Snapshots(index).Grain.ListAsync(default)).Single().Damage, StringComparison.Ordinal);
        Assert.True(await Snapshots(index).Grain.DeleteAsync("s", default));
    }

    [Fact]
    public async Task What_a_restart_interrupts_goes_on()
    {
        var restarted = new RunningSilo();
        await restarted.InitializeAsync();
        try
        {
            await restarted.CreateAsync("first", 4);
            await restarted.IngestAsync("first", Texts);
            var snapshots = new SnapshotDriving(restarted, "first");
            IndexOperation taking = await snapshots.Grain.BeginAsync("s", default);
            PlatformException busy = await Assert.ThrowsAsync<PlatformException>(() => snapshots.Grain.DeleteAsync("s", default));
            Assert.Equal(FaultKind.Conflict, busy.Kind);
            await restarted.RestartAsync();
            Assert.Equal(IndexOperationState.Done, (await snapshots.EndOfAsync(taking)).State);

            IndexOperation restoring = await snapshots.Grain.BeginRestoreAsync("s", "second", 8, default);
            await restarted.RestartAsync();
            Assert.Equal(IndexOperationState.Done, (await snapshots.EndOfAsync(restoring)).State);
            Assert.Equal(Texts.Length, (await restarted.SearchAsync("second", "cat", top: 1000)).Hits.Length);
        }
        finally
        {
            await restarted.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_is_cancelled_leaves_nothing()
    {
        await silo.CreateAsync("ended", 2);
        await silo.IngestAsync("ended", Texts);
        SnapshotDriving snapshots = Snapshots("ended");
        await snapshots.TakeAsync("s");
        int files = (await silo.Store.ListAsync("snapshots/acme/ended/", default)).Count;
        await silo.IngestAsync("ended", "a later cat");

        IndexOperation taking = await snapshots.Grain.BeginAsync("t", default);
        await snapshots.Grain.CancelOperationAsync(taking.Id, default);
        if ((await snapshots.EndOfAsync(taking)).State == IndexOperationState.Cancelled)
        {
            Assert.Equal(files, (await silo.Store.ListAsync("snapshots/acme/ended/", default)).Count);
        }

        IndexOperation restoring = await snapshots.Grain.BeginRestoreAsync("s", "ended-new", 8, default);
        await snapshots.Grain.CancelOperationAsync(restoring.Id, default);
        bool isMade = (await snapshots.EndOfAsync(restoring)).State == IndexOperationState.Done;
        Assert.Equal(isMade, (await silo.Store.ListAsync("shards/acme/ended-new/", default)).Count > 0);
        CallContext.ActFor("acme");
        Assert.Equal(isMade, (await silo.Grains.GetGrain<ITenantGrain>("acme").ListIndexesAsync(default)).Any(made => made.Name == "ended-new"));
    }

    /// <summary>Why a snapshot is not restored: at once, or by the operation.</summary>
    private async Task<string> RefusalAsync(string index, string name, string target)
    {
        try
        {
            SnapshotDriving snapshots = Snapshots(index);
            IndexOperation ended = await snapshots.EndOfAsync(await snapshots.Grain.BeginRestoreAsync(name, target, 2, default));
            Assert.Equal(IndexOperationState.Failed, ended.State);
            return ended.Message!;
        }
        catch (PlatformException e) when (e.Kind is FaultKind.SnapshotDamaged or FaultKind.SnapshotNotFound)
        {
            return e.Message;
        }
    }

    private SnapshotDriving Snapshots(string index) => new(silo, index);

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
