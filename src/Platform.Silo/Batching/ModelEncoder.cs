using System.Buffers.Binary;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Encoders;
using Platform.Encoders.Contract;
using Platform.Encoders.Heads;

namespace Platform.Silo.Batching;

/// <summary>A loaded model on this silo: cuts texts into tokens and lets the batcher encode them.</summary>
/// <remarks>Counted: the weights go when the silo has let it go and neither a call nor a batch uses it any more.</remarks>
internal sealed class ModelEncoder
{
    private const int TextsPerCall = 64;                          // to the batcher: its callers wait in portions, not for their last text

    private readonly ITextEncoder _encoder;
    private readonly EncoderBatcher _batcher;
    private readonly Head _queries;
    private readonly Head _documents;
    private readonly Lock _lock = new();
    private int _users = 1;                                       // the silo is one

    /// <summary>Takes over an encoder.</summary>
    /// <param name="model">Its name, <c>id@version</c>.</param>
    /// <param name="encoder">The encoder; disposed when the last user has gone.</param>
    /// <param name="batcher">The device's.</param>
    public ModelEncoder(string model, ITextEncoder encoder, EncoderBatcher batcher)
    {
        _encoder = encoder;
        _batcher = batcher;
        _queries = new Head(this, encoder, areQueries: true);
        _documents = new Head(this, encoder, areQueries: false);
        Identity = new EncoderIdentity
        {
            Model = model,
            ModelHash = encoder.ModelHash,
            IsSparse = encoder.Contract.Head == EncoderHead.Sparse,
            Contract = ContractFile.ToCanonicalJson(encoder.Contract),
            ContractHash = ContractFile.HashOf(encoder.Contract),
            Dimensions = encoder.Contract.Head == EncoderHead.Dense ? encoder.Dimensions : 0,
        };
    }

    /// <summary>What it is.</summary>
    public EncoderIdentity Identity { get; }

    /// <summary>Encodes texts; a text without tokens gets an empty vector.</summary>
    /// <exception cref="PlatformException">
    /// <see cref="FaultKind.EncoderMismatch"/>: the caller expects another model or contract; the message names the differing fields.
    /// Also those of <see cref="EncoderBatcher.EncodeAsync"/>.
    /// </exception>
    public async Task<EncodedBatch> EncodeAsync(EncodeBatch batch, string tenant, CancellationToken cancellationToken)
    {
        RefuseIfOther(batch.Expected);
        var vectors = new EncodedText[batch.Texts.Length];
        int[] tokenCounts = new int[vectors.Length];
        Array.Fill(vectors, Identity.IsSparse ? new EncodedText(Sparse: PackedSparseVector.Pack([], [])) : default);
        for (int first = 0; first < vectors.Length; first += TextsPerCall)
        {
            (int Index, int[] Tokens)[] texts = await Task.Run(() => Cut(batch, first, cancellationToken), cancellationToken);
            EncodedText[] encoded = await _batcher.EncodeAsync(
                batch.AreQueries ? _queries : _documents,
                tenant,
                batch.AreQueries,
                [.. texts.Select(text => (ReadOnlyMemory<int>)text.Tokens)],
                cancellationToken);
            for (int i = 0; i < texts.Length; i++)
            {
                vectors[texts[i].Index] = encoded[i];
                tokenCounts[texts[i].Index] = texts[i].Tokens.Length;
            }
        }

        return new EncodedBatch
        {
            TermVectors = [],
            Sparse = Identity.IsSparse ? [.. vectors.Select(vector => vector.Sparse!)] : null,
            Dense = Identity.IsSparse ? null : [.. vectors.Select(vector => vector.Dense)],
            TokenCounts = tokenCounts,
        };
    }

    /// <summary>The terms of sparse vectors as a person reads them.</summary>
    public string[] TermTexts(int[] termIds) => Array.ConvertAll(termIds, _encoder.TermText);

    /// <summary>Whether nobody but the silo uses it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _users == 1;
            }
        }
    }

    /// <summary>Becomes one more user; false if it has been let go by all.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            return _users > 0 && ++_users > 0;
        }
    }

    /// <summary>One user has gone.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        _encoder.Dispose();
    }

    private (int Index, int[] Tokens)[] Cut(EncodeBatch batch, int first, CancellationToken cancellationToken) =>
    [
        .. Enumerable.Range(first, Math.Min(TextsPerCall, batch.Texts.Length - first))
            .Select(i => (i, batch.AreQueries
                ? _encoder.TokensOfQuery(batch.Texts[i], cancellationToken)
                : _encoder.TokensOfDocument(batch.Titles?[i], batch.Texts[i], cancellationToken)))
            .Where(text => text.Item2.Length > 0),
    ];

    private void RefuseIfOther(EncoderIdentity? expected)
    {
        if (expected is null || (expected.ModelHash == Identity.ModelHash && expected.ContractHash == Identity.ContractHash))
        {
            return;
        }

        string differences = expected.ContractHash == Identity.ContractHash
            ? $"the model's files are {expected.ModelHash[..12]} in the index and {Identity.ModelHash[..12]} in the encoder"
            : ContractComparison.Describe(
                ContractComparison.Difference(ContractFile.Parse("the index", System.Text.Encoding.UTF8.GetBytes(expected.Contract)), _encoder.Contract), "the index", "the encoder");
        throw new PlatformException(
            FaultKind.EncoderMismatch,
            $"Model '{Identity.Model}' is not the one that the index was built with: {differences}. Restore that version of the model, or build a new index.");
    }

    /// <summary>The model's head for queries or for documents.</summary>
    private sealed class Head(ModelEncoder owner, ITextEncoder encoder, bool areQueries) : IBatchEncoder
    {
        public EncodedText[] Encode(IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellationToken)
        {
            // a batch may outlive its callers: they cancelled
            ObjectDisposedException.ThrowIf(!owner.TryEnter(), owner);
            try
            {
                return encoder.Contract.Head == EncoderHead.Sparse
                    ? Array.ConvertAll(encoder.EncodeSparse(texts, areQueries, cancellationToken), Pack)
                    : Array.ConvertAll(encoder.EncodeDense(texts, cancellationToken), Pack);
            }
            finally
            {
                owner.Leave();
            }
        }

        private static EncodedText Pack(SparseVector vector) => new(Sparse: PackedSparseVector.Pack(vector.TermIds, vector.Weights));

        private static EncodedText Pack(float[] vector)
        {
            byte[] bytes = new byte[vector.Length * sizeof(float)];
            for (int i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            return new EncodedText(Dense: bytes);
        }
    }
}
