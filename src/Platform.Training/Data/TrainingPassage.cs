namespace Platform.Training.Data;

/// <summary>A passage that an example names or carries; at least one of id and text is there.</summary>
/// <param name="Id">The passage's id in its collection; null where the file carries only text.</param>
/// <param name="Title">Empty where there is none.</param>
/// <param name="Text">Never blank; null where the file names only the id, so that the collection has the text.</param>
/// <param name="TeacherScore">The teacher's raw score of the passage for the query; null where the file has none.</param>
public sealed record TrainingPassage(string? Id, string Title, string? Text, float? TeacherScore);
