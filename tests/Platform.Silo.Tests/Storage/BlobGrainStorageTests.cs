using Orleans.Storage;
using Platform.Indexing.Storage;
using Platform.Silo.Storage;

namespace Platform.Silo.Tests.Storage;

public sealed class BlobGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("index", "acme/docs");

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-silo-");
    private readonly BlobGrainStorage _storage;

    public BlobGrainStorageTests() => _storage = new BlobGrainStorage(new FileBlobStore(_data.FullName, TimeProvider.System));

    [Fact]
    public async Task What_was_written_is_read_again()
    {
        GrainState<List<int>> written = await ReadAsync();
        Assert.False(written.RecordExists);
        written.State!.Add(7);
        await _storage.WriteStateAsync("state", Grain, written);

        GrainState<List<int>> read = await ReadAsync();
        Assert.True(read.RecordExists);
        Assert.Equal([7], read.State);
    }

    [Fact]
    public async Task Of_two_activations_that_read_the_same_state_only_one_may_write()
    {
        GrainState<List<int>> one = await ReadAsync();
        GrainState<List<int>> other = await ReadAsync();
        await _storage.WriteStateAsync("state", Grain, one);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", Grain, other));

        await _storage.WriteStateAsync("state", Grain, one);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("state", Grain, other));
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_its_old_reader_may_not_write()
    {
        GrainState<List<int>> state = await ReadAsync();
        await _storage.WriteStateAsync("state", Grain, state);
        GrainState<List<int>> old = await ReadAsync();
        await _storage.ClearStateAsync("state", Grain, state);

        Assert.False((await ReadAsync()).RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", Grain, old));
    }

    public void Dispose() => _data.Delete(recursive: true);

    private async Task<GrainState<List<int>>> ReadAsync()
    {
        var state = new GrainState<List<int>>();
        await _storage.ReadStateAsync("state", Grain, state);
        return state;
    }
}
