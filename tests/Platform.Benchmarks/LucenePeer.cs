using System.Diagnostics;
using System.Globalization;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Platform.Indexing.Sparse;

namespace Platform.Benchmarks;

/// <summary>The same collection and queries in Lucene.Net 4.8: term frequency = impact, score = Σ boost x frequency.</summary>
internal static class LucenePeer
{
    private const string Field = "v";

    /// <summary>Builds the index unless the kept folder has it, then times queries.</summary>
    /// <param name="options">The collection.</param>
    /// <param name="kept">A folder that keeps the index for later runs; null for a temporary one.</param>
    /// <param name="report">Ours, to compare with; where nothing was timed, Lucene's index is only built.</param>
    public static void Run(SparseBenchmarkOptions options, string? kept, SparseBenchmarkReport report)
    {
        string folder = kept ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var directory = new MMapDirectory(folder);
            if (!DirectoryReader.IndexExists(directory))
            {
                Build(options, directory);
            }

            if (report.Latencies.Count > 0)
            {
                using DirectoryReader reader = DirectoryReader.Open(directory);
                Measure(options, report, new IndexSearcher(reader) { Similarity = new ImpactSimilarity() });
            }
        }
        finally
        {
            if (kept is null)
            {
                System.IO.Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Build(SparseBenchmarkOptions options, MMapDirectory directory)
    {
        var clock = Stopwatch.StartNew();
        var config = new IndexWriterConfig(LuceneVersion.LUCENE_48, null) { Similarity = new ImpactSimilarity(), RAMBufferSizeMB = 256 };
        using var writer = new IndexWriter(directory, config);
        var type = new FieldType { IsIndexed = true, IsTokenized = true, OmitNorms = true, IndexOptions = IndexOptions.DOCS_AND_FREQS };
        var generator = new SparseGenerator(options.Documents, options.Vocabulary, options.Seed);
        var vector = new GeneratedVector();
        using var stream = new ImpactStream();
        for (int i = 0; i < options.Documents; i++)
        {
            generator.Document(i, vector);
            stream.Take(vector);
            Document document = [new Field(Field, stream, type)];
            writer.AddDocument(document);
        }

        writer.ForceMerge(1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lucene.Net built in {clock.Elapsed.TotalSeconds:F1} s"));
    }

    private static void Measure(SparseBenchmarkOptions options, SparseBenchmarkReport report, IndexSearcher searcher)
    {
        GeneratedQuery[] queries = GeneratedCollection.Queries(options, Math.Min(300, options.Queries));
        double[] times = new double[queries.Length];
        for (int pass = 0; pass < 3; pass++)
        {
            for (int i = 0; i < queries.Length; i++)
            {
                var query = new BooleanQuery(disableCoord: true);
                for (int j = 0; j < queries[i].TermIds.Length; j++)
                {
                    string term = queries[i].TermIds[j].ToString(CultureInfo.InvariantCulture);
                    query.Add(new TermQuery(new Term(Field, term)) { Boost = queries[i].Impacts[j] }, Occur.SHOULD);
                }

                long start = Stopwatch.GetTimestamp();
                searcher.Search(query, 10);
                double elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                times[i] = pass == 0 ? elapsed : Math.Min(times[i], elapsed);
            }
        }

        Array.Sort(times);
        double ours = report.Latencies.First(latency => latency is { K: 10, Algorithm: "Planned" }).P50;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lucene.Net 4.8, k 10: p50 {times[times.Length / 2]:F0} us, p99 {times[times.Length * 99 / 100]:F0} us; ours is {times[times.Length / 2] / ours:F1}x faster."));
    }

    private sealed class ImpactSimilarity : Lucene.Net.Search.Similarities.SimilarityBase
    {
        public override string ToString() => "impact";

        public override float Score(Lucene.Net.Search.Similarities.BasicStats stats, float freq, float docLen) => stats.TotalBoost * freq;
    }

    /// <summary>Emits each term as often as its impact says: 4.8 has no other way to set a frequency.</summary>
    private sealed class ImpactStream : TokenStream
    {
        private readonly ICharTermAttribute _term;
        private readonly IPositionIncrementAttribute _increment;
        private readonly List<(string Term, int Impact)> _terms = [];
        private int _position, _left;

        public ImpactStream()
        {
            _term = AddAttribute<ICharTermAttribute>();
            _increment = AddAttribute<IPositionIncrementAttribute>();
        }

        public void Take(GeneratedVector vector)
        {
            _terms.Clear();
            for (int i = 0; i < vector.Count; i++)
            {
                int impact = Math.Clamp((int)MathF.Round(vector.Weights[i] * 255 / SparseGenerator.LargestWeight), 1, 255);
                _terms.Add((vector.Terms[i].ToString(CultureInfo.InvariantCulture), impact));
            }
        }

        public override void Reset()
        {
            base.Reset();
            _position = -1;
            _left = 0;
        }

        public override bool IncrementToken()
        {
            if (_left == 0)
            {
                if (++_position == _terms.Count)
                {
                    return false;
                }

                _left = _terms[_position].Impact;
                _increment.PositionIncrement = 1;
                _term.SetEmpty().Append(_terms[_position].Term);
            }

            _left--;
            return true;
        }
    }
}
