namespace Platform.Indexing.Storage;

/// <summary>The store did not do what was asked, or nobody knows whether it did: it is away, refuses, or was too slow.</summary>
public sealed class BlobStoreException(string message, Exception inner) : IOException(message, inner);
