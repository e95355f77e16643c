using System.Runtime.CompilerServices;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>One line of a run file, as bytes of the reader's buffer.</summary>
internal readonly ref struct TrecRunLine
{
    private const string Layout = "'qid Q0 docid rank score tag'";

    private TrecRunLine(ReadOnlySpan<byte> queryId, ReadOnlySpan<byte> documentId, double score, ReadOnlySpan<byte> tag)
    {
        QueryId = queryId;
        DocumentId = documentId;
        Score = score;
        Tag = tag;
    }

    public ReadOnlySpan<byte> QueryId { get; }

    public ReadOnlySpan<byte> DocumentId { get; }

    public double Score { get; }

    public ReadOnlySpan<byte> Tag { get; }

    public static Utf8Lines Open(string path) => Utf8Lines.Open(path, $"a run file, {Layout} a line");

    /// <summary>Reads the next line that is neither blank nor a comment; false at the file's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRead(Utf8Lines lines, out TrecRunLine result)
    {
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!Fields.IsBlankOrComment(line))
            {
                result = Parse(lines, line);
                return true;
            }
        }

        result = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TrecRunLine Parse(Utf8Lines lines, ReadOnlySpan<byte> line)
    {
        int cursor = 0;
        ReadOnlySpan<byte> queryId = Fields.Next(line, ref cursor);
        _ = Fields.Next(line, ref cursor); // Q0: never read by anyone
        ReadOnlySpan<byte> documentId = Fields.Next(line, ref cursor);
        _ = Fields.Next(line, ref cursor); // rank: the order is that of the scores
        ReadOnlySpan<byte> score = Fields.Next(line, ref cursor);
        ReadOnlySpan<byte> tag = Fields.Next(line, ref cursor);
        if (tag.IsEmpty)
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"{Fields.Count(line)} fields", Layout,
                "Give each line its six fields; trec_eval needs the tag too.");
        }

        if (!Fields.TryParseDouble(score, out double value))
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"score {Fields.Show(score)}",
                "a decimal number", "Write scores with a point and no thousands separator.");
        }

        return new(queryId, documentId, value, tag);
    }
}
