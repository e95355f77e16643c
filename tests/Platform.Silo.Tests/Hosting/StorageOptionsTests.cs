using Microsoft.Extensions.Options;
using Platform.Silo.Hosting;

namespace Platform.Silo.Tests.Hosting;

public sealed class StorageOptionsTests : IDisposable
{
    private const string Emulator = "UseDevelopmentStorage=true";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("platform-options-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData(Emulator, null)]
    [InlineData(null, "https://account.blob.core.windows.net")]
    public void Azure_takes_a_connection_string_or_an_https_URL(string? connection, string? url) =>
        Assert.True(Validate(Azure(connection, url)).Succeeded);

    [Theory]
    [InlineData(null, null, "both missing")]
    [InlineData(Emulator, "https://account.blob.core.windows.net", "both given")]
    [InlineData("AccountName=a;AccountKey", null, "is no connection string")]
    [InlineData(null, "http://account.blob.core.windows.net", "no https URL")]
    [InlineData(null, "https://account.blob.core.windows.net/?sig=secret", "no https URL")]
    public void What_can_not_open_an_account_is_refused_without_showing_it(string? connection, string? url, string told)
    {
        ValidateOptionsResult result = Validate(Azure(connection, url));
        Assert.Contains(told, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("AccountName=a", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        StorageOptions options = Azure(null, null);
        options.AzureContainer = "Not_Valid";
        options.CacheMaxBytes = 1;
        options.BlockBelowFreeShare = 0.2;
        options.ResumeAboveFreeShare = 0.1;
        options.DataDirectory = "";
        Assert.Equal(5, Validate(options).Failures!.Count());
        Assert.Contains("'blob'", Validate(new StorageOptions { Kind = "blob", DataDirectory = _data.FullName }).FailureMessage, StringComparison.Ordinal);
    }

    private StorageOptions Azure(string? connection, string? url) => new()
    {
        Kind = StorageOptions.Azure,
        DataDirectory = _data.FullName,
        AzureConnection = connection,
        AzureAccountUrl = url,
    };

    private static ValidateOptionsResult Validate(StorageOptions options) => new StorageOptionsValidator().Validate(null, options);
}
