namespace Platform.Indexing.Sparse;

/// <summary>A deterministic SPLADE-like collection and its queries, with no model and no download.</summary>
/// <remarks>
/// The statistical model, chosen after the published statistics of SPLADE on MS MARCO (about 127 non-zeros a document, 43 a
/// query, 8-bit impacts): clusters of 250 documents inside super-clusters of 20,000. A document draws half of its terms from its
/// cluster, a fifth from its super-cluster and the rest from a background, each by a Zipf-Mandelbrot law over ranks. An impact is
/// affinity(rank) times log-normal noise times an idf-like factor, capped at 3.6 as log(1 + relu) is. A query keeps the strongest
/// terms of one document, adds terms of its cluster and a few of the background. Every document owns a random stream, so the
/// collection is the same whatever the order or the number of threads. Immutable and safe on any thread.
/// </remarks>
internal sealed class SparseGenerator
{
    /// <summary>The largest weight, and therefore 255 times the index scale.</summary>
    public const float LargestWeight = 3.6f;

    /// <summary>The integer query weight of <see cref="LargestWeight"/>: 24 keeps sums of 43 terms below 2^16.</summary>
    public const int LargestQueryImpact = 24;

    private const int ClusterTerms = 300;
    private const int SuperTerms = 1500;
    private const double NoiseSigma = 0.72;

    private readonly ulong _seed;
    private readonly double _meanDocumentTerms, _meanQueryTerms;
    private readonly int[] _termOfRank;
    private readonly float[] _idfOfTerm;
    private readonly int[] _clusterTerms, _superTerms, _superOfCluster;
    private readonly ZipfMandelbrot _background, _clusterRanks, _superRanks, _clusters;
    private readonly int _clusterCount;

    /// <summary>Draws the topics of a collection; documents and queries are made on demand.</summary>
    public SparseGenerator(int documentCount, int vocabulary, ulong seed, double meanDocumentTerms = 127, double meanQueryTerms = 43)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(documentCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 16);
        DocumentCount = documentCount;
        Vocabulary = vocabulary;
        _seed = seed;
        _meanDocumentTerms = meanDocumentTerms;
        _meanQueryTerms = meanQueryTerms;
        var random = new Xoshiro(seed, ulong.MaxValue);
        _termOfRank = Permutation(vocabulary, ref random);
        _idfOfTerm = new float[vocabulary];
        for (int rank = 0; rank < vocabulary; rank++)
        {
            double idf = 0.75 + (0.5 * Math.Log(1 + (rank / 200.0)) / Math.Log(1 + (vocabulary / 200.0)));
            _idfOfTerm[_termOfRank[rank]] = (float)idf;
        }

        _background = new ZipfMandelbrot(vocabulary, 0.95, 12.0);
        var topicTerms = new ZipfMandelbrot(vocabulary, 0.55, 20.0);
        int superCount = Math.Max(16, documentCount / 20000);
        _clusterCount = Math.Max(64, documentCount / 250);
        _superTerms = DrawTerms(superCount * SuperTerms, topicTerms, ref random);
        _clusterTerms = DrawTerms(_clusterCount * ClusterTerms, topicTerms, ref random);
        _superOfCluster = new int[_clusterCount];
        double[] popularity = new double[_clusterCount];
        for (int cluster = 0; cluster < _clusterCount; cluster++)
        {
            _superOfCluster[cluster] = random.NextInt(superCount);
            popularity[cluster] = Gamma15(ref random);
        }

