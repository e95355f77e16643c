namespace Platform.Encoders.Llama;

/// <summary>How Hugging Face names the tensors of a Llama model.</summary>
internal static class LlamaNames
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string FinalNorm = "model.norm.weight";
    public const string Head = "lm_head.weight";

    public static string Norm(int layer, string norm) => $"model.layers.{layer}.{norm}.weight";

    /// <summary>The weight of a projection such as <c>q_proj</c> or <c>down_proj</c>.</summary>
    public static string Weight(int layer, string projection) => $"model.layers.{layer}.{Block(projection)}.{projection}.weight";

    private static string Block(string projection) => projection is "gate_proj" or "up_proj" or "down_proj" ? "mlp" : "self_attn";
}
