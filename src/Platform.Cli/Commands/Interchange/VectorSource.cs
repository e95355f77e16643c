using System.Runtime.CompilerServices;
using Platform.Cli.Commands.Ingesting;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Interchange;

/// <summary>Documents of a binary interchange file, CIFF or .csr; their places are their numbers, from 1.</summary>
/// <param name="path">The file.</param>
/// <param name="documents">Its documents.</param>
/// <param name="scale">What weights are multiplied by.</param>
internal sealed class VectorSource(string path, IEnumerable<InterchangeDocument> documents, double scale) : IItemSource
{
    /// <summary>Never told: a binary file that has one fault has no sound rest.</summary>
    public Action<LineOf, string>? BadLine { get; set; }

    /// <inheritdoc/>
    public double? FractionRead => null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<BulkItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();                                  // reading is synchronous: the caller is not to wait for the first document
        foreach (InterchangeDocument document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ItemOf(document, scale);
        }
    }

    /// <inheritdoc/>
    public LineOf PlaceOf(long position) => new(path, position);

    /// <summary>A document as the service takes it; weights of 0 are no weights.</summary>
    public static BulkItem ItemOf(InterchangeDocument document, double scale)
    {
        int[] used = [.. Enumerable.Range(0, document.TermIds.Length).Where(i => document.Weights[i] != 0)];
        return new BulkItem
        {
            Id = document.Key,
            Text = document.Text.Length == 0 ? null : document.Text,
            Sparse = new SparseVector
            {
                Indices = [.. used.Select(i => (long)document.TermIds[i])],
                Values = [.. used.Select(i => document.Weights[i] * scale)],
            },
        };
    }
}
