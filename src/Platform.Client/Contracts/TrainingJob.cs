using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Client.Contracts;

/// <summary>A training job to be started.</summary>
public sealed record TrainingJobSpec
{
    /// <summary>The job's name: 1 to 63 of a-z 0-9 . _ -, starting with a letter or digit.</summary>
    public required string Name { get; set; }

    /// <summary>The recipe, a JSON object as <c>platform train run</c> reads it. Its files are plain names of the operator's training data; its base is a model of the store.</summary>
    public required JsonElement Recipe { get; set; }
}

/// <summary>How a training job goes.</summary>
public sealed record TrainingJob
{
    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required TrainingJobPhase Phase { get; init; }

    /// <summary>Optimiser steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Optimiser steps in all.</summary>
    public required int Steps { get; init; }

    /// <summary>The whole loss of the last step; 0 before the first and when it does not run.</summary>
    public double Loss { get; init; }

    /// <summary>The loss without the regulariser.</summary>
    public double RankingLoss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Mean non-zeros of a query; 0 without a sparse head.</summary>
    public double QueryTerms { get; init; }

    /// <summary>Mean non-zeros of a passage; 0 without a sparse head.</summary>
    public double PassageTerms { get; init; }

    /// <summary>Tokens a second.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Seconds until the end, at the pace of the last steps; null where it does not run.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>The best nDCG@10 on the development set, 0 to 1; null before the first.</summary>
    public double? DevelopmentNdcgAt10 { get; init; }

    /// <summary>The model made, as <c>id@version</c>, for an index's encoder; null before the end.</summary>
    public string? Model { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>How often it began or went on.</summary>
    public int Attempts { get; init; }

    /// <summary>The silo it runs on or ran on last.</summary>
    public string? Silo { get; init; }
}

/// <summary>Where a training job stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainingJobPhase>))]
public enum TrainingJobPhase
{
    /// <summary>It runs, or will as soon as a trainer takes it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its model is made.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was stopped; its state is saved.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It ended in a fault; its last checkpoint is there.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>A tenant's training jobs.</summary>
public sealed record TrainingJobList
{
    /// <summary>By ascending name.</summary>
    public required IReadOnlyList<TrainingJob> Jobs { get; init; }
}
