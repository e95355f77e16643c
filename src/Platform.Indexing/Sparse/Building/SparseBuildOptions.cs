namespace Platform.Indexing.Sparse;

/// <summary>How a segment is built.</summary>
internal sealed record SparseBuildOptions
{
    /// <summary>Weight of one impact unit; one for all segments of an index, or scores do not compare. Default 3.6 / 255.</summary>
    public float Scale { get; init; } = 3.6f / 255;

    /// <summary>Keep only this many of a document's strongest terms; 0, the default, keeps all.</summary>
    public int MaxTermsPerDocument { get; init; }

    /// <summary>Drop weights below this; 0, the default, drops none.</summary>
    public float MinWeight { get; init; }

    /// <summary>Reorder documents by graph bisection, so that similar ones are neighbours. Default true.</summary>
    public bool Reorder { get; init; } = true;

    /// <summary>Rounds of moves in each bisection at most. Default 10; the paper has 20.</summary>
    public int BisectionRounds { get; init; } = 10;

    /// <summary>Threads that may work. Default 1, as the caller bounds the pool.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Documents are kept in memory up to this many bytes, 5 a posting; those beyond lie in a temporary file until the segment is
    /// written. Default 256 MiB, at least 8 MiB.
    /// </summary>
    public long MemoryBudgetBytes { get; init; } = 256 << 20;

    /// <summary>The folder of the temporary file; null, the default, for the system's.</summary>
    public string? SpillFolder { get; init; }

    /// <summary>What is out of range, or null.</summary>
    public string? Fault() => this switch
    {
        { Scale: not (> 0 and < float.PositiveInfinity) } => $"The scale is {Scale}; it must be a positive number.",
        { MaxTermsPerDocument: < 0 } => $"MaxTermsPerDocument is {MaxTermsPerDocument}; it must be 0 (all) or more.",
        { MinWeight: not (>= 0 and < float.PositiveInfinity) } => $"MinWeight is {MinWeight}; it must be 0 (none) or more.",
        { BisectionRounds: < 1 or > 100 } => $"BisectionRounds is {BisectionRounds}; it must be 1 to 100.",
        { MemoryBudgetBytes: < 8 << 20 } => $"MemoryBudgetBytes is {MemoryBudgetBytes}; it must be at least {8 << 20} (8 MiB).",
        { Threads: < 1 } => $"Threads is {Threads}; it must be at least 1.",
        _ => null,
    };
}
