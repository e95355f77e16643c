using Microsoft.Extensions.Options;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Encoders.Text;
using Platform.Indexing.Lexical;

namespace Platform.Silo.Hosting;

/// <summary>The texts that wait to be encoded on this silo: bounded, queries first.</summary>
internal sealed class EncoderQueue(WorkPool pool, LexicalAnalyzer analyzer, IOptions<EncoderOptions> options)
{
    private long _waiting;

    /// <summary>Encodes a batch on the work pool.</summary>
    /// <exception cref="PlatformException"><see cref="FaultKind.Busy"/>: too many texts wait.</exception>
    public async Task<EncodedBatch> EncodeAsync(EncodeBatch batch, CancellationToken cancellationToken)
    {
        int limit = options.Value.MaxQueuedTexts;
        long waiting = Interlocked.Add(ref _waiting, batch.Texts.Length);
        try
        {
            if (waiting > limit && waiting > batch.Texts.Length && !batch.AreQueries)
            {
                throw new PlatformException(
                    FaultKind.Busy, $"{limit} texts wait for the encoder already; try again in a moment.", TimeSpan.FromSeconds(1));
            }

            ReadOnlyMemory<byte>[] vectors = await pool.RunAsync(() => Encode(batch, cancellationToken), batch.AreQueries, cancellationToken);
            return new EncodedBatch { TermVectors = vectors };
        }
        finally
        {
            Interlocked.Add(ref _waiting, -batch.Texts.Length);
        }
    }

    private ReadOnlyMemory<byte>[] Encode(EncodeBatch batch, CancellationToken cancellationToken)
    {
        var vectors = new ReadOnlyMemory<byte>[batch.Texts.Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            vectors[i] = TermVector.Pack(analyzer.Analyze(batch.Texts[i]));
        }

        return vectors;
    }
}
