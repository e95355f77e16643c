using System.Globalization;
using System.Text;

namespace Platform.Evaluation.Runs;

/// <summary>Writes a run file query by query: <c>qid Q0 docid rank score tag</c>, lines ended by LF, UTF-8 without mark.</summary>
/// <remarks>Scores are the shortest decimals that read back as the same double. Dispose to complete the file.</remarks>
public sealed class TrecRunWriter : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly string _tag;

    /// <summary>Creates or replaces the file.</summary>
    /// <exception cref="ArgumentException">The tag is empty or has whitespace.</exception>
    public TrecRunWriter(string path, string tag)
    {
        TrecToken.Check(tag, "tag");
        _tag = tag;
        _writer = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    /// <summary>Appends one query's results; <paramref name="results"/> come best first and take the ranks 1, 2, 3…</summary>
    /// <remarks>Readers sort by score, so equal scores come back ordered by document id.</remarks>
    /// <exception cref="ArgumentException">An id is empty or has whitespace; a score is NaN.</exception>
    public void Write(string queryId, IReadOnlyList<RunResult> results)
    {
        TrecToken.Check(queryId, "query id");
        for (int i = 0; i < results.Count; i++)
        {
            TrecToken.Check(results[i].DocumentId, "document id");
            TrecToken.CheckScore(queryId, results[i]);
            _writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{queryId} Q0 {results[i].DocumentId} {i + 1} {results[i].Score:R} {_tag}\n"));
        }
    }

    /// <summary>Completes and closes the file.</summary>
    public void Dispose() => _writer.Dispose();
}
