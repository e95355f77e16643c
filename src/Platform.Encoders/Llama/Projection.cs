using static TorchSharp.torch;

namespace Platform.Encoders.Llama;

/// <summary>A matrix that tokens are multiplied with; several of a layer's in one where they share their input. LoRA adapters add to parts.</summary>
/// <remarks>LoRA: Hu et al. 2021, arXiv:2106.09685.</remarks>
internal sealed class Projection(Tensor weight, IReadOnlyList<ProjectionPart> parts) : IDisposable
{
    private readonly List<LoraPart> _adapters = [];

    /// <summary>[out, in]</summary>
    public Tensor Weight => weight;

    /// <summary>Which rows of <see cref="Weight"/> belong to which named projection.</summary>
    public IReadOnlyList<ProjectionPart> Parts => parts;

    public IReadOnlyList<LoraPart> Adapters => _adapters;

    /// <summary>What training does to the adapters' input, such as dropout; null otherwise. Gives a new tensor to the caller's scope.</summary>
    public Func<Tensor, Tensor>? AdapterInput { get; set; }

    /// <summary>Lets an adapter of one part act from now on; the projection owns its tensors.</summary>
    /// <param name="name">The part, for example <c>q_proj</c>.</param>
    /// <param name="down">A, [rank, in].</param>
    /// <param name="up">B, [out of the part, rank].</param>
    /// <param name="scale">alpha / rank.</param>
    public void Attach(string name, Tensor down, Tensor up, double scale)
    {
        ProjectionPart part = parts.Single(part => part.Name == name);
        if (down.shape is not [long rank, long width] || up.shape is not [long rows, long upRank] || width != weight.shape[1] || rows != part.Rows || rank != upRank)
        {
            throw new ArgumentException($"An adapter of {name} must be [rank, {weight.shape[1]}] and [{part.Rows}, rank]; it is [{string.Join(", ", down.shape)}] and [{string.Join(", ", up.shape)}].", nameof(down));
        }

        _adapters.Add(new LoraPart(part, down, up, scale));
    }

    /// <summary>Multiplies tokens, [T, in] to [T, out]; the caller's scope takes the result.</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor y = nn.functional.linear(x, weight);            // [T, out]
        Tensor input = AdapterInput?.Invoke(x) ?? x;
        foreach (LoraPart adapter in _adapters)
        {
            Tensor delta = nn.functional.linear(nn.functional.linear(input, adapter.Down), adapter.Up);     // [T, rows]
            y.narrow(1, adapter.Part.FirstRow, adapter.Part.Rows).add_(delta, adapter.Scale);
        }

        return y.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        weight.Dispose();
        foreach (LoraPart adapter in _adapters)
        {
            adapter.Down.Dispose();
            adapter.Up.Dispose();
        }
    }
}

/// <summary>The rows of a fused matrix that one named projection owns.</summary>
internal sealed record ProjectionPart(string Name, long FirstRow, long Rows);

/// <summary>One low-rank addition: scale * B A.</summary>
internal sealed record LoraPart(ProjectionPart Part, Tensor Down, Tensor Up, double Scale);
