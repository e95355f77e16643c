namespace Platform.Client.Http;

/// <summary>One call of the HTTP interface, ready to be sent any number of times.</summary>
internal sealed record ApiCall
{
    public required HttpMethod Method { get; init; }

    /// <summary>Below an endpoint, without a leading slash; its parts are already percent-encoded.</summary>
    public required string Path { get; init; }

    /// <summary>Makes the body anew for every sending; null for none.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>Sent as <c>Idempotency-Key</c>; the same for every sending.</summary>
    public Guid? IdempotencyKey { get; init; }

    /// <summary>True if sending it twice does no more than sending it once.</summary>
    public required bool IsIdempotent { get; init; }
}
