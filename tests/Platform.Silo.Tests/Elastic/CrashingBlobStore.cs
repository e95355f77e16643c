using System.Text;
using Platform.Indexing.Storage;

namespace Platform.Silo.Tests.Elastic;

/// <summary>A store that fails for ever from a chosen write of an index's state on: what a crash of the process at that moment leaves.</summary>
/// <param name="inner">Where the data go until then.</param>
/// <param name="step">The step that the state says.</param>
/// <param name="isWritten">Whether that state is still written.</param>
internal sealed class CrashingBlobStore(IBlobStore inner, string step, bool isWritten) : IBlobStore
{
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the crash.</summary>
    public Task Crashed => _crashed.Task;

    public int MaxAppends => inner.MaxAppends;

    public Task<Blob?> GetAsync(string name, CancellationToken cancellationToken) => Alive().GetAsync(name, cancellationToken);

    public Task<string?> GetETagAsync(string name, CancellationToken cancellationToken) => Alive().GetETagAsync(name, cancellationToken);

    public Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        Alive().GetRangeAsync(name, offset, length, cancellationToken);

    public Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken) => Alive().MapAsync(name, cancellationToken);

    public Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Alive().AppendAsync(name, position, content, cancellationToken);

    public Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken) => Alive().ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Alive().DeleteAsync(name, cancellationToken);

    public async Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
    {
        bool isChosen = name.StartsWith("state/index/", StringComparison.Ordinal)
            && Encoding.UTF8.GetString(content.Span).Contains($"\"Step\":\"{step}\"", StringComparison.Ordinal);
        if (isChosen && !isWritten)
        {
            _crashed.TrySetResult();
        }

        string tag = await Alive().PutAsync(name, content, ifMatch, cancellationToken);
        if (isChosen)
        {
            _crashed.TrySetResult();
            Alive();
        }

        return tag;
    }

    private IBlobStore Alive() => _crashed.Task.IsCompleted ? throw new IOException("The process has crashed.") : inner;
}
