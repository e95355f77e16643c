using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Training.Data;

/// <summary>Streams training examples from a file, whatever its layout.</summary>
public static class TrainingReader
{
    /// <summary>Streams the examples in the file's order; blank lines are skipped.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="format">The layout; null takes that of the first line.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <exception cref="TrainingFormatException">The file is missing; a line is no JSON object, lacks a field, has a blank
    /// text, another number of scores than passages, or is of another layout.</exception>
    public static async IAsyncEnumerable<TrainingExample> ReadAsync(
        string path, TrainingFormat? format = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (SourcedExample sourced in ReadWithLinesAsync(path, format, cancellationToken))
        {
            yield return sourced.Example;
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, each example with its line.</summary>
    internal static async IAsyncEnumerable<SourcedExample> ReadWithLinesAsync(
        string path, TrainingFormat? format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((long number, JsonDocument line) in TrainingLines.ReadAsync(path, cancellationToken))
        {
            using (line)
            {
                TrainingRecord record = new(path, number, line.RootElement);
                format ??= FormatOf(record);
                yield return new SourcedExample(path, number, Parse(record, format.Value));
            }
        }
    }

    private static TrainingFormat FormatOf(TrainingRecord record) =>
        record.Has("question") ? TrainingFormat.Reference
        : record.Has("positive_passages") ? TrainingFormat.Tevatron
        : record.Has("pos") ? TrainingFormat.FlagEmbedding
        : record.Has("positive") ? TrainingFormat.Pairs
        : throw record.Fault($"the fields {string.Join(", ", record.FieldNames)}",
            "question (reference), positive_passages (Tevatron), pos (FlagEmbedding) or positive (pairs)",
            "Convert the file to one of these layouts.");

    private static TrainingExample Parse(TrainingRecord record, TrainingFormat format) => format switch
    {
        TrainingFormat.Reference => new(
            QueryId: null, record.Text("question"),
            [new(record.Id("pos_pid"), "", Text: null, record.Score("pos_score", record.Has("neg_scores")))],
            ByIds(record, "neg_pids", record.Scores("neg_scores", record.Has("pos_score")))),
        TrainingFormat.Tevatron => new(
            record.OptionalId("query_id"), record.Text("query"),
            Passages(record, "positive_passages", atLeast: 1), Passages(record, "negative_passages", atLeast: 0)),
        TrainingFormat.FlagEmbedding => new(
            QueryId: null, record.Text("query"),
            ByTexts(record, "pos", atLeast: 1, record.Scores("pos_scores", record.Has("neg_scores"))),
            ByTexts(record, "neg", atLeast: 0, record.Scores("neg_scores", record.Has("pos_scores") && record.Has("neg")))),
        TrainingFormat.Pairs => new(
            record.OptionalId("id"), record.Text("query"), [new(Id: null, "", record.Text("positive"), TeacherScore: null)], []),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown training format."),
    };

    private static TrainingPassage[] ByIds(TrainingRecord record, string field, IReadOnlyList<float>? scores)
    {
        IReadOnlyList<string> ids = record.Ids(field);
        record.CheckScoreCount(field, ids.Count, scores);
        return [.. ids.Select((id, i) => new TrainingPassage(id, "", Text: null, scores?[i]))];
    }

    private static TrainingPassage[] ByTexts(TrainingRecord record, string field, int atLeast, IReadOnlyList<float>? scores)
    {
        IReadOnlyList<string> texts = record.Texts(field, atLeast);
        record.CheckScoreCount(field, texts.Count, scores);
        return [.. texts.Select((text, i) => new TrainingPassage(Id: null, "", text, scores?[i]))];
    }

    private static TrainingPassage[] Passages(TrainingRecord record, string field, int atLeast) =>
    [
        .. record.Records(field, atLeast).Select(passage =>
            new TrainingPassage(passage.Id("docid"), passage.OptionalText("title"), passage.Text("text"), TeacherScore: null)),
    ];
}
