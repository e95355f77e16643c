namespace Platform.Encoders.Llama;

/// <summary>A <c>config.json</c> that can't be read, or describes a model that this room doesn't compute.</summary>
public sealed class LlamaConfigException : ModelFileException
{
    internal LlamaConfigException(string path, IReadOnlyList<string> faults, Exception? inner = null)
        : base(path, $"'{path}' can't be used: {string.Join("; ", faults)}. Name the folder of a Llama checkpoint in Hugging Face layout.", inner) => Faults = faults;

    /// <summary>Each fault by itself.</summary>
    public IReadOnlyList<string> Faults { get; }
}
