using System.Runtime.InteropServices;
using Platform.Encoders.Contract;
using Platform.Encoders.Heads;
using Platform.Encoders.Llama;
using Platform.Encoders.Text;
using Platform.Evaluation.Metrics;
using Platform.Evaluation.Runs;
using Platform.Indexing.Shards;
using Platform.Indexing.Sparse;
using Platform.Indexing.Storage;
using Platform.Training.Checkpoints;
using Platform.Training.Data;
using static TorchSharp.torch;

namespace Platform.Training.Evaluating;

/// <summary>Judges weights in training: documents are encoded and indexed by a shard of their own, queries searched in it, nDCG@10 computed.</summary>
/// <remarks>A sparse model is judged through the real index, quantisation included; a dense one by exact inner products.</remarks>
internal sealed class DevelopmentEvaluation
{
    private const int Top = 10;
    private const int DocumentsPerBatch = 500;
    private const double LargestWeight = 3.6;                  // the index's own default

    private readonly DevelopmentSet _set;
    private readonly ReadOnlyMemory<int>[] _documents;
    private readonly ReadOnlyMemory<int>[] _queries;

    /// <summary>Tokenises the set once.</summary>
    public DevelopmentEvaluation(DevelopmentSet set, ContractTokenizer tokenizer, CancellationToken cancellationToken)
    {
        _set = set;
        _documents = [.. set.Documents.Select(document => (ReadOnlyMemory<int>)tokenizer.EncodePassage(document.Title, document.Text, cancellationToken))];
        _queries = [.. set.Queries.Select(query => (ReadOnlyMemory<int>)tokenizer.EncodeQuery(query.Text, cancellationToken))];
    }

    /// <summary>Evaluates the weights as they are.</summary>
    public async Task<DevelopmentResult> RunAsync(LlamaModel model, EncoderContract contract, int step, int chunkTokens, CancellationToken cancellationToken)
    {
        var encoder = new ChunkedEncoder(model, chunkTokens);
        (IReadOnlyList<RunResult>[] runs, double queryTerms, double passageTerms) = contract.Head == EncoderHead.Sparse
            ? await SparseAsync(encoder, contract.LogitScale, cancellationToken)
            : Dense(encoder, cancellationToken);
        var run = TrecRun.Create("training", _set.Queries.Select((query, i) => KeyValuePair.Create(query.Id, runs[i])));
        Measure measure = Measures.NdcgAt(Top);
        double ndcg = RunEvaluator.Evaluate(run, _set.Qrels, [measure], EvaluationOptions.Beir).Means[0];
        return new DevelopmentResult(step, ndcg, queryTerms, passageTerms);
    }

    private async Task<(IReadOnlyList<RunResult>[] Runs, double QueryTerms, double PassageTerms)> SparseAsync(ChunkedEncoder encoder, double scale, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-development-");
        try
        {
            await using Shard shard = await Shard.OpenAsync(new FileBlobStore(folder.FullName, TimeProvider.System), "development", new ShardOptions(), cancellationToken);
            long passageTerms = 0;
            for (int first = 0; first < _documents.Length; first += DocumentsPerBatch)
            {
                int count = Math.Min(DocumentsPerBatch, _documents.Length - first);
                SparseVector[] vectors = encoder.Sparse(_documents.AsSpan(first, count).ToArray(), scale, cancellationToken);
                var batch = new ShardBatch();
                for (int i = 0; i < count; i++)
                {
                    byte[] impacts = Array.ConvertAll(vectors[i].Weights, weight => ImpactQuantiser.Quantise(Math.Min(weight, LargestWeight), LargestWeight));
                    batch.Upsert(IdOf(first + i), _set.Documents[first + i].Id, [], [], vectors[i].TermIds, impacts);
                    passageTerms += impacts.Length;
                }

                _ = await shard.ApplyAsync(batch.ToArray());
            }

            SparseVector[] queries = encoder.Sparse(_queries, scale, cancellationToken);
            IReadOnlyList<RunResult>[] runs = Array.ConvertAll(queries, query => (IReadOnlyList<RunResult>)
            [
                .. shard.Search(ImpactQuery.Quantise(query.TermIds, query.Weights), ImpactQuantiser.Scale(LargestWeight), Top + 1, cancellationToken)
                    .Select(hit => new RunResult(hit.DocumentKey, hit.Score)),
            ]);
            return (runs, queries.Average(query => query.TermIds.Length), (double)passageTerms / _documents.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private (IReadOnlyList<RunResult>[] Runs, double QueryTerms, double PassageTerms) Dense(ChunkedEncoder encoder, CancellationToken cancellationToken)
    {
        using IDisposable noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor documents = encoder.Dense(_documents, cancellationToken);                            // [documents, h]
        Tensor queries = encoder.Dense(_queries, cancellationToken);                                // [queries, h]
        (Tensor scores, Tensor places) = queries.matmul(documents.t()).topk(Math.Min(Top + 1, _documents.Length));
        int width = (int)scores.shape[1];
        float[] values = [.. scores.contiguous().data<float>()];
        long[] indexes = [.. places.contiguous().data<long>()];
        IReadOnlyList<RunResult>[] runs = [.. Enumerable.Range(0, _queries.Length).Select(query => (IReadOnlyList<RunResult>)
        [
            .. Enumerable.Range(query * width, width).Select(i => new RunResult(_set.Documents[(int)indexes[i]].Id, values[i])),
        ])];
        return (runs, queries.shape[1], queries.shape[1]);
    }

    private static Guid IdOf(int document)
    {
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, document + 1);
        return new Guid(bytes);
    }
}
