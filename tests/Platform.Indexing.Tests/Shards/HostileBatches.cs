using CsCheck;
using Platform.Indexing.Dense;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Tests.Storage;

namespace Platform.Indexing.Tests.Shards;

public sealed class HostileBatches
{
    [Fact]
    public void A_packed_batch_is_read_back_as_it_was_drawn() => ShardDrawings.Batches.Sample(batch =>
    {
        var reader = new ShardBatchReader(ShardDrawings.Pack(batch));
        foreach (ShardModel.Operation expected in batch)
        {
            Assert.True(reader.Next(out ShardOperation operation));
            Assert.Equal(expected.Id, operation.OperationId);
            Assert.Equal(expected.Key, System.Text.Encoding.UTF8.GetString(operation.Key));
            Assert.Equal(expected.Content is null, operation.Delete);
            Assert.Equal(expected.Content?.Stored ?? [], operation.Stored.ToArray());
            Assert.Equal(expected.Content?.Sparse.Count ?? 0, operation.SparseCount);
            for (int i = 0; i < operation.SparseCount; i++)
            {
                Assert.Equal(expected.Content!.Sparse.ElementAt(i), KeyValuePair.Create(operation.SparseTermId(i), operation.SparseImpacts[i]));
            }

            Assert.Equal(expected.Content?.Vector ?? [], operation.Vector.ToArray());
        }

        Assert.False(reader.Next(out _));
    });

    [Fact]
    public void Every_truncation_of_a_batch_is_a_shorter_batch_or_refused() => ShardDrawings.Batches.Sample(batch =>
    {
        byte[] packed = ShardDrawings.Pack(batch);
        int[] ends = [.. Enumerable.Range(0, batch.Length + 1).Select(count => ShardDrawings.Pack(batch.Take(count)).Length)];
        for (int length = 0; length < packed.Length; length++)
        {
            int whole = Array.IndexOf(ends, length);
            if (whole >= 0)
            {
                Assert.Equal(whole, ShardBatchReader.Validate(packed.AsSpan(0, length), out _));
            }
            else
            {
                Assert.Throws<InvalidDataException>(() => ShardBatchReader.Validate(packed.AsSpan(0, length), out _));
            }
        }
    }, iter: 30);

