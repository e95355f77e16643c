using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>How every record of this folder is written as JSON: camelCase, no reflection; a reader passes over members it does not know, the gateway refuses them.</summary>
/// <remarks>Members with a default are settable: the generated reader would set an init-only member that is missing to 0 or null.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(IndexSpec))]
[JsonSerializable(typeof(IndexDescription))]
[JsonSerializable(typeof(IndexList))]
[JsonSerializable(typeof(IndexStatistics))]
[JsonSerializable(typeof(DocumentPage))]
[JsonSerializable(typeof(TermCountRequest))]
[JsonSerializable(typeof(TermCountResponse))]
[JsonSerializable(typeof(ShardList))]
[JsonSerializable(typeof(OperationSpec))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(OperationDescription))]
[JsonSerializable(typeof(BulkItem))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(StoredDocument))]
[JsonSerializable(typeof(DocumentPatch))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(SnapshotSpec))]
[JsonSerializable(typeof(SnapshotDescription))]
[JsonSerializable(typeof(SnapshotList))]
[JsonSerializable(typeof(RestoreSpec))]
[JsonSerializable(typeof(Filter))]
[JsonSerializable(typeof(CountRequest))]
[JsonSerializable(typeof(CountResponse))]
[JsonSerializable(typeof(DeleteRequest))]
[JsonSerializable(typeof(DeleteResponse))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingResponse))]
[JsonSerializable(typeof(SparseEmbeddingResponse))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(TrainingJobSpec))]
[JsonSerializable(typeof(TrainingJob))]
[JsonSerializable(typeof(TrainingJobList))]
[JsonSerializable(typeof(Problem))]
public sealed partial class PlatformJson : JsonSerializerContext;
