using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Platform.Indexing.Storage;

/// <summary>Blobs in one Azure container; any number of processes and machines may share it.</summary>
/// <remarks>
/// A put carries Azure's own conditions on ETags. An append is one block with a condition on its position, so a request that
/// arrives late or twice adds nothing. The SDK sends a request again when no answer came; if the repetition is refused because
/// the first one had succeeded, that is seen by what the blob then holds (a put's own mark, an append's own bytes) and is no conflict.
/// </remarks>
public sealed class AzureBlobStore : IBlobStore
{
    /// <summary>The metadata entry that says which put wrote the content.</summary>
    private const string PutMark = "put";

    /// <summary>Larger contents go as blocks, so that a lost connection costs one block and not all.</summary>
    private const int SinglePutBytes = 32 << 20;

    private const int BlockBytes = 16 << 20;
    private const int BlocksAtOnce = 4;

    private readonly BlobContainerClient _container;
    private readonly LocalBlobCache? _cache;

    /// <summary>Uses a container's client, made with <see cref="ClientOptions"/>.</summary>
    internal AzureBlobStore(BlobContainerClient container, LocalBlobCache? cache = null) => (_container, _cache) = (container, cache);

    /// <summary>Opens a container by a connection string; calls nobody yet.</summary>
    /// <exception cref="FormatException">It is no connection string.</exception>
    public static AzureBlobStore Open(string connectionString, string container, AzureRetries retries, LocalBlobCache? cache = null) =>
        new(new BlobContainerClient(connectionString, container, ClientOptions(retries)), cache);

    /// <summary>Opens a container of a storage account by an identity; calls nobody yet.</summary>
    /// <param name="service">The account's blob endpoint, https.</param>
    /// <param name="credential">Gives the tokens.</param>
    /// <param name="container">Its name.</param>
    /// <param name="retries">How long to try.</param>
    /// <param name="cache">Where mapped blobs are copied; null for memory. Stays the caller's.</param>
    public static AzureBlobStore Open(Uri service, TokenCredential credential, string container, AzureRetries retries, LocalBlobCache? cache = null) =>
        new(new BlobServiceClient(service, credential, ClientOptions(retries)).GetBlobContainerClient(container), cache);

    /// <summary>Where the blobs lie, without secrets.</summary>
    public Uri Address => new(_container.Uri.GetLeftPart(UriPartial.Path));

    /// <inheritdoc/>
    /// <remarks>Azure's limit of blocks in an append blob.</remarks>
    public int MaxAppends => 50_000;

    /// <summary>Makes the container if there is none. Call it once, before anything else.</summary>
    /// <exception cref="BlobStoreException">The account can't be reached, or refuses.</exception>
    public Task EnsureContainerAsync(CancellationToken cancellationToken) => CallAsync(
        "the container's creation",
        async () => await _container.ExistsAsync(cancellationToken)      // whoever may only use it need not have the right to make it
            || await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken) is not null,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<Blob?> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            (byte[] content, string tag) = await DownloadAsync(name, range: default, cancellationToken);
            return new Blob(content, tag);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> GetETagAsync(string name, CancellationToken cancellationToken) =>
        (await PropertiesAsync(name, cancellationToken))?.ETag.ToString();

