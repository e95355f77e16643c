using System.Buffers;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Endpoints.Fields;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;
using Platform.Gateway.Reading;

namespace Platform.Gateway.Endpoints.Bulk;

/// <summary>Makes an operation of each line of one bulk request, or says what is wrong with the line.</summary>
/// <remarks>Remembers the ids of the request, so that each is applied once. Not thread-safe.</remarks>
internal sealed class BulkItemReader(OperationIds operations, DeclaredFields declared, GatewayOptions limits)
{
    private readonly Dictionary<string, int> _firstLines = new(StringComparer.Ordinal);
    private int _read;

    /// <summary>Reads a line. Exactly one of the result's item and fault is there.</summary>
    public ReadItem Read(Line line)
    {
        if (++_read > limits.MaxDocumentsPerRequest)
        {
            return Failed(line, null, Fault.TooLarge($"The request holds more than {limits.MaxDocumentsPerRequest} documents; send this line and all after it in another request.") with { Retryable = true });
        }

        if (line.IsTooLong)
        {
            return Failed(line, null, Fault.TooLarge($"The line is {line.Length} bytes; at most {limits.MaxLineBytes} are allowed. Split the document."));
        }

        string? id = null;
        try
        {
            BulkItem item = StrictJson.Read(
                line.Bytes.IsSingleSegment ? line.Bytes.FirstSpan : line.Bytes.ToArray(), GatewayJson.Request<BulkItem>());
            id = item.Id;
            return new ReadItem(line.Number, line.Length, id, ToOperation(item, line.Number), null);
        }
        catch (RequestException refused)
        {
            return Failed(line, id, refused.Fault);
        }
    }

    private static ReadItem Failed(Line line, string? id, Fault fault) =>
        new(line.Number, line.Length, string.IsNullOrEmpty(id) ? null : id, null, fault);

    private IngestItem ToOperation(BulkItem item, int line)
    {
        if (DocumentId.Check(item.Id) is { } fault)
        {
            throw new RequestException(fault);
        }

        bool delete = IsDelete(item);
        byte[] stored = delete ? [] : StoredJson.Write(item);
        DocumentField[]? fields = declared.Read(item.Fields);
        PackedSparseVector? sparse = item.Sparse is { } given ? SparseVectors.PackDocument(given, limits.MaxSparseTerms) : null;
        PackedDenseVector? dense = item.Dense is { } vector ? DenseVectors.Pack(vector) : null;
        if (!_firstLines.TryAdd(item.Id, line))
        {
            throw new RequestException(Fault.Invalid($"The id '{Fault.Shorten(item.Id)}' stands in line {_firstLines[item.Id]} already, and that line is applied; send the other in a later request.") with { Code = ErrorCodes.DuplicateId });
        }

        return new IngestItem
        {
            DocumentKey = item.Id,
            OperationId = operations.For(item.Id),
            Delete = delete,
            Title = item.Title,
            Text = item.Text,
            Stored = stored,
            Sparse = sparse,
            Dense = dense,
            Fields = fields,
        };
    }

    private static bool IsDelete(BulkItem item)
    {
        bool delete = item.Action switch
        {
            null or "upsert" => false,
            "delete" => true,
            _ => throw new RequestException(Fault.Invalid($"Member 'action' is '{Fault.Shorten(item.Action)}'; it must be 'upsert' or 'delete'.")),
        };
        return delete && (item.Title ?? item.Text ?? (object?)item.Fields ?? item.Sparse ?? (object?)item.Dense) is not null
            ? throw new RequestException(Fault.Invalid("A delete names only its 'id'; leave title, text, fields, sparse and dense out, or use action 'upsert'."))
            : delete;
    }
}

/// <summary>What became of one line.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Id">The document's id, where the line had one.</param>
/// <param name="Item">The operation; null if there is a fault.</param>
/// <param name="Fault">What is wrong with the line; null if there is an operation.</param>
internal readonly record struct ReadItem(int Line, long Bytes, string? Id, IngestItem? Item, Fault? Fault);
