using System.Globalization;
using System.Text;
using Platform.Evaluation.Collections;

namespace Platform.Evaluation.Runs;

/// <summary>Relevance judgements: for each query its judged documents.</summary>
/// <remarks>Immutable, safe for concurrent reads. A document has one grade in a query, at most <see cref="MaxGrade"/>.</remarks>
public sealed class Qrels
{
    /// <summary>The highest grade accepted.</summary>
    public const int MaxGrade = short.MaxValue;

    private readonly Dictionary<string, List<Judgement>> _byQuery;

    internal Qrels(Dictionary<string, List<Judgement>> byQuery, IReadOnlyList<string> queryIds)
    {
        _byQuery = byQuery;
        QueryIds = queryIds;
        JudgementCount = byQuery.Values.Sum(judgements => judgements.Count);
    }

    /// <summary>The judged queries, in the order of their first judgement.</summary>
    public IReadOnlyList<string> QueryIds { get; }

    /// <summary>Number of judgements over all queries.</summary>
    public int JudgementCount { get; }

    /// <summary>Reads qrels in either layout: TREC (<c>qid 0 docid rel</c>, also MS MARCO's) or BEIR (header, three columns).</summary>
    /// <exception cref="CollectionFormatException">The file is missing; a line has the wrong number of fields or a grade that
    /// is no integer; a document has two different grades in a query.</exception>
    public static Qrels Read(string path) => QrelsReader.Read(path);

    /// <summary>Makes qrels from judgements in memory.</summary>
    /// <exception cref="ArgumentException">A grade is above <see cref="MaxGrade"/>; a document has two grades in a query.</exception>
    public static Qrels Create(IEnumerable<(string QueryId, string DocumentId, int Grade)> judgements)
    {
        QrelsBuilder builder = new();
        foreach ((string queryId, string documentId, int grade) in judgements)
        {
            if (grade > MaxGrade)
            {
                throw new ArgumentException(
                    $"Query '{queryId}', document '{documentId}': grade {grade} is above {MaxGrade}. Use a smaller scale.",
                    nameof(judgements));
            }

            if (!builder.TryAdd(queryId, documentId, grade, out int earlier))
            {
                throw new ArgumentException(
                    $"Query '{queryId}' judges document '{documentId}' {earlier} and {grade}; a document has one grade.",
                    nameof(judgements));
            }
        }

        return builder.Build();
    }

    /// <summary>Returns a query's judgements in the order they were read; empty for a query without any.</summary>
    public IReadOnlyList<Judgement> JudgementsOf(string queryId) =>
        _byQuery.TryGetValue(queryId, out List<Judgement>? judgements) ? judgements : [];

    /// <summary>Writes TREC qrels: <c>qid 0 docid rel</c>, lines ended by LF.</summary>
    /// <exception cref="ArgumentException">An id is empty or has whitespace.</exception>
    public void WriteTrec(string path)
    {
        foreach (string queryId in QueryIds)
        {
            TrecToken.Check(queryId, "query id");
            foreach (Judgement judgement in JudgementsOf(queryId))
            {
                TrecToken.Check(judgement.DocumentId, "document id");
            }
        }

        Write(path, header: "", (queryId, judgement) => $"{queryId} 0 {judgement.DocumentId} {judgement.Grade}\n");
    }

    /// <summary>Writes BEIR qrels: a header, then query id, document id and grade, separated by tabs, lines ended by LF.</summary>
    public void WriteBeir(string path) =>
        Write(path, QrelsReader.BeirHeader + "\n",
            (queryId, judgement) => $"{queryId}\t{judgement.DocumentId}\t{judgement.Grade}\n");

    private void Write(string path, string header, Func<string, Judgement, FormattableString> line)
    {
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        writer.Write(header);
        foreach (string queryId in QueryIds)
        {
            foreach (Judgement judgement in _byQuery[queryId])
            {
                writer.Write(line(queryId, judgement).ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
