using Microsoft.AspNetCore.Http;
using Platform.Abstractions;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Tests.Faults;

public sealed class FaultMappingTests
{
    [Theory]
    [InlineData(FaultKind.Invalid, 400, ErrorCodes.InvalidRequest, false)]
    [InlineData(FaultKind.IndexNotFound, 404, ErrorCodes.IndexNotFound, false)]
    [InlineData(FaultKind.IndexExists, 409, ErrorCodes.IndexExists, false)]
    [InlineData(FaultKind.EncoderMismatch, 409, ErrorCodes.EncoderMismatch, false)]
    [InlineData(FaultKind.Busy, 429, ErrorCodes.Busy, true)]
    [InlineData(FaultKind.Unavailable, 503, ErrorCodes.Unavailable, true)]
    [InlineData(FaultKind.DeadlineExceeded, 504, ErrorCodes.DeadlineExceeded, true)]
    public void Each_kind_of_fault_has_its_status_and_keeps_its_message(FaultKind kind, int status, string code, bool retryable)
    {
        Fault fault = FaultMapping.ToFault(new PlatformException(kind, "why"));
        Assert.Equal((status, code, "why", retryable), (fault.Status, fault.Code, fault.Detail, fault.Retryable));
    }

    [Fact]
    public void What_a_tenant_may_not_touch_does_not_exist_for_it()
    {
        Fault fault = FaultMapping.ToFault(new PlatformException(FaultKind.Forbidden, "index 'plans' is globex's"));
        Assert.Equal((404, ErrorCodes.IndexNotFound), (fault.Status, fault.Code));
        Assert.DoesNotContain("globex", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_clusters_own_faults_are_worth_a_retry()
    {
        Exception[] faults = [new TimeoutException(), new SiloUnavailableException(), new OrleansException("queue full")];
        Assert.All(faults, fault => Assert.Equal((503, true), (FaultMapping.ToFault(fault).Status, FaultMapping.ToFault(fault).Retryable)));
        Assert.All(faults, fault => Assert.NotNull(FaultMapping.ToFault(fault).RetryAfter));
    }

    [Fact]
    public void An_unforeseen_fault_says_nothing_of_its_cause()
    {
        Fault fault = FaultMapping.ToFault(new InvalidOperationException("connection string: secret"));
        Assert.Equal((500, ErrorCodes.Internal), (fault.Status, fault.Code));
        Assert.DoesNotContain("secret", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_the_http_message_keeps_its_status() =>
        Assert.Equal(408, FaultMapping.ToFault(new BadHttpRequestException("too slow", 408)).Status);
}
