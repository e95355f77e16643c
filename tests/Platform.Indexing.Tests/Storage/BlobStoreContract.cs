using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Storage;

/// <summary>What every <see cref="IBlobStore"/> owes its callers; one subclass an implementation runs all of it.</summary>
public abstract class BlobStoreContract
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Another client of this test's store, as another process would hold one; the store starts empty.</summary>
    protected abstract IBlobStore Open();

    [ContractFact]
    public async Task A_blob_that_was_never_put_is_null_and_has_no_tag()
    {
        IBlobStore store = Open();
        Assert.Null(await store.GetAsync("a/b", Never));
        Assert.Null(await store.GetETagAsync("a/b", Never));
    }

    [ContractFact]
    public async Task A_put_blob_is_read_back_with_its_tag_by_every_client()
    {
        string tag = await Open().PutAsync("a/b/c", Bytes(1, 2, 3), ifMatch: null, Never);

        Blob? blob = await Open().GetAsync("a/b/c", Never);
        Assert.Equal(Bytes(1, 2, 3), blob!.Content.ToArray());
        Assert.Equal(tag, blob.ETag);
        Assert.Equal(tag, await Open().GetETagAsync("a/b/c", Never));
    }

    [ContractFact]
    public async Task An_empty_blob_is_not_the_same_as_none()
    {
        IBlobStore store = Open();
        string tag = await store.PutAsync("empty", Bytes(), ifMatch: null, Never);
        Assert.Equal(0, (await store.GetAsync("empty", Never))!.Content.Length);
        Assert.Equal(tag, await store.GetETagAsync("empty", Never));
        Assert.Equal([new BlobInfo("empty", 0)], await store.ListAsync("", Never));
    }

    [ContractFact]
    public async Task A_put_without_a_tag_conflicts_with_a_blob_that_is_there_and_leaves_it()
    {
        IBlobStore store = Open();
        string tag = await store.PutAsync("a", Bytes(1), ifMatch: null, Never);

        var conflict = await Assert.ThrowsAsync<BlobConflictException>(() => store.PutAsync("a", Bytes(2), ifMatch: null, Never));
        Assert.Equal("a", conflict.Name);
        Blob? blob = await store.GetAsync("a", Never);
        Assert.Equal(Bytes(1), blob!.Content.ToArray());
        Assert.Equal(tag, blob.ETag);
    }

    [ContractFact]
    public async Task A_put_with_an_older_tag_conflicts_and_leaves_the_blob()
    {
        IBlobStore store = Open();
        string first = await store.PutAsync("a", Bytes(1), ifMatch: null, Never);
        string second = await store.PutAsync("a", Bytes(2), first, Never);
        Assert.NotEqual(first, second);

        await Assert.ThrowsAsync<BlobConflictException>(() => store.PutAsync("a", Bytes(3), first, Never));
        Assert.Equal(Bytes(2), (await store.GetAsync("a", Never))!.Content.ToArray());
        Assert.Equal(second, await store.GetETagAsync("a", Never));
    }

    [ContractFact]
    public async Task A_put_with_a_tag_conflicts_where_there_is_no_blob()
    {
        IBlobStore store = Open();
        string tag = await store.PutAsync("a", Bytes(1), ifMatch: null, Never);
        await store.DeleteAsync("a", Never);

        await Assert.ThrowsAsync<BlobConflictException>(() => store.PutAsync("a", Bytes(2), tag, Never));
        Assert.Null(await store.GetAsync("a", Never));
    }

    [ContractFact]
    public async Task No_tag_comes_back_even_when_the_content_does_or_the_blob_was_deleted_between()
    {
        IBlobStore store = Open();
        HashSet<string> tags = [];
        string? tag = null;
        for (int i = 0; i < 100; i++)
        {
            if (i % 10 == 9)
            {
                await store.DeleteAsync("a", Never);
                tag = null;
            }

            tag = await store.PutAsync("a", Bytes(7), tag, Never);
            Assert.True(tags.Add(tag), $"tag '{tag}' came back at put {i}");
        }
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_racing_compare_and_swaps_exactly_one_wins(bool present)
    {
        IBlobStore[] clients = [Open(), Open()];
        const int Writers = 8;
        for (int round = 0; round < 10; round++)
        {
            string name = $"round/{round}";
            string? before = present ? await clients[0].PutAsync(name, Bytes(255), ifMatch: null, Never) : null;
            using var start = new Barrier(Writers);
            string?[] won = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => OnThread(async () =>
            {
                start.SignalAndWait(Never);
                try
                {
                    return await clients[writer % clients.Length].PutAsync(name, Bytes((byte)writer), before, Never);
                }
                catch (BlobConflictException)
                {
                    return null;
                }
            })));

            int winner = Array.FindIndex(won, tag => tag is not null);
            Assert.Equal(1, won.Count(tag => tag is not null));
            Blob? blob = await clients[1].GetAsync(name, Never);
            Assert.Equal(Bytes((byte)winner), blob!.Content.ToArray());
            Assert.Equal(won[winner], blob.ETag);
        }
    }

    [ContractFact]
    public async Task Counters_raised_by_racing_clients_lose_no_step()
    {
        const int Writers = 4;
        const int Steps = 25;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => OnThread(async () =>
        {
            IBlobStore store = Open();
            for (int done = 0; done < Steps;)
            {
                Blob? blob = await store.GetAsync("counter", Never);
                int count = blob is null ? 0 : BitConverter.ToInt32(blob.Content.Span);
                try
                {
                    await store.PutAsync("counter", BitConverter.GetBytes(count + 1), blob?.ETag, Never);
                    done++;
                }
                catch (BlobConflictException)
                {
                    // another client was first: read again
                }
            }

            return true;
        })));
        Assert.Equal(Writers * Steps, BitConverter.ToInt32((await Open().GetAsync("counter", Never))!.Content.Span));
    }

    [ContractFact]
    public async Task Readers_see_the_old_or_the_new_content_with_its_own_tag_and_never_a_mixture()
    {
        IBlobStore writer = Open();
        var written = new System.Collections.Concurrent.ConcurrentDictionary<string, byte>();
        string tag = await writer.PutAsync("a", Repeated(0), ifMatch: null, Never);
        written[tag] = 0;
        using var stop = new CancellationTokenSource();
        Task<List<Blob>>[] readers = [.. Enumerable.Range(0, 2).Select(_ => OnThread(async () =>
        {
            IBlobStore reader = Open();
            List<Blob> seen = [];
            do
            {
                Blob? blob = await reader.GetAsync("a", Never);
                if (seen.Count == 0 || seen[^1].ETag != blob!.ETag)
                {
                    seen.Add(blob!);
                }
            }
            while (!stop.IsCancellationRequested);
            return seen;
        }))];
        for (byte i = 1; i <= 60; i++)
        {
            tag = await writer.PutAsync("a", Repeated(i), tag, Never);
            written[tag] = i;
        }

        await stop.CancelAsync();
        foreach (Blob blob in (await Task.WhenAll(readers)).SelectMany(seen => seen))
        {
            Assert.Equal(Repeated(written[blob.ETag]), blob.Content.ToArray());
        }
    }

    [ContractFact]
    public async Task Appends_add_up_in_order_and_every_client_sees_them_when_they_return()
    {
        IBlobStore store = Open();
        List<byte> expected = [];
        for (int i = 0; i < 20; i++)
        {
            byte[] more = [.. Enumerable.Range(0, i * 7).Select(j => (byte)(i + j))];
            await store.AppendAsync("log/1", expected.Count, more, Never);
            expected.AddRange(more);
            Assert.Equal(expected, await Open().GetRangeAsync("log/1", 0, expected.Count, Never));
            Assert.Equal([new BlobInfo("log/1", expected.Count)], await Open().ListAsync("log/", Never));
        }
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task An_append_at_another_position_than_the_end_conflicts_and_adds_nothing(long position)
    {
        IBlobStore store = Open();
        await store.AppendAsync("log", 0, Bytes(1, 2, 3), Never);
        await Assert.ThrowsAsync<BlobConflictException>(() => store.AppendAsync("log", position, Bytes(9), Never));
        Assert.Equal(Bytes(1, 2, 3), (await store.GetAsync("log", Never))!.Content.ToArray());
    }

    [ContractFact]
    public async Task Of_racing_appends_at_one_position_exactly_one_wins()
    {
        const int Writers = 8;
        IBlobStore[] clients = [Open(), Open()];
        long length = 0;
        for (int round = 0; round < 20; round++)
        {
            using var start = new Barrier(Writers);
            bool[] won = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => OnThread(async () =>
            {
                start.SignalAndWait(Never);
                try
                {
                    await clients[writer % clients.Length].AppendAsync("log", length, Bytes((byte)writer, (byte)writer), Never);
                    return true;
                }
                catch (BlobConflictException)
                {
                    return false;
                }
            })));
            Assert.Equal(1, won.Count(w => w));
            byte winner = (byte)Array.IndexOf(won, true);
            Assert.Equal(Bytes(winner, winner), await clients[0].GetRangeAsync("log", length, 2, Never));
            length += 2;
        }
    }

    [ContractFact]
    public async Task An_append_behind_the_start_of_a_blob_that_is_not_there_fails_and_makes_none()
    {
        IBlobStore store = Open();
        await Assert.ThrowsAnyAsync<IOException>(() => store.AppendAsync("log", 5, Bytes(1), Never));
        Assert.Null(await store.GetAsync("log", Never));
    }

    [ContractFact]
    public async Task A_range_has_exactly_the_bytes_asked_for()
    {
        IBlobStore store = Open();
        await store.PutAsync("a", Bytes(0, 1, 2, 3, 4, 5, 6, 7), ifMatch: null, Never);
        Assert.Equal(Bytes(2, 3, 4), await store.GetRangeAsync("a", 2, 3, Never));
        Assert.Equal(Bytes(7), await store.GetRangeAsync("a", 7, 1, Never));
        Assert.Empty(await store.GetRangeAsync("a", 3, 0, Never));
    }

    [ContractFact]
    public async Task A_range_beyond_the_end_or_of_no_blob_is_refused()
    {
        IBlobStore store = Open();
        await store.PutAsync("a", Bytes(0, 1, 2), ifMatch: null, Never);
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.GetRangeAsync("a", 1, 3, Never));
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.GetRangeAsync("a", 4, 1, Never));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.GetRangeAsync("b", 0, 1, Never));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.GetRangeAsync("no/such/folder", 0, 1, Never));
    }

    [ContractFact]
    public async Task A_listing_has_the_names_with_the_prefix_in_ordinal_order_with_their_lengths()
    {
        IBlobStore store = Open();
        string[] names = ["x/b/2", "x/B", "x/b/10", "x/a", "y/a", "x/b-", "xx"];
        foreach (string name in names)
        {
            await store.PutAsync(name, new byte[name.Length], ifMatch: null, Never);
        }

        foreach (string prefix in (string[])["", "x", "x/", "x/b", "x/b/", "x/b/1", "y/a", "z", "z/z"])
        {
            IEnumerable<BlobInfo> expected = names
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new BlobInfo(name, name.Length));
            Assert.Equal(expected, await store.ListAsync(prefix, Never));
        }
    }

    [ContractFact]
    public async Task A_listing_taken_while_blobs_come_and_go_has_those_that_stay()
    {
        IBlobStore store = Open();
        await store.PutAsync("stays", Bytes(1), ifMatch: null, Never);
        using var stop = new CancellationTokenSource();
        Task<bool> churn = OnThread(async () =>
        {
            IBlobStore other = Open();
            while (!stop.IsCancellationRequested)
            {
                await other.PutAsync("comes/and/goes", Bytes(1), ifMatch: null, Never);
                await other.DeleteAsync("comes/and/goes", Never);
            }

            return true;
        });
        for (int i = 0; i < 300; i++)
        {
            Assert.Contains(new BlobInfo("stays", 1), await store.ListAsync("", Never));
        }

        await stop.CancelAsync();
        Assert.True(await churn);
    }

    [ContractFact]
    public async Task A_deleted_blob_is_gone_and_deleting_it_again_does_nothing()
    {
        IBlobStore store = Open();
        await store.PutAsync("a/b", Bytes(1), ifMatch: null, Never);
        await store.DeleteAsync("a/b", Never);
        await store.DeleteAsync("a/b", Never);
        await store.DeleteAsync("no/such/folder", Never);
        Assert.Null(await store.GetAsync("a/b", Never));
        Assert.Empty(await store.ListAsync("", Never));
    }

    [ContractTheory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("/rooted")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a\\b")]
    [InlineData("a/.lock")]
    public async Task A_name_that_could_leave_the_store_is_refused_by_every_call(string name)
    {
        IBlobStore store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync(name, Never));
        await Assert.ThrowsAsync<ArgumentException>(() => store.GetETagAsync(name, Never));
        await Assert.ThrowsAsync<ArgumentException>(() => store.GetRangeAsync(name, 0, 0, Never));
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync(name, Bytes(), ifMatch: null, Never));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(name, 0, Bytes(), Never));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, Never));
    }

    [ContractTheory]
    [InlineData("../")]
    [InlineData("a/../../")]
    [InlineData("/")]
    public async Task A_prefix_that_could_leave_the_store_is_refused(string prefix) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Open().ListAsync(prefix, Never));

    [ContractFact]
    public async Task A_cancelled_put_leaves_the_blob_as_it_was()
    {
        IBlobStore store = Open();
        string tag = await store.PutAsync("a", Bytes(1), ifMatch: null, Never);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync("a", Bytes(2), tag, new CancellationToken(canceled: true)));
        Assert.Equal(Bytes(1), (await store.GetAsync("a", Never))!.Content.ToArray());
        Assert.Equal([new BlobInfo("a", 1)], await store.ListAsync("", Never));
    }

    /// <summary>A thread of its own, so that all racers really stand at the barrier together.</summary>
    protected static Task<T> OnThread<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, Never, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static byte[] Bytes(params byte[] bytes) => bytes;

    private static byte[] Repeated(byte value) => [.. Enumerable.Repeat(value, 1000 + (value * 997))];
}
