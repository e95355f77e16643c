using Platform.Gateway.Endpoints.Bulk;

namespace Platform.Gateway.Tests.Endpoints.Bulk;

public sealed class OperationIdsTests
{
    [Fact]
    public void The_same_key_and_document_give_the_same_operation_in_every_process() =>
        Assert.Equal(Guid.Parse("2aa9eb96-c92e-f281-0e2e-d6d595a1e723"), new OperationIds("key-1").For("doc"));

    [Fact]
    public void Another_key_or_document_gives_another_operation()
    {
        Guid[] ids = [new OperationIds("k").For("a"), new OperationIds("k").For("b"), new OperationIds("l").For("a"), new OperationIds("ka").For("")];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Without_a_key_every_operation_is_new() =>
        Assert.NotEqual(new OperationIds(null).For("a"), new OperationIds(null).For("a"));
}
