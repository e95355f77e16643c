using System.Runtime.InteropServices;

namespace Platform.Indexing.Sparse;

/// <summary>What answering a query took.</summary>
/// <param name="Algorithm">The one that ran.</param>
/// <param name="IsExact">Whether it was asked to be exact.</param>
/// <param name="Terms">Query terms used: distinct, weight not 0, present in the segment.</param>
/// <param name="Windows">Windows visited.</param>
/// <param name="Blocks">Blocks in which a document was scored in full.</param>
/// <param name="Documents">Documents scored in full.</param>
/// <param name="Postings">Postings whose impact was added to a score; what bounds add up is not counted.</param>
/// <param name="AllPostings">Postings of all query terms.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SparseExecution(
    SparseAlgorithm Algorithm,
    bool IsExact,
    int Terms,
    int Windows,
    int Blocks,
    int Documents,
    long Postings,
    long AllPostings);
