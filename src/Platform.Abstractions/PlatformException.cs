namespace Platform.Abstractions;

/// <summary>A fault that a caller can act on; crosses grain calls unchanged and becomes a problem document at the gateway.</summary>
[GenerateSerializer, Alias("fault")]
public sealed class PlatformException : Exception
{
    /// <summary>Makes a fault.</summary>
    /// <param name="kind">What the caller can do about it.</param>
    /// <param name="message">What, the value, the limit, the remedy.</param>
    /// <param name="retryAfter">When to try again, for <see cref="FaultKind.Busy"/> and <see cref="FaultKind.Unavailable"/>.</param>
    public PlatformException(FaultKind kind, string message, TimeSpan? retryAfter = null)
        : base(message)
    {
        Kind = kind;
        RetryAfter = retryAfter;
    }

    /// <summary>What the caller can do about it.</summary>
    [Id(0)]
    public FaultKind Kind { get; }

    /// <summary>When to try again.</summary>
    [Id(1)]
    public TimeSpan? RetryAfter { get; }
}

/// <summary>Kinds of <see cref="PlatformException"/>.</summary>
[GenerateSerializer, Alias("fault-kind")]
public enum FaultKind
{
    /// <summary>The request breaks a rule; mend it.</summary>
    Invalid,

    /// <summary>The tenant has no such index.</summary>
    IndexNotFound,

    /// <summary>The tenant has an index of that name.</summary>
    IndexExists,

    /// <summary>The index's encoder can't do what was asked.</summary>
    EncoderMismatch,

    /// <summary>A queue is full; try again later.</summary>
    Busy,

    /// <summary>A part of the cluster does not answer; try again.</summary>
    Unavailable,

    /// <summary>The caller's tenant does not own what it asked for.</summary>
    Forbidden,

    /// <summary>The deadline passed before any shard answered.</summary>
    DeadlineExceeded,

    /// <summary>The shard does not own the document's bucket, or no longer; nothing was applied. Whoever routes looks at the map again.</summary>
    WrongShard,

    /// <summary>The index's shards are being changed already, or can't be changed so.</summary>
    Conflict,

    /// <summary>The index has no such operation or shard.</summary>
    NotFound,

    /// <summary>The store is nearly full, and nothing may be added.</summary>
    StorageFull,

    /// <summary>The index has no such snapshot.</summary>
    SnapshotNotFound,

    /// <summary>The index has a snapshot of that name.</summary>
    SnapshotExists,

    /// <summary>A file of the snapshot is missing, cut off or changed.</summary>
    SnapshotDamaged,
}
