using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Placement;
using Platform.Abstractions;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;
using Platform.Indexing.Dense;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;
using Platform.Silo.Elastic;
using Platform.Silo.Hosting;
using Platform.Silo.Placement;
using Platform.Silo.Snapshots;

namespace Platform.Silo.Grains;

/// <summary>The identity and lifetime of a <see cref="Shard"/>; searching runs on the work pool.</summary>
/// <remarks>A shard whose stored data is damaged stays closed: its calls fail with the reason, and the rest of the silo goes on.</remarks>
[RolePlacement(Role.Index), ShardPlacement]
internal sealed partial class ShardGrain(
    IBlobStore store, WorkPool pool, IOptions<ShardOptions> options, ILocalSiloDetails silo, IndexSilos silos, LocalShards local, ShardCensusClient census, TimeProvider time, ILogger<ShardGrain> logger)
    : Grain, IShardGrain
{
    private readonly RateMeter _reads = new(time);
    private ShardKey _key;
    private Shard? _shard;
    private string? _damage;
    private bool _isMissing;
    private ShardCopying? _copying;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ShardKey.Parse(this.GetPrimaryKeyString());
        _copying = new ShardCopying(_key, store);
        try
        {
            // replay is CPU-bound: it runs beside the grain scheduler
            _shard = await Task.Run(() => Shard.OpenMadeAsync(store, Folder, options.Value, cancellationToken), cancellationToken);
        }
        catch (ShardMissingException e)
        {
            _damage = e.Message;                             // never made, or replaced and destroyed
            _isMissing = true;
            return;
        }
        catch (Exception e) when (e is ShardCorruptException or SegmentFormatException or SparseFormatException or DenseFormatException)
        {
            LogDamaged(_key.ToString(), e);
            _damage = e.Message;
            return;
        }

        local.Add(_key.ToString(), Look);
        LogOpened(_key.ToString(), _shard.Epoch);
        _ = LeaveOnFaultAsync(_shard);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(_key.ToString());
        _copying!.GiveUp();
        if (_shard is not null)
        {
            await _shard.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> ApplyAsync(ShardWrite write, CancellationToken cancellationToken) => WriteAsync<ReadOnlyMemory<byte>>(async shard =>
        Array.ConvertAll(await shard.ApplyAsync(write.Operations), outcome => (byte)StatusOf(outcome)));

    /// <summary>Runs a write; what it throws becomes what the wire knows.</summary>
    private async Task<T> WriteAsync<T>(Func<Shard, Task<T>> write)
    {
        try
        {
            return await write(Open());
        }
        catch (WrongShardException e)
        {
            throw new PlatformException(FaultKind.WrongShard, e.Message);
        }
        catch (DenseVectorException e)
        {
            throw new PlatformException(FaultKind.Invalid, e.Message);
        }
        catch (ShardBusyException e)
        {
            throw new PlatformException(FaultKind.Busy, e.Message, TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            DeactivateOnIdle();
            throw new PlatformException(FaultKind.Unavailable, e.Message, TimeSpan.FromSeconds(1));
        }
    }

    /// <inheritdoc/>
    public Task<TermCounts> CountTermsAsync(string[] terms, CancellationToken cancellationToken) => ReadAsync(
        (shard, deadline) =>
        {
            (long documents, long totalLength, long[] frequencies) = shard.CountTerms(terms, deadline);
            return new TermCounts { Documents = documents, TotalLength = totalLength, DocumentFrequencies = frequencies };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ShardHits> SearchAsync(ShardQuery query, CancellationToken cancellationToken) => ReadAsync(
        (shard, deadline) => SortedHits.WithValues(shard, query.Grouping, query.Lexical is not null
            ? new ShardHits { Packed = Pack(shard.Search(LexicalQueries.Of(query.Lexical), query.Top, FieldFilters.OfOrNull(query.Filter), deadline)) }
            : query.Dense is not null
            ? new ShardHits { Packed = Pack(shard.SearchDense(query.Dense.Values.ToArray(), query.Top, FieldFilters.OfOrNull(query.Filter), deadline)) }
            : SparseSearch.Run(shard, query, deadline)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAsync(FilterNode? filter, CancellationToken cancellationToken) =>
        ReadAsync((shard, deadline) => shard.Count(FieldFilters.OfOrNull(filter), deadline), cancellationToken);

    /// <inheritdoc/>
    public Task<FacetReply> CountFacetsAsync(FacetCall facets, CancellationToken cancellationToken) =>
        ReadAsync((shard, deadline) => ShardFacets.Count(shard, facets, deadline), cancellationToken);

    /// <inheritdoc/>
    public Task<SortReply> SearchSortedAsync(SortCall sort, CancellationToken cancellationToken) =>
        ReadAsync((shard, deadline) => SortedHits.Search(shard, sort, deadline), cancellationToken);

    /// <inheritdoc/>
    public Task<int> DeleteMatchingAsync(FilterNode filter, int most, CancellationToken cancellationToken) =>
        WriteAsync(async shard =>
        {
            try
            {
                return await shard.DeleteMatchingAsync(FieldFilters.Of(filter), most);
            }
            catch (SegmentFormatException e)
            {
                throw Damaged(e);
            }
        });

    /// <inheritdoc/>
    public Task<PatchStatus> PatchAsync(PatchCall patch, CancellationToken cancellationToken) => WriteAsync(async shard =>
    {
        var asked = new ShardPatch(patch.OperationId, patch.DocumentKey, patch.Expected, patch.Stored, FieldFilters.Pack(patch.Fields));
        try
        {
            return await pool.RunAsync(() => shard.PatchAsync(asked, cancellationToken), isQuery: false, cancellationToken).Unwrap() switch
            {
                PatchOutcome.Updated => PatchStatus.Updated,
                PatchOutcome.NotFound => PatchStatus.NotFound,
                _ => PatchStatus.Changed,
            };
        }
        catch (Exception e) when (e is SegmentFormatException or SparseFormatException or DenseFormatException)
        {
            throw Damaged(e);
        }
    });

    /// <inheritdoc/>
    public Task<FetchReply> FetchAsync(FetchCall fetch, CancellationToken cancellationToken) => ReadAsync(
        (shard, deadline) => new FetchReply
        {
            Documents = [.. fetch.DocumentKeys.Select(key =>
            {
                deadline.ThrowIfCancellationRequested();
                return ShardFetch.One(shard, key, fetch);
            })],
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ScrollPage> ScrollAsync(ScrollCall scroll, CancellationToken cancellationToken)
    {
        Shard shard = Open();
        return pool.RunAsync(() => Checked(() => ScrollRun.ReadShard(shard, scroll, cancellationToken)), isQuery: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SparseReport> MeasureSparseAsync(int afterTerm, CancellationToken cancellationToken)
    {
        Shard shard = Open();
        return pool.RunAsync(() => Checked(() => SparseReports.Of(shard, afterTerm)), isQuery: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SparseTermFrequencies> CountSparseTermsAsync(int[] termIds, CancellationToken cancellationToken)
    {
        Shard shard = Open();
        return pool.RunAsync(() => Checked(() => SparseReports.Count(shard, termIds)), isQuery: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ShardReport> ReportAsync(CancellationToken cancellationToken)
    {
        ShardFigures figures = Open().Measure();
        return Task.FromResult(new ShardReport
        {
            Ordinal = _key.Ordinal,
            Silo = silo.SiloAddress.Endpoint.ToString(),
            Epoch = _shard!.Epoch,
            Documents = figures.Documents,
            DeletedDocuments = figures.DeletedDocuments,
            Postings = figures.Postings,
            TextDocuments = figures.TextDocuments,
            TotalLength = figures.TotalLength,
            Segments = figures.Segments,
            SegmentBytes = figures.SegmentBytes,
            LogBytes = figures.LogBytes,
            BorrowedFrom = [.. figures.BorrowedFrom.Select(folder => int.Parse(folder, CultureInfo.InvariantCulture))],
            RetiredBy = figures.RetiredBy,
            ReadsPerSecond = _reads.PerSecond,
            Vectors = figures.Vectors,
        });
    }

    /// <inheritdoc/>
    public async Task HoldWritesAsync(string cut, CancellationToken cancellationToken)
    {
        try
        {
            await _copying!.HoldAsync(Open(), cut, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            throw new PlatformException(FaultKind.Unavailable, e.Message, TimeSpan.FromSeconds(1));
        }
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseWritesAsync(string cut, bool copies, CancellationToken cancellationToken) => Task.FromResult(_copying!.Release(cut, copies));

    /// <inheritdoc/>
    public Task<CopyReport> CopiedAsync(string cut, CancellationToken cancellationToken) => _copying!.ReportAsync(cut, cancellationToken);

    /// <inheritdoc/>
    public Task SealAsync(CancellationToken cancellationToken) => ChangeAsync(shard => shard.SealAsync(), cancellationToken);

    /// <inheritdoc/>
    public Task RetireAsync(string operation, CancellationToken cancellationToken) => ChangeAsync(
        shard => shard.Measure().RetiredBy is { } other && other != operation
            ? throw new PlatformException(FaultKind.Conflict, $"Shard '{_key}' is retired by operation '{other}' and can't be by '{operation}'.")
            : shard.RetireAsync(operation),
        cancellationToken);

    /// <inheritdoc/>
    public Task ReviveAsync(CancellationToken cancellationToken) => ChangeAsync(shard => shard.ReviveAsync(), cancellationToken);

    /// <inheritdoc/>
    public Task CompactAsync(CancellationToken cancellationToken) => ChangeAsync(shard => shard.CompactAsync(), cancellationToken);

    /// <inheritdoc/>
    public async Task MoveAsync(string target, CancellationToken cancellationToken)
    {
        SiloAddress address = silos.Find(target);
        if (!address.Equals(silo.SiloAddress))
        {
            await SealAsync(cancellationToken);              // its next owner has nothing to replay
            await WarmAsync(address, cancellationToken);     // nor to fetch
            RequestContext.Set(IPlacementDirector.PlacementHintKey, address);
            MigrateOnIdle();
        }
    }

    /// <inheritdoc/>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        local.Remove(_key.ToString());
        _copying!.GiveUp();
        if (_shard is not null)
        {
            await _shard.DisposeAsync();
        }

        _shard = null;
        _damage = "it was destroyed";
        await Shard.DestroyAsync(store, Folder, cancellationToken);
        DeactivateOnIdle();
    }

    private string Folder => ShardFolder.Of(_key);

    /// <summary>Makes the target ready while this silo still serves. What fails here the opening there meets again, and tells.</summary>
    private async Task WarmAsync(SiloAddress target, CancellationToken cancellationToken)
    {
        try
        {
            LogWarmed(_key.ToString(), target.Endpoint.ToString(), await census.WarmAsync(target, _key.ToString()).WaitAsync(cancellationToken));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotWarmed(_key.ToString(), target.Endpoint.ToString(), e.Message);
        }
    }

    private Shard Open()
    {
        if (_shard is not null)
        {
            return _shard;
        }

        if (_isMissing)
        {
            DeactivateOnIdle();                              // the next call looks again
        }

        throw new PlatformException(FaultKind.Unavailable, $"Shard '{_key}' is closed: {_damage}", TimeSpan.FromSeconds(30));
    }

    private OpenShard Look()
    {
        ShardFigures figures = Open().Measure();
        return new OpenShard(_key.ToString(), figures.SegmentBytes + figures.LogBytes, _reads.PerSecond, figures.RetiredBy is not null || figures.BorrowedFrom.Count > 0);
    }

    /// <summary>Runs a change of the shard's files. It goes on when the caller gives up: what it does may be done again.</summary>
    private async Task ChangeAsync(Func<Shard, Task> change, CancellationToken cancellationToken)
    {
        Shard shard = Open();
        try
        {
            await Task.Run(() => change(shard), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            DeactivateOnIdle();
            throw new PlatformException(FaultKind.Unavailable, e.Message, TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Runs a read on the work pool; it ends when the caller's time is spent.</summary>
    private async Task<T> ReadAsync<T>(Func<Shard, CancellationToken, T> read, CancellationToken cancellationToken)
    {
        Shard shard = Open();
        _reads.Count();
        using CancellationTokenSource deadline = QueryDeadline.OfCall(cancellationToken);
        CancellationToken token = deadline.Token;
        return await pool.RunAsync(() => Checked(() => read(shard, token)), isQuery: true, token);
    }

    /// <summary>Runs a read. A part of a segment is checked at its first use: then damage is told as what the shard lacks.</summary>
    private T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SegmentFormatException or SparseFormatException or DenseFormatException)
        {
            throw Damaged(e);
        }
    }

    private PlatformException Damaged(Exception fault)
    {
        LogDamagedPart(_key.ToString(), fault);
        return new PlatformException(FaultKind.Unavailable, $"Shard '{_key}' can't answer: {fault.Message}", TimeSpan.FromSeconds(30));
    }

    private async Task LeaveOnFaultAsync(Shard shard)
    {
        Exception fault = await shard.Fault;
        LogFault(_key.ToString(), fault.Message);
        DeactivateOnIdle();
    }

    private static byte[] Pack(ShardHit[] hits) => HitPacking.Pack([.. hits.Select(hit => hit.DocumentKey)], [.. hits.Select(hit => hit.Score)]);

    private static ItemStatus StatusOf(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Created => ItemStatus.Created,
        WriteOutcome.Updated => ItemStatus.Updated,
        WriteOutcome.Deleted => ItemStatus.Deleted,
        _ => ItemStatus.NotFound,
    };

    [LoggerMessage(LogLevel.Information, "Opened shard {Shard} as epoch {Epoch}")]
    private partial void LogOpened(string shard, long epoch);

    [LoggerMessage(LogLevel.Debug, "Shard {Shard} is ready to go to {Silo}, with {Bytes} bytes of segments there")]
    private partial void LogWarmed(string shard, string silo, long bytes);

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} goes to {Silo}, which could not make ready for it: {Reason}")]
    private partial void LogNotWarmed(string shard, string silo, string reason);

    [LoggerMessage(LogLevel.Error, "Shard {Shard} stays closed: its stored data is damaged")]
    private partial void LogDamaged(string shard, Exception exception);

    [LoggerMessage(LogLevel.Error, "Shard {Shard} can't answer: a part of its stored data is damaged")]
    private partial void LogDamagedPart(string shard, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} goes on no longer and will be opened again: {Reason}")]
    private partial void LogFault(string shard, string reason);
}
