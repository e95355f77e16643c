namespace Platform.Training.Data;

/// <summary>An example and where it stands, for messages.</summary>
/// <param name="Path">The file as the recipe names it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Example">The example.</param>
internal sealed record SourcedExample(string Path, long Line, TrainingExample Example)
{
    public TrainingFormatException Fault(string found, string expected, string remedy) => TrainingFormatException.At(Path, Line, found, expected, remedy);
}
