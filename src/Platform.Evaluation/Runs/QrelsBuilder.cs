namespace Platform.Evaluation.Runs;

/// <summary>Collects judgements; the same judgement twice is one, two grades for one document are refused.</summary>
internal sealed class QrelsBuilder
{
    private readonly Dictionary<string, List<Judgement>> _byQuery = [];
    private readonly Dictionary<(string QueryId, string DocumentId), int> _grades = [];
    private readonly List<string> _queryIds = [];

    public bool TryAdd(string queryId, string documentId, int grade, out int earlierGrade)
    {
        if (_grades.TryGetValue((queryId, documentId), out earlierGrade))
        {
            return earlierGrade == grade;
        }

        if (!_byQuery.TryGetValue(queryId, out List<Judgement>? judgements))
        {
            _byQuery.Add(queryId, judgements = []);
            _queryIds.Add(queryId);
        }

        judgements.Add(new(documentId, grade));
        _grades.Add((queryId, documentId), grade);
        return true;
    }

    public Qrels Build() => new(_byQuery, _queryIds);
}
