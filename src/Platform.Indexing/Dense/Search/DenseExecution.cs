using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>What answering a query took.</summary>
/// <param name="Algorithm">The one that ran.</param>
/// <param name="Codes">Products with codes.</param>
/// <param name="Vectors">Products with stored vectors.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DenseExecution(DenseAlgorithm Algorithm, long Codes, long Vectors);
