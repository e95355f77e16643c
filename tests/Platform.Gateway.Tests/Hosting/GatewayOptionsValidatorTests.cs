using Microsoft.Extensions.Options;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Tests.Hosting;

public sealed class GatewayOptionsValidatorTests
{
    [Fact]
    public void The_defaults_work() =>
        Assert.True(new GatewayOptionsValidator().Validate(null, new GatewayOptions()).Succeeded);

    [Fact]
    public void All_faults_are_reported_at_once_each_with_value_and_range()
    {
        var options = new GatewayOptions { MaxLineBytes = 0, BatchesInFlight = 65, KeyLifetime = TimeSpan.FromHours(1) };
        ValidateOptionsResult result = new GatewayOptionsValidator().Validate(null, options);
        Assert.Equal(
            [
                "Gateway:MaxLineBytes is 0; it must be 1024 to 16777216.",
                "Gateway:BatchesInFlight is 65; it must be 1 to 64.",
                "Gateway:KeyLifetime is 01:00:00; it must be 00:00:00 to 00:10:00.",
            ],
            result.Failures);
    }
}
