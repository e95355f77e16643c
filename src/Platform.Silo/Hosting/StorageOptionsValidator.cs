using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace Platform.Silo.Hosting;

/// <summary>Reports every fault of <see cref="StorageOptions"/> at once; no fault shows a connection string.</summary>
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    private const long LeastCacheBytes = 64L << 20;
    private const string OneOfTwo = "Storage:AzureConnection and Storage:AzureAccountUrl";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        List<string> faults = [];
        CheckFolder(options.DataDirectory, faults);
        switch (options.Kind)
        {
            case StorageOptions.Files:
                break;
            case StorageOptions.Azure:
                CheckAzure(options, faults);
                break;
            default:
                faults.Add($"Storage:Kind is '{options.Kind}'; it must be {StorageOptions.Files} or {StorageOptions.Azure}.");
                break;
        }

        if (options.QuotaBytes < 0)
        {
            faults.Add($"Storage:QuotaBytes is {options.QuotaBytes}; it must be 0 or more.");
        }

        if (options.BlockBelowFreeShare is not (>= 0 and <= 0.5))
        {
            faults.Add($"Storage:BlockBelowFreeShare is {options.BlockBelowFreeShare}; it must be 0 to 0.5.");
        }

        if (options.ResumeAboveFreeShare is not <= 0.9 || options.ResumeAboveFreeShare <= options.BlockBelowFreeShare)
        {
            faults.Add($"Storage:ResumeAboveFreeShare is {options.ResumeAboveFreeShare}; it must be above Storage:BlockBelowFreeShare, {options.BlockBelowFreeShare}, and at most 0.9.");
        }

        if (options.EnoughFreeBytes < 1)
        {
            faults.Add($"Storage:EnoughFreeBytes is {options.EnoughFreeBytes}; it must be 1 or more.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckFolder(string folder, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            faults.Add("Storage:DataDirectory is empty; name a folder.");
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"Storage:DataDirectory is '{folder}', which can't be written: {e.Message} Name a folder that can.");
        }
    }

    private static void CheckAzure(StorageOptions options, List<string> faults)
    {
        bool byConnection = !string.IsNullOrWhiteSpace(options.AzureConnection);
        bool byIdentity = !string.IsNullOrWhiteSpace(options.AzureAccountUrl);
        if (byConnection == byIdentity)
        {
            faults.Add(byConnection
                ? $"{OneOfTwo} are both given; give the connection string, or the URL for a managed identity."
                : $"{OneOfTwo} are both missing; Storage:Kind {StorageOptions.Azure} needs a connection string, or the account's URL for a managed identity.");
        }

        if (byConnection && !IsConnection(options.AzureConnection!))
        {
            faults.Add("Storage:AzureConnection is no connection string of a storage account; it reads AccountName=...;AccountKey=...;EndpointSuffix=... Copy it from the account's access keys.");
        }

        if (byIdentity && !(Uri.TryCreate(options.AzureAccountUrl, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url.Query.Length == 0))
        {
            // not shown: a URL with a signature in its query is a secret
            faults.Add("Storage:AzureAccountUrl is no https URL without a query, such as https://account.blob.core.windows.net.");
        }

        if (!ContainerName().IsMatch(options.AzureContainer))
        {
            faults.Add($"Storage:AzureContainer is '{options.AzureContainer}'; it must be 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (options.CacheMaxBytes < LeastCacheBytes)
        {
            faults.Add($"Storage:CacheMaxBytes is {options.CacheMaxBytes}; it must be {LeastCacheBytes} or more.");
        }
    }

    private static bool IsConnection(string connection)
    {
        try
        {
            _ = new BlobServiceClient(connection);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or UriFormatException)
        {
            return false;
        }
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContainerName();
}
