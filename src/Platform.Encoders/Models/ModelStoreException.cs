namespace Platform.Encoders.Models;

/// <summary>What the model store can't do or does not hold.</summary>
public sealed class ModelStoreException : ModelFileException
{
    internal ModelStoreException(string path, string message, Exception? inner = null)
        : base(path, message, inner)
    {
    }
}
