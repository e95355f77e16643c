using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Platform.Abstractions.Records;

namespace Platform.Silo.Tests;

/// <summary>What goes from silo to silo comes out as it went in.</summary>
public sealed class WireTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    [Fact]
    public void Fetched_documents_without_fields_that_share_an_empty_explanation_arrive()
    {
        TermMatch[] none = [];
        byte[] stored = "{}"u8.ToArray();
        var reply = new FetchReply { Documents = [new(true, null, none), new(true, stored, none), new(true, null, none), new(false, stored, null)] };
        Serializer serializer = _services.GetRequiredService<Serializer>();

        FetchReply arrived = serializer.Deserialize<FetchReply>(serializer.SerializeToArray(reply))!;

        Assert.Equal(reply.Documents.Select(document => (document.Exists, document.Stored?.Length, document.Matches?.Length)),
            arrived.Documents.Select(document => (document.Exists, document.Stored?.Length, document.Matches?.Length)));
    }

    public void Dispose() => _services.Dispose();
}
