using System.Runtime.CompilerServices;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.Evaluation.Collections;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>Writes a collection's documents into an index.</summary>
internal static class CollectionIngest
{
    /// <summary>Ingests all documents.</summary>
    /// <param name="client">The platform.</param>
    /// <param name="index">An existing index.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="vectors">Their dense vectors; null for none.</param>
    /// <param name="total">How many there are; null if that is not known.</param>
    /// <param name="shown">Told as it goes on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<IngestSummary> RunAsync(
        PlatformClient client,
        string index,
        IAsyncEnumerable<CollectionDocument> documents,
        VectorFile? vectors,
        long? total,
        IProgress<WorkDone> shown,
        CancellationToken cancellationToken) =>
        client.IngestAsync(
            index,
            ItemsAsync(documents, vectors, cancellationToken),
            progress: new Forward(total, shown),
            cancellationToken: cancellationToken);

    private static async IAsyncEnumerable<BulkItem> ItemsAsync(
        IAsyncEnumerable<CollectionDocument> documents, VectorFile? vectors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CollectionDocument document in documents.WithCancellation(cancellationToken))
        {
            yield return new BulkItem
            {
                Id = document.Id,
                Title = document.Title.Length == 0 ? null : document.Title,
                Text = document.Text,
                Dense = vectors?.Find(document.Id) is { } vector ? new DenseVector(vector) : null,
            };
        }
    }

    private sealed class Forward(long? total, IProgress<WorkDone> shown) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value)
        {
            double? fraction = total > 0 ? Math.Min(1, (double)(value.Acknowledged + value.Failed) / total.Value) : null;
            shown.Report(new WorkDone(value.Acknowledged, value.Failed, fraction));
        }
    }
}