        _clusters = new ZipfMandelbrot(popularity);
        _superRanks = new ZipfMandelbrot(SuperTerms, 0.6, 30.0);
        _clusterRanks = new ZipfMandelbrot(ClusterTerms, 0.5, 12.0);
    }

    /// <summary>How many documents the collection has.</summary>
    public int DocumentCount { get; }

    /// <summary>How many term ids there are: 0 to <c>Vocabulary - 1</c>.</summary>
    public int Vocabulary { get; }

    /// <summary>Makes one document: distinct ascending term ids with weights in (0, 3.6].</summary>
    /// <param name="document">Which, from 0.</param>
    /// <param name="into">Overwritten with the document.</param>
    public void Document(int document, GeneratedVector into)
    {
        var random = new Xoshiro(_seed, (ulong)document);
        int cluster = _clusters.Draw(ref random);
        double length = Math.Exp(Math.Log(_meanDocumentTerms) - (0.5 * 0.3 * 0.3) + (0.3 * random.NextNormal()));
        int draws = (int)((int)Math.Clamp(length, 8, 500) * 1.17);       // about 15 % are drawn twice and merged
        into.Clear();
        into.Cluster = cluster;
        for (int i = 0; i < draws; i++)
        {
            (int term, double affinity) = DrawTerm(cluster, ref random);
            double weight = 0.82 * affinity * Math.Exp(random.NextNormal() * NoiseSigma) * _idfOfTerm[term];
            into.Add(term, (float)Math.Min(weight, LargestWeight));
        }

        into.SortAndMerge();
        into.RemoveBelow(LargestWeight / 255 / 2);
    }

    /// <summary>Makes one query from a random document: distinct ascending term ids with weights in (0, 3.6].</summary>
    /// <param name="query">Which, from 0; streams of queries and documents never meet.</param>
    /// <param name="scratch">Overwritten with the source document.</param>
    /// <param name="into">Overwritten with the query.</param>
    public void Query(int query, GeneratedVector scratch, GeneratedVector into)
    {
        var random = new Xoshiro(~_seed, (ulong)query);
        Document(random.NextInt(DocumentCount), scratch);
        int cluster = scratch.Cluster;
        double length = Math.Exp(Math.Log(_meanQueryTerms) - (0.5 * 0.25 * 0.25) + (0.25 * random.NextNormal()));
        int terms = (int)Math.Clamp(length, 5, 150);
        int fromDocument = Math.Max(3, (int)(terms * 0.5));
        int fromCluster = (int)(terms * 0.2);
        int fromBackground = terms - fromDocument - fromCluster;
        into.Clear();
        into.Cluster = cluster;
        scratch.KeepSample(Math.Min(fromDocument, scratch.Count), 1.5, ref random);
        for (int i = 0; i < scratch.Count; i++)
        {
            double boost = i < 6 ? 1.9 : 0.7;
            into.Add(scratch.Terms[i], (float)(0.9 * scratch.Weights[i] * Math.Exp(random.NextNormal() * 0.65) * boost));
        }

        for (int i = 0; i < fromCluster; i++)
        {
            int term = _clusterTerms[(cluster * ClusterTerms) + _clusterRanks.Draw(ref random)];
            into.Add(term, (float)(0.35 * Math.Exp(random.NextNormal() * 0.75)));
        }

        for (int i = 0; i < fromBackground; i++)
        {
            int term = _termOfRank[_background.Draw(ref random)];
            into.Add(term, (float)(0.15 * Math.Exp(random.NextNormal() * 0.75)));
        }

        into.SortAndKeepFirst();
        into.CapAt(LargestWeight);
        into.RemoveBelow(LargestWeight / 255 / 2);
    }

    private (int Term, double Affinity) DrawTerm(int cluster, ref Xoshiro random)
    {
        double source = random.NextDouble();
        if (source < 0.5)
        {
            int rank = _clusterRanks.Draw(ref random);
            return (_clusterTerms[(cluster * ClusterTerms) + rank], 1.25 - (0.95 * Math.Sqrt(rank / (double)ClusterTerms)));
        }

        if (source < 0.7)
        {
            int rank = _superRanks.Draw(ref random);
            int start = _superOfCluster[cluster] * SuperTerms;
            return (_superTerms[start + rank], 0.75 - (0.45 * Math.Sqrt(rank / (double)SuperTerms)));
        }

        return (_termOfRank[_background.Draw(ref random)], 0.32);
    }

    private int[] DrawTerms(int count, ZipfMandelbrot ranks, ref Xoshiro random)
    {
        int[] terms = new int[count];
        for (int i = 0; i < count; i++)
        {
            terms[i] = _termOfRank[ranks.Draw(ref random)];
        }

        return terms;
    }

    // A Dirichlet(1.5) share is a Gamma(1.5) draw over their sum; Gamma(1.5) is half a squared normal plus an exponential.
    private static double Gamma15(ref Xoshiro random)
    {
        double normal = random.NextNormal();
        return (0.5 * normal * normal) - Math.Log(1.0 - random.NextDouble());
    }

    private static int[] Permutation(int count, ref Xoshiro random)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = random.NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
