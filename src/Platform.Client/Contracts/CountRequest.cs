namespace Platform.Client.Contracts;

/// <summary>Body of <c>POST /v1/indexes/{index}/documents/count</c>.</summary>
public sealed record CountRequest
{
    /// <summary>Which documents; null for all.</summary>
    public Filter? Filter { get; init; }
}

/// <summary>Answer to a <see cref="CountRequest"/>.</summary>
public sealed record CountResponse
{
    /// <summary>Documents that match.</summary>
    public required long Count { get; init; }

    /// <summary>Whether every shard answered.</summary>
    public required Coverage Coverage { get; init; }
}

/// <summary>Body of <c>POST /v1/indexes/{index}/documents/delete</c>.</summary>
public sealed record DeleteRequest
{
    /// <summary>Which documents.</summary>
    public required Filter Filter { get; init; }
}

/// <summary>Answer to a <see cref="DeleteRequest"/>.</summary>
public sealed record DeleteResponse
{
    /// <summary>Documents that were deleted, durably; each matched at that moment.</summary>
    public required long Deleted { get; init; }
}