    [Fact]
    public Task Any_bytes_are_applied_as_a_batch_or_refused_whole() =>
        Gen.Select(ShardDrawings.Batches, Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte).Array[0, 3]).SampleAsync(async (batch, damage) =>
        {
            byte[] packed = ShardDrawings.Pack(batch);
            foreach ((int at, byte value) in damage)
            {
                packed[at % packed.Length] = value;
            }

            await using Shard shard = await OpenAsync();
            try
            {
                Assert.Equal(ShardBatchReader.Validate(packed, out _), (await shard.ApplyAsync(packed)).Length);
            }
            catch (Exception e) when (e is InvalidDataException or DenseVectorException)
            {
                Assert.Equal(0, shard.Measure().Documents);
                Assert.False(shard.Fault.IsCompleted);
            }
        }, iter: 1000);

    [Theory]
    [InlineData("80808004", "a count of 2^23 terms that are not there")]
    [InlineData("8080808002", "a count whose ids alone would be 2 GiB")]
    [InlineData("FFFFFFFF07", "a count of 2^31 - 1")]
    [InlineData("FFFFFFFF0F", "a count of -1")]
    [InlineData("FFFFFFFFFFFFFF", "a count without an end")]
    [InlineData("02" + "0500000005000000" + "0101", "a term twice")]
    [InlineData("02" + "0500000004000000" + "0101", "terms that descend")]
    [InlineData("01" + "FFFFFFFF" + "01", "a negative term")]
    [InlineData("01" + "05000000" + "00", "an impact of 0")]
    public async Task A_sparse_vector_that_no_writer_makes_is_refused(string hex, string what)
    {
        var head = new ShardBatch();
        head.Upsert(Guid.Empty, "a", [], [], [], []);
        byte[] batch = [.. head.ToArray()[..^1], .. Convert.FromHexString(hex)];
        await using Shard shard = await OpenAsync();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? fault = Record.Exception(() => ShardBatchReader.Validate(batch, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.True(fault is InvalidDataException, what);
        await Assert.ThrowsAsync<InvalidDataException>(() => shard.ApplyAsync(batch));
        Assert.Equal(0, shard.Measure().Documents);
    }

    [Theory]
    [InlineData("04" + "01" + "0000803F", "a precision that there is not")]
    [InlineData("00" + "00", "no components")]
    [InlineData("00" + "8120", "more components than a vector may have")]
    [InlineData("00" + "02" + "0000803F", "fewer components than it says")]
    [InlineData("00" + "01" + "0000807F", "an infinite component")]
    [InlineData("00" + "01" + "0000C07F", "a component that is no number")]
    [InlineData("01" + "01" + "0000807F", "an infinite half")]
    [InlineData("01" + "01" + "0000804B", "more than a half holds")]
    public async Task A_dense_vector_that_no_writer_makes_is_refused(string hex, string what)
    {
        var head = new ShardBatch();
        head.Upsert(Guid.Empty, "a", [], [], [], [], [1f]);
        byte[] batch = [.. head.ToArray()[..^6], .. Convert.FromHexString(hex)];
        await using Shard shard = await OpenAsync();
        Exception? fault = await Record.ExceptionAsync(() => shard.ApplyAsync(batch));
        Assert.True(fault is InvalidDataException or DenseVectorException, what);
        Assert.Equal(0, shard.Measure().Documents);
        Assert.False(shard.Fault.IsCompleted);
    }

    [Fact]
    public async Task Vectors_of_another_dimension_or_precision_are_refused_and_never_reach_the_log()
    {
        var store = new MemoryBlobStore();
        await using (Shard shard = await Shard.OpenAsync(store, "s", ShardDrawings.Roomy, CancellationToken.None))
        {
            Task<WriteOutcome[]> first = shard.ApplyAsync(Vector("a", [1, 2], VectorPrecision.Int8));
            Task<WriteOutcome[]> longer = shard.ApplyAsync(Vector("b", [1, 2, 3], VectorPrecision.Int8));
            Task<WriteOutcome[]> finer = shard.ApplyAsync(Vector("c", [1, 2], VectorPrecision.Float32));
            Assert.Equal([WriteOutcome.Created], await first);
            Assert.Equal(DenseVectorFault.WrongDimension, (await Assert.ThrowsAsync<DenseVectorException>(() => longer)).Fault);
            Assert.Equal(DenseVectorFault.WrongPrecision, (await Assert.ThrowsAsync<DenseVectorException>(() => finer)).Fault);
            Assert.Throws<DenseVectorException>(() => shard.SearchDense(new float[] { 1, 2, 3 }, 1, CancellationToken.None));
        }

        await using Shard reopened = await Shard.OpenAsync(store, "s", ShardDrawings.Roomy, CancellationToken.None);
        Assert.Equal(1, reopened.Measure().Documents);
        await Assert.ThrowsAsync<DenseVectorException>(() => reopened.ApplyAsync(Vector("b", [1, 2, 3], VectorPrecision.Int8)));
        Assert.Equal([WriteOutcome.Updated], await reopened.ApplyAsync(Vector("a", [3, 4], VectorPrecision.Int8)));
    }

    [Fact]
    public async Task A_key_that_is_no_text_is_refused()
    {
        var batch = new ShardBatch();
        batch.Delete(Guid.Empty, "a");
        byte[] packed = batch.ToArray();
        packed[^1] = 0xFF;
        await using Shard shard = await OpenAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() => shard.ApplyAsync(packed));
    }

    [Fact]
    public async Task A_term_vector_that_no_writer_makes_is_refused_with_its_batch()
    {
        byte[] vector = TermVector.Pack(["a", "b"]);
        vector[1]++;
        var batch = new ShardBatch();
        batch.Upsert(Guid.NewGuid(), "good", [], TermVector.Pack(["a"]), [], []);
        batch.Upsert(Guid.NewGuid(), "bad", [], vector, [], []);
        await using Shard shard = await OpenAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() => shard.ApplyAsync(batch.ToArray()));
        Assert.Null(shard.Fetch("good"));
    }

    private static byte[] Vector(string key, float[] vector, VectorPrecision precision)
    {
        var batch = new ShardBatch();
        batch.Upsert(Guid.NewGuid(), key, [], [], [], [], vector, precision);
        return batch.ToArray();
    }

    private static Task<Shard> OpenAsync() => Shard.OpenAsync(new MemoryBlobStore(), "s", ShardDrawings.Roomy, CancellationToken.None);
}
