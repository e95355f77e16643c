using System.Net;
using System.Net.Http.Headers;

namespace Platform.Client.Ingest;

/// <summary>The body of a bulk request: the lines of those items of a batch whose fate is open.</summary>
internal sealed class BatchContent : HttpContent
{
    private readonly BulkBatch _batch;
    private readonly IReadOnlyList<int> _open;

    public BatchContent(BulkBatch batch, IReadOnlyList<int> open)
    {
        _batch = batch;
        _open = open;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (int item in _open)
        {
            await stream.WriteAsync(_batch.LineOf(item), cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _open.Sum(item => (long)_batch.LineOf(item).Length);
        return true;
    }
}
