using System.Text;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Tests.Metrics;

/// <summary>The measures as their definitions say them, over lists of strings: the oracle.</summary>
internal static class SlowMeasures
{
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<RunResult> results, IReadOnlyList<Judgement> judgements)
    {
        string[] ranked =
        [
            .. results.OrderByDescending(result => result.Score)
                .ThenByDescending(result => Encoding.UTF8.GetBytes(result.DocumentId), ByteOrder.Instance)
                .Select(result => result.DocumentId),
        ];
        Dictionary<string, int> grades = judgements.ToDictionary(judgement => judgement.DocumentId, judgement => judgement.Grade);
        bool[] relevant = [.. ranked.Select(id => grades.GetValueOrDefault(id) > 0)];
        int total = judgements.Count(judgement => judgement.Grade > 0);
        int first = Array.IndexOf(relevant, value: true);
        double precisions = Enumerable.Range(0, relevant.Length).Where(i => relevant[i])
            .Sum(i => (double)relevant.Take(i + 1).Count(hit => hit) / (i + 1));
        double ideal = Dcg(judgements.Select(judgement => judgement.Grade).OrderDescending().Take(10));
        return new Dictionary<string, double>
        {
            ["nDCG@10"] = ideal == 0 ? 0 : Dcg(ranked.Take(10).Select(id => grades.GetValueOrDefault(id))) / ideal,
            ["MRR@10"] = first is >= 0 and < 10 ? 1.0 / (first + 1) : 0,
            ["MAP"] = total == 0 ? 0 : precisions / total,
            ["Recall@100"] = total == 0 ? 0 : (double)relevant.Take(100).Count(hit => hit) / total,
            ["Recall@1000"] = total == 0 ? 0 : (double)relevant.Take(1000).Count(hit => hit) / total,
            ["P@10"] = relevant.Take(10).Count(hit => hit) / 10.0,
        };
    }

    private static double Dcg(IEnumerable<int> grades) =>
        grades.Select((grade, i) => grade <= 0 ? 0 : grade / Math.Log2(i + 2)).Sum();

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
