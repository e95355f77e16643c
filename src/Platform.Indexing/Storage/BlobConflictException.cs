namespace Platform.Indexing.Storage;

/// <summary>A conditional write found the blob in another state: somebody else wrote it.</summary>
public sealed class BlobConflictException(string name, string expected, string found)
    : IOException($"Blob '{name}' was changed by another writer: expected {expected}, found {found}. Read it again before writing.")
{
    /// <summary>The blob.</summary>
    public string Name { get; } = name;
}
