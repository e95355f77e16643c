namespace Platform.Indexing.Storage;

/// <summary>How much a store can hold, and how much of that is left.</summary>
/// <param name="TotalBytes">All that it could hold, empty.</param>
/// <param name="FreeBytes">What it can still take.</param>
public readonly record struct StoreRoom(long TotalBytes, long FreeBytes);
