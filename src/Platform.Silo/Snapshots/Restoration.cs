using Platform.Abstractions.Records;

namespace Platform.Silo.Snapshots;

/// <summary>An index that is being made of a snapshot, as its grain stores it.</summary>
/// <param name="Definition">What the index will be.</param>
/// <param name="From">The snapshot.</param>
internal sealed record Restoration(IndexDefinition Definition, SnapshotSource From);
