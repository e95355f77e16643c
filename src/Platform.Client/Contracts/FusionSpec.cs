namespace Platform.Client.Contracts;

/// <summary>How the hits of the two legs of a hybrid search are put together. Equal scores go by id.</summary>
/// <remarks>
/// Reciprocal rank fusion: Σ 1 / (k + rank) over the legs that found the document; Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114.
/// The linear methods bring each leg's scores to one scale and add them weighted; what a leg did not find counts there as its worst hit.
/// </remarks>
public sealed record FusionSpec
{
    /// <summary><c>rrf</c>, <c>min_max</c> or <c>z_score</c>.</summary>
    public string Method { get; set; } = "rrf";

    /// <summary>The k of reciprocal rank fusion, 1 to 100,000.</summary>
    public int K { get; set; } = 60;

    /// <summary>The dense leg's share in the linear methods, 0 to 1; the other leg has the rest.</summary>
    public double DenseWeight { get; set; } = 0.5;

    /// <summary>How many best hits of each leg are fused, 1 to 10,000; at least top plus offset.</summary>
    public int Depth { get; set; } = 100;
}
