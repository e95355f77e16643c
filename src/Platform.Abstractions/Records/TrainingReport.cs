namespace Platform.Abstractions.Records;

/// <summary>How a training job goes.</summary>
[GenerateSerializer, Immutable, Alias("training-report")]
public sealed record TrainingReport
{
    /// <summary>The job's name, without its tenant.</summary>
    [Id(0)]
    public required string Job { get; init; }

    /// <summary>Whether it runs.</summary>
    [Id(1)]
    public required TrainingPhase Phase { get; init; }

    /// <summary>Optimiser steps done.</summary>
    [Id(2)]
    public required int Step { get; init; }

    /// <summary>Optimiser steps in all.</summary>
    [Id(3)]
    public required int Steps { get; init; }

    /// <summary>The whole loss of the last step; 0 before the first.</summary>
    [Id(4)]
    public double Loss { get; init; }

    /// <summary>The loss without the regulariser.</summary>
    [Id(5)]
    public double RankingLoss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    [Id(6)]
    public double LearningRate { get; init; }

    /// <summary>Mean non-zeros of a query; 0 without a sparse head.</summary>
    [Id(7)]
    public double QueryTerms { get; init; }

    /// <summary>Mean non-zeros of a passage; 0 without a sparse head.</summary>
    [Id(8)]
    public double PassageTerms { get; init; }

    /// <summary>Tokens a second.</summary>
    [Id(9)]
    public double TokensPerSecond { get; init; }

    /// <summary>Until the end, at the pace of the last steps; null where it does not run.</summary>
    [Id(10)]
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The best nDCG@10 on the development set; null before the first.</summary>
    [Id(11)]
    public double? DevelopmentNdcgAt10 { get; init; }

    /// <summary>The model made, as <c>id@version</c>; null before the end.</summary>
    [Id(12)]
    public string? Model { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    [Id(13)]
    public string? Fault { get; init; }

    /// <summary>How often it began or went on, on whatever silo.</summary>
    [Id(14)]
    public int Attempts { get; init; }

    /// <summary>The silo it runs on or ran on last.</summary>
    [Id(15)]
    public string? Silo { get; init; }
}

/// <summary>Where a training job stands.</summary>
[GenerateSerializer, Alias("training-phase")]
public enum TrainingPhase
{
    /// <summary>It runs, or will again as soon as a trainer silo takes it.</summary>
    Running,

    /// <summary>Its model is made.</summary>
    Done,

    /// <summary>Somebody stopped it; its state is saved.</summary>
    Cancelled,

    /// <summary>It ended in a fault; its last checkpoint is there.</summary>
    Failed,
}
