using Platform.Training.Checkpoints;

namespace Platform.Training.Running;

/// <summary>Where a run is and how it goes, told after each optimiser step and before the first.</summary>
public sealed record TrainingProgress
{
    /// <summary>What it does at the moment, in words.</summary>
    public required string Phase { get; init; }

    /// <summary>Optimiser steps done.</summary>
    public int Step { get; init; }

    /// <summary>Optimiser steps in all.</summary>
    public int Steps { get; init; }

    /// <summary>The whole loss of the last step; ranking or masked tokens, and regulariser.</summary>
    public double Loss { get; init; }

    /// <summary>The part that ranks or predicts.</summary>
    public double RankingLoss { get; init; }

    /// <summary>FLOPS of the queries, before its weight; 0 where there is no sparse head.</summary>
    public double QueryFlops { get; init; }

    /// <summary>FLOPS of the passages, before its weight; 0 where there is no sparse head.</summary>
    public double PassageFlops { get; init; }

    /// <summary>Mean non-zeros of a query; 0 where there is no sparse head.</summary>
    public double QueryTerms { get; init; }

    /// <summary>Mean non-zeros of a passage; 0 where there is no sparse head.</summary>
    public double PassageTerms { get; init; }

    /// <summary>The norm of all gradients before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Tokens a second, over the last steps.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Until the last step, at the pace of the last ones; null before the first step.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The best development result so far; null before the first.</summary>
    public DevelopmentResult? Best { get; init; }

    /// <summary>A thing that happened and that a person should read, such as a damaged checkpoint passed over; null for none.</summary>
    public string? Notice { get; init; }
}
