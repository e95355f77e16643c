namespace Platform.Abstractions.Records;

/// <summary>Index-time pruning of sparse vectors, given ones and a model's alike; 0 prunes nothing.</summary>
/// <param name="TopTermsPerDocument">The strongest terms of a document that are kept.</param>
/// <param name="MinWeight">Weights of a document below this are dropped, before its strongest terms are taken.</param>
/// <param name="TopTermsPerQuery">The strongest terms of a query that are kept.</param>
[GenerateSerializer, Immutable, Alias("index-pruning")]
public sealed record IndexPruning(
    [property: Id(0)] int TopTermsPerDocument, [property: Id(1)] double MinWeight, [property: Id(2)] int TopTermsPerQuery);
