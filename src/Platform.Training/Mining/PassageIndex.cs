using System.Runtime.InteropServices;
using Platform.Encoders;
using Platform.Encoders.Heads;
using Platform.Encoders.Text;
using Platform.Indexing.Lexical;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;

namespace Platform.Training.Mining;

/// <summary>Passages in a shard of their own in a temporary folder, searched by BM25 or by a sparse model.</summary>
internal sealed class PassageIndex : IAsyncDisposable
{
    private const double K1 = 0.9;
    private const double B = 0.4;
    private const double LargestWeight = 3.6;                  // the index's own default
    private const int BatchSize = 200;

    private readonly DirectoryInfo _folder;
    private readonly Shard _shard;
    private readonly ITextEncoder? _encoder;
    private readonly LexicalAnalyzer _analyzer = new();

    private PassageIndex(DirectoryInfo folder, Shard shard, ITextEncoder? encoder)
    {
        _folder = folder;
        _shard = shard;
        _encoder = encoder;
    }

    /// <summary>Makes an empty index.</summary>
    /// <param name="encoder">A sparse one; null for BM25. The caller disposes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PassageIndex> CreateAsync(ITextEncoder? encoder, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-mining-");
        Shard shard = await Shard.OpenAsync(new FileBlobStore(folder.FullName, TimeProvider.System), "passages", new ShardOptions(), cancellationToken);
        return new PassageIndex(folder, shard, encoder);
    }

    /// <summary>Adds passages; a passage's key is its number.</summary>
    public async Task AddAsync(IEnumerable<(int Number, string Title, string Text)> passages, CancellationToken cancellationToken)
    {
        foreach ((int Number, string Title, string Text)[] chunk in passages.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            SparseVector[] vectors = _encoder is null ? [] : Encode([.. chunk.Select(passage => _encoder.TokensOfDocument(passage.Title, passage.Text, cancellationToken))], areQueries: false, cancellationToken);
            var batch = new ShardBatch();
            for (int i = 0; i < chunk.Length; i++)
            {
                (int number, string title, string text) = chunk[i];
                string key = KeyOf(number);
                if (_encoder is null)
                {
                    batch.Upsert(IdOf(number), key, [], TermVector.Pack(_analyzer.Analyze($"{title} {text}")), [], []);
                }
                else
                {
                    batch.Upsert(IdOf(number), key, [], [], vectors[i].TermIds, Array.ConvertAll(vectors[i].Weights, weight => ImpactQuantiser.Quantise(Math.Min(weight, LargestWeight), LargestWeight)));
                }
            }

            _ = await _shard.ApplyAsync(batch.ToArray());
        }
    }

    /// <summary>The best passages of a query, best first.</summary>
    public IReadOnlyList<(int Number, double Score)> Search(string query, int top, CancellationToken cancellationToken)
    {
        ShardHit[] hits;
        if (_encoder is null)
        {
            var counts = _analyzer.Analyze(query).CountBy(term => term).ToArray();
            (long documents, long length, long[] frequencies) = _shard.CountTerms([.. counts.Select(count => count.Key)]);
            if (counts.Length == 0 || length == 0)
            {
                return [];
            }

            double[] weights = [.. counts.Select((count, i) => count.Value * Bm25.InverseDocumentFrequency(documents, frequencies[i]))];
            hits = _shard.Search(new LexicalQuery([.. counts.Select(count => count.Key)], weights, (double)length / documents, K1, B), top, cancellationToken);
        }
        else
        {
            SparseVector vector = Encode([_encoder.TokensOfQuery(query, cancellationToken)], areQueries: true, cancellationToken)[0];
            hits = _shard.Search(ImpactQuery.Quantise(vector.TermIds, vector.Weights), ImpactQuantiser.Scale(LargestWeight), top, cancellationToken);
        }

        return [.. hits.Select(hit => (int.Parse(hit.DocumentKey, System.Globalization.CultureInfo.InvariantCulture), hit.Score))];
    }

    public async ValueTask DisposeAsync()
    {
        await _shard.DisposeAsync();
        _analyzer.Dispose();
        _folder.Delete(recursive: true);
    }

    private SparseVector[] Encode(int[][] texts, bool areQueries, CancellationToken cancellationToken)
    {
        var vectors = new SparseVector[texts.Length];
        Array.Fill(vectors, new SparseVector([], []));
        int[] real = [.. Enumerable.Range(0, texts.Length).Where(i => texts[i].Length > 0)];
        SparseVector[] encoded = _encoder!.EncodeSparse([.. real.Select(i => (ReadOnlyMemory<int>)texts[i])], areQueries, cancellationToken);
        for (int i = 0; i < real.Length; i++)
        {
            vectors[real[i]] = encoded[i];
        }

        return vectors;
    }

    private static string KeyOf(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, number + 1);
        return new Guid(bytes);
    }
}
