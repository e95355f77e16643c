namespace Platform.Indexing.Storage;

/// <summary>There is no room for more bytes: on a disk, in a quota, or in the local copies of blobs.</summary>
public sealed class StoreFullException(string message) : IOException(message);