    /// <inheritdoc/>
    public async Task<byte[]> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return await GetETagAsync(name, cancellationToken) is null ? throw NotFound(name) : [];
        }

        (byte[] content, _) = await DownloadAsync(name, new HttpRange(offset, length), cancellationToken);
        return content.Length == length ? content : throw TooShort(name, offset, length);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreFullException">The local copies have no room for it.</exception>
    public async Task<BlobView?> MapAsync(string name, CancellationToken cancellationToken)
    {
        if (_cache is null)
        {
            return await GetAsync(name, cancellationToken) is Blob blob ? new BlobView(blob.Content) : null;
        }

        return await PropertiesAsync(name, cancellationToken) is not { } found
            ? null
            : await _cache.MapAsync(
                $"{Address}/{name} {found.ETag}",
                found.ContentLength,
                (path, token) => DownloadFileAsync(name, found.ContentLength, found.ETag, path, token),
                cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string> PutAsync(string name, ReadOnlyMemory<byte> content, string? ifMatch, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = _container.GetBlockBlobClient(BlobName.Checked(name));
        string mark = Guid.NewGuid().ToString("N");
        return CallAsync($"the put of blob '{name}'", PutOrExplainAsync, cancellationToken);

        async Task<string> PutOrExplainAsync()
        {
            try
            {
                return (await PutAsync(blob, content, mark, ifMatch, cancellationToken)).ToString();
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412 || IsBlobNotFound(e))
            {
                BlobProperties? found = await PropertiesAsync(name, cancellationToken);
                return found?.Metadata.TryGetValue(PutMark, out string? by) == true && by == mark
                    ? found.ETag.ToString()                   // the first try had succeeded and its answer was lost
                    : throw new BlobConflictException(name, ifMatch ?? "none", found?.ETag.ToString() ?? "none");
            }
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(string name, long position, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        AppendBlobClient blob = _container.GetAppendBlobClient(BlobName.Checked(name));
        return CallAsync(
            $"the append to blob '{name}'",
            async () =>
            {
                if (position == 0)
                {
                    await blob.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                }

                if (content.IsEmpty)
                {
                    await CheckLengthAsync(name, position, cancellationToken);
                }

                for (int at = 0; at < content.Length; at += blob.AppendBlobMaxAppendBlockBytes)
                {
                    ReadOnlyMemory<byte> block = content[at..Math.Min(content.Length, at + blob.AppendBlobMaxAppendBlockBytes)];
                    await AppendBlockAsync(blob, name, position + at, block, cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        _ = BlobName.CheckedPrefix(prefix);
        return CallAsync<IReadOnlyList<BlobInfo>>(
            $"the listing of '{prefix}'",
            async () =>
            {
                List<BlobInfo> blobs = [];
                await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
                {
                    blobs.Add(new BlobInfo(blob.Name, blob.Properties.ContentLength ?? 0));
                }

                blobs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
                return blobs;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobBaseClient blob = _container.GetBlobBaseClient(BlobName.Checked(name));
        return CallAsync($"the deletion of blob '{name}'", async () => await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);
    }

    private static async Task<ETag> PutAsync(
        BlockBlobClient blob, ReadOnlyMemory<byte> content, string mark, string? ifMatch, CancellationToken cancellationToken)
    {
        var conditions = ifMatch is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(ifMatch) };
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { [PutMark] = mark };
        if (content.Length <= SinglePutBytes)
        {
            var options = new BlobUploadOptions { Conditions = conditions, Metadata = metadata, TransferOptions = new() { InitialTransferSize = SinglePutBytes } };
            return (await blob.UploadAsync(BinaryData.FromBytes(content).ToStream(), options, cancellationToken)).Value.ETag;
        }

        // the ids of the blocks begin with the mark: those of another put to the same name can't get among them
        int[] blocks = [.. Enumerable.Range(0, (content.Length + BlockBytes - 1) / BlockBytes)];
        string IdOf(int block) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{mark}{block:D6}")));
        await Parallel.ForEachAsync(
            blocks,
            new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = cancellationToken },
            async (block, token) =>
            {
                int start = block * BlockBytes;
                ReadOnlyMemory<byte> bytes = content[start..Math.Min(content.Length, start + BlockBytes)];
                await blob.StageBlockAsync(IdOf(block), BinaryData.FromBytes(bytes).ToStream(), cancellationToken: token);
            });
        var commit = new CommitBlockListOptions { Conditions = conditions, Metadata = metadata };
        return (await blob.CommitBlockListAsync(blocks.Select(IdOf), commit, cancellationToken)).Value.ETag;
    }

    private async Task AppendBlockAsync(
        AppendBlobClient blob, string name, long position, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var tries = new StrongBox<int>();
        using (AzureTries.Count(tries))
        {
            try
            {
                var options = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position } };
                await blob.AppendBlockAsync(BinaryData.FromBytes(block).ToStream(), options, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
            }
        }

        // refused: by another writer's bytes, or by these very bytes, if the answer to the first try was lost
        long length = (await PropertiesAsync(name, cancellationToken))?.ContentLength ?? 0;
        byte[] found = tries.Value > 1 && length >= position + block.Length ? await GetRangeAsync(name, position, block.Length, cancellationToken) : [];
        if (!block.Span.SequenceEqual(found))
        {
            throw LengthConflict(name, position, length);
        }
    }

    private async Task CheckLengthAsync(string name, long position, CancellationToken cancellationToken)
    {
        long length = (await PropertiesAsync(name, cancellationToken) ?? throw NotFound(name)).ContentLength;
        if (length != position)
        {
            throw LengthConflict(name, position, length);
        }
    }

    private Task<(byte[] Content, string ETag)> DownloadAsync(string name, HttpRange range, CancellationToken cancellationToken)
    {
        BlobBaseClient blob = _container.GetBlobBaseClient(BlobName.Checked(name));
        return CallAsync(
            $"the reading of blob '{name}'",
            async () =>
            {
                try
                {
                    using BlobDownloadStreamingResult found = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = range }, cancellationToken);
                    byte[] content = new byte[found.Details.ContentLength];
                    await found.Content.ReadExactlyAsync(content, cancellationToken);
                    return (content, found.Details.ETag.ToString());
                }
                catch (RequestFailedException e) when (IsBlobNotFound(e))
                {
                    throw NotFound(name);
                }
                catch (RequestFailedException e) when (e.Status == 416)
                {
                    throw TooShort(name, range.Offset, range.Length ?? 0);
                }
            },
            cancellationToken);
    }

    /// <summary>Downloads a blob into a new file, in pieces, some at a time; durable on return.</summary>
    private Task<bool> DownloadFileAsync(string name, long length, ETag tag, string path, CancellationToken cancellationToken)
    {
        BlobBaseClient blob = _container.GetBlobBaseClient(BlobName.Checked(name));
        return CallAsync(
            $"the download of blob '{name}'",
            async () =>
            {
                try
                {
                    using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, length);
                    int pieces = (int)((length + BlockBytes - 1) / BlockBytes);
                    var some = new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = cancellationToken };
                    await Parallel.ForAsync(0, pieces, some, async (piece, token) =>
                    {
                        long start = (long)piece * BlockBytes;
                        byte[] bytes = new byte[Math.Min(BlockBytes, length - start)];
                        var options = new BlobDownloadOptions
                        {
                            Range = new HttpRange(start, bytes.Length),
                            Conditions = new BlobRequestConditions { IfMatch = tag },
                        };
                        using BlobDownloadStreamingResult found = await blob.DownloadStreamingAsync(options, token);
                        await found.Content.ReadExactlyAsync(bytes, token);
                        await RandomAccess.WriteAsync(file, bytes, start, token);
                    });
                    RandomAccess.FlushToDisk(file);
                    return true;
                }
                catch (RequestFailedException e) when (IsBlobNotFound(e))
                {
                    throw NotFound(name);
                }
            },
            cancellationToken);
    }

    private Task<BlobProperties?> PropertiesAsync(string name, CancellationToken cancellationToken)
    {
        BlobBaseClient blob = _container.GetBlobBaseClient(BlobName.Checked(name));
        return CallAsync<BlobProperties?>(
            $"the look at blob '{name}'",
            async () =>
            {
                try
                {
                    return await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
                }
                catch (RequestFailedException e) when (IsBlobNotFound(e))
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <summary>Makes one kind of fault of the many that the SDK, its transport and its credentials throw.</summary>
    private async Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not IOException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new BlobStoreException($"{Address}: {what} failed: {ReasonOf(e)}", e);
        }
    }

    private static string ReasonOf(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [.., var last] } tries => $"{ReasonOf(last)} ({tries.InnerExceptions.Count} tries)",
        RequestFailedException { Status: 403 } refused => $"403 {refused.ErrorCode}. Check the key, or give the identity the role Storage Blob Data Contributor.",
        RequestFailedException { ErrorCode: "ContainerNotFound" } => "the container is gone. Restore it.",
        RequestFailedException { Status: > 0 } answered => $"{answered.Status} {answered.ErrorCode}.",
        OperationCanceledException => "no answer in time.",
        _ => e.Message.ReplaceLineEndings(" "),
    };

    /// <summary>A container that is gone is a fault: it must not look like one in which nothing was written yet.</summary>
    private static bool IsBlobNotFound(RequestFailedException e) => e.Status == 404 && e.ErrorCode != BlobErrorCode.ContainerNotFound;

    private static FileNotFoundException NotFound(string name) => new($"There is no blob '{name}'.");

    private static EndOfStreamException TooShort(string name, long offset, long length) =>
        new($"Blob '{name}' ends before the {offset + length} bytes asked for.");

    private static BlobConflictException LengthConflict(string name, long position, long length) =>
        new(name, $"length {position}", $"length {length}");

    /// <summary>The client's options: the SDK's retries, and the count of tries that <see cref="AppendAsync"/> needs.</summary>
    internal static BlobClientOptions ClientOptions(AzureRetries retries)
    {
        var options = new BlobClientOptions();
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = retries.Max;
        options.Retry.Delay = retries.Delay;
        options.Retry.MaxDelay = retries.MaxDelay;
        options.Retry.NetworkTimeout = retries.TryTimeout;
        options.AddPolicy(new AzureTries(), HttpPipelinePosition.PerRetry);
        return options;
    }
}
