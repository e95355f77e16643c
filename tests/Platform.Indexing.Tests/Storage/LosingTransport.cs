using Azure.Core;
using Azure.Core.Pipeline;

namespace Platform.Indexing.Tests.Storage;

/// <summary>A network that brings every request to the server, and loses the answers to some.</summary>
internal sealed class LosingTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClientTransport _network = new();
    private string _query = "";
    private int _toLose;

    /// <summary>Answers lost so far.</summary>
    public int Lost { get; private set; }

    /// <summary>Loses the answers to the next PUT requests whose query holds a text.</summary>
    public void LoseAnswers(string query, int count) => (_query, _toLose) = (query, count);

    public void Dispose() => _network.Dispose();

    public override Request CreateRequest() => _network.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The store calls nobody synchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        await _network.ProcessAsync(message);
        if (_toLose > 0 && message.Request.Method == RequestMethod.Put && message.Request.Uri.Query.Contains(_query, StringComparison.Ordinal))
        {
            _toLose--;
            Lost++;
            throw new IOException("The connection was cut.");
        }
    }
}
