namespace Platform.Encoders.Models.Hub;

/// <summary>A hub that does not give what was asked for.</summary>
public sealed class HubException : ModelFileException
{
    internal HubException(string url, string message, Exception? inner = null)
        : base(url, message, inner)
    {
    }
}
