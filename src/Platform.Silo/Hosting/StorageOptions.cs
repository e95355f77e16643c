using Microsoft.Extensions.Options;

namespace Platform.Silo.Hosting;

/// <summary>Where shards and grain state lie. Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>A folder that all processes of the cluster share. Default <c>platform-data</c> in the working folder.</summary>
    public string DataDirectory { get; set; } = "platform-data";
}

/// <summary>Reports every fault of <see cref="StorageOptions"/> at once.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            return ValidateOptionsResult.Fail("Storage:DataDirectory is empty; name a folder.");
        }

        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            string probe = Path.Combine(options.DataDirectory, $".probe-{Guid.NewGuid():N}");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }

            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ValidateOptionsResult.Fail($"Storage:DataDirectory is '{options.DataDirectory}', which can't be written: {e.Message} Name a folder that can.");
        }
    }
}
