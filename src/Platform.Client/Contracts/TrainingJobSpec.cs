using System.Text.Json;

namespace Platform.Client.Contracts;

/// <summary>A training job to be started.</summary>
public sealed record TrainingJobSpec
{
    /// <summary>The job's name: 1 to 63 of a-z 0-9 . _ -, starting with a letter or digit.</summary>
    public required string Name { get; set; }

    /// <summary>The recipe, a JSON object as <c>platform train run</c> reads it. Its files are plain names of the operator's training data; its base is a model of the store.</summary>
    public required JsonElement Recipe { get; set; }
}
