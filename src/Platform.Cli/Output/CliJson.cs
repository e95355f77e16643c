using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Cli.Commands.Encoding;
using Platform.Cli.Commands.Evaluating;
using Platform.Cli.Commands.Indexes;
using Platform.Cli.Commands.Ingesting;
using Platform.Cli.Commands.Models;
using Platform.Cli.Commands.Training;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;
using Platform.Training.Mining;

namespace Platform.Cli.Output;

/// <summary>The records that commands write for programs, in camelCase. <see cref="JsonOutput"/> writes them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IndexDescription))]
[JsonSerializable(typeof(IndexList))]
[JsonSerializable(typeof(IndexStatistics))]
[JsonSerializable(typeof(ShardList))]
[JsonSerializable(typeof(OperationDescription))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(CountResponse))]
[JsonSerializable(typeof(DeleteResponse))]
[JsonSerializable(typeof(IngestReport))]
[JsonSerializable(typeof(DeletedIndex))]
[JsonSerializable(typeof(SnapshotList))]
[JsonSerializable(typeof(FailedDocument))]
[JsonSerializable(typeof(EncodingReport))]
[JsonSerializable(typeof(ModelLine))]
[JsonSerializable(typeof(ModelListReport))]
[JsonSerializable(typeof(ModelReport))]
[JsonSerializable(typeof(ModelVerification))]
[JsonSerializable(typeof(ReportComparison))]
[JsonSerializable(typeof(SparseBenchmarkReport))]
[JsonSerializable(typeof(TrainedModel))]
[JsonSerializable(typeof(TrainingJob))]
[JsonSerializable(typeof(TrainingJobList))]
[JsonSerializable(typeof(MiningResult))]
[JsonSerializable(typeof(QuantisationReport))]
[JsonSerializable(typeof(ExportReport))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>What <c>index delete --json</c> and <c>snapshot delete --json</c> say.</summary>
/// <param name="Name">The index, or the snapshot.</param>
/// <param name="Deleted">True.</param>
internal sealed record DeletedIndex(string Name, bool Deleted);
