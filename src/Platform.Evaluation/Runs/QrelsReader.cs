using System.Text;
using Platform.Evaluation.Collections;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Runs;

/// <summary>Reads qrels. The first line that is not blank decides the layout: four fields are TREC's, three BEIR's.</summary>
internal static class QrelsReader
{
    public const string BeirHeader = "query-id\tcorpus-id\tscore";

    private const string TrecLayout = "'qid 0 docid grade'";
    private const string BeirLayout = "query id, document id and score, separated by tabs, below a header";

    public static Qrels Read(string path)
    {
        using Utf8Lines lines = Utf8Lines.Open(path, $"qrels, {TrecLayout} a line, or {BeirLayout}");
        QrelsBuilder builder = new();
        bool? beir = null;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (Fields.IsBlankOrComment(line))
            {
                continue;
            }

            if (beir is null)
            {
                beir = IsBeir(line);
                if (IsBeirHeader(line))
                {
                    continue;
                }
            }

            Add(builder, lines, line, beir.Value);
        }

        return builder.Build();
    }

    private static bool IsBeir(ReadOnlySpan<byte> line) => IsBeirHeader(line) || Fields.Count(line) == 3;

    private static bool IsBeirHeader(ReadOnlySpan<byte> line)
    {
        int cursor = 0;
        return Ascii.EqualsIgnoreCase(Fields.Next(line, ref cursor), "query-id"u8);
    }

    private static void Add(QrelsBuilder builder, Utf8Lines lines, ReadOnlySpan<byte> line, bool beir)
    {
        if (Fields.Count(line) != (beir ? 3 : 4))
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"{Fields.Count(line)} fields",
                beir ? $"3: {BeirLayout}" : $"4: {TrecLayout}", "Give each line the fields of its layout; ids have no spaces.");
        }

        int cursor = 0;
        string queryId = Encoding.UTF8.GetString(Fields.Next(line, ref cursor));
        if (!beir)
        {
            _ = Fields.Next(line, ref cursor);
        }

        string documentId = Encoding.UTF8.GetString(Fields.Next(line, ref cursor));
        ReadOnlySpan<byte> field = Fields.Next(line, ref cursor);
        if (!Fields.TryParseInt32(field, out int grade) || grade > Qrels.MaxGrade)
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"score {Fields.Show(field)}",
                $"an integer of at most {Qrels.MaxGrade}", beir
                    ? $"Grades are whole numbers; a header is '{BeirHeader.Replace('\t', ' ')}', separated by tabs."
                    : "Grades are whole numbers: 0 not relevant, 1 and above relevant.");
        }

        if (!builder.TryAdd(queryId, documentId, grade, out int earlier))
        {
            throw CollectionFormatException.At(lines.Path, lines.LineNumber,
                $"grade {grade} for document '{documentId}' of query '{queryId}', which an earlier line grades {earlier}",
                "one grade for a document in a query", "Remove the judgement that is wrong.");
        }
    }
}
