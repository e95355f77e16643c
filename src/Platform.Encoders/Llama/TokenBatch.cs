using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>The tokens of several texts as the model takes them: one after the other, and which of them see each other.</summary>
/// <remarks>
/// Packed: no padding at all; texts of equal length are neighbours, so that attention takes them together. Padded: one rectangle and a mask;
/// what training wants, and the slow twin of packing in the tests. Everything but attention sees only [tokens, hidden].
/// </remarks>
internal sealed class TokenBatch : IDisposable
{
    private TokenBatch(Tensor ids, Tensor positions, IReadOnlyList<Rectangle> rectangles, Tensor? mask, int[] order)
    {
        Ids = ids;
        Positions = positions;
        Rectangles = rectangles;
        Mask = mask;
        Order = order;
    }

    /// <summary>[tokens], int64.</summary>
    public Tensor Ids { get; }

    /// <summary>[tokens], int64; each text counts from 0.</summary>
    public Tensor Positions { get; }

    /// <summary>Neighbouring texts of one length; together they are all tokens.</summary>
    public IReadOnlyList<Rectangle> Rectangles { get; }

    /// <summary>[texts, length], bool, true for real tokens; null where there is no padding.</summary>
    public Tensor? Mask { get; }

    /// <summary>The i-th text of the batch is the caller's <c>Order[i]</c>-th.</summary>
    public int[] Order { get; }

    /// <summary>Texts without padding, sorted by length.</summary>
    public static TokenBatch Pack(IReadOnlyList<ReadOnlyMemory<int>> texts, Device device)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length).ThenBy(i => i)];
        List<long> ids = [];
        List<long> positions = [];
        List<Rectangle> rectangles = [];
        foreach (int text in order)
        {
            int length = texts[text].Length;
            if (rectangles is [.., var last] && last.Length == length)
            {
                rectangles[^1] = last with { Texts = last.Texts + 1 };
            }
            else
            {
                rectangles.Add(new Rectangle(ids.Count, 1, length));
            }

            for (int i = 0; i < length; i++)
            {
                ids.Add(texts[text].Span[i]);
                positions.Add(i);
            }
        }

        return new TokenBatch(tensor(ids, device: device), tensor(positions, device: device), rectangles, mask: null, order);
    }

    /// <summary>Texts padded to the longest, on either side.</summary>
    public static TokenBatch Pad(IReadOnlyList<ReadOnlyMemory<int>> texts, bool left, int padId, Device device)
    {
        int length = texts.Max(text => text.Length);
        long[] ids = new long[texts.Count * length];
        long[] positions = new long[ids.Length];
        bool[] real = new bool[ids.Length];
        Array.Fill(ids, padId);
        for (int text = 0; text < texts.Count; text++)
        {
            int start = (text * length) + (left ? length - texts[text].Length : 0);
            for (int i = 0; i < texts[text].Length; i++)
            {
                ids[start + i] = texts[text].Span[i];
                positions[start + i] = i;
                real[start + i] = true;
            }
        }

        return new TokenBatch(
            tensor(ids, device: device),
            tensor(positions, device: device),
            [new Rectangle(0, texts.Count, length)],
            tensor(real, device: device).view(texts.Count, length),
            [.. Enumerable.Range(0, texts.Count)]);
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Mask?.Dispose();
    }

    /// <summary>Texts of one length that lie side by side.</summary>
    /// <param name="Start">The first token.</param>
    /// <param name="Texts">How many.</param>
    /// <param name="Length">Tokens of each.</param>
    internal readonly record struct Rectangle(int Start, int Texts, int Length)
    {
        public int Tokens => Texts * Length;
    }
}
