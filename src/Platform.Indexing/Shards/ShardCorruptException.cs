namespace Platform.Indexing.Shards;

/// <summary>A shard's stored data can't be what was written; the shard stays closed so that nothing acknowledged is lost silently.</summary>
public sealed class ShardCorruptException(string message, Exception? inner = null) : IOException(message, inner);
