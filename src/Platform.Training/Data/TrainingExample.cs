namespace Platform.Training.Data;

/// <summary>One query with passages that answer it and passages that do not.</summary>
/// <remarks>Either every passage has a teacher's score or none has.</remarks>
/// <param name="QueryId">Null where the file has none.</param>
/// <param name="Query">Never blank.</param>
/// <param name="Positives">One or more.</param>
/// <param name="Negatives">Hard negatives, in the file's order; none in files of pairs.</param>
public sealed record TrainingExample(
    string? QueryId, string Query, IReadOnlyList<TrainingPassage> Positives, IReadOnlyList<TrainingPassage> Negatives)
{
    /// <summary>True where a teacher scored the passages, so that the example serves distillation.</summary>
    public bool HasTeacherScores => Positives[0].TeacherScore is not null;
}
