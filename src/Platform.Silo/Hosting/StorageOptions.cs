namespace Platform.Silo.Hosting;

/// <summary>Where shards and grain state lie. Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>The <see cref="Kind"/> of files below <see cref="DataDirectory"/>.</summary>
    public const string Files = "files";

    /// <summary>The <see cref="Kind"/> of one container of an Azure storage account.</summary>
    public const string Azure = "azure";

    /// <summary><c>files</c> (default): a folder that all processes share; <c>azure</c>: a container of blobs.</summary>
    public string Kind { get; set; } = Files;

    /// <summary>
    /// With <c>files</c>, a folder that all processes of the cluster share. With <c>azure</c>, what this machine keeps for itself.
    /// Default <c>platform-data</c> in the working folder.
    /// </summary>
    public string DataDirectory { get; set; } = "platform-data";

    /// <summary>With <c>azure</c>: the account's connection string. A secret: from a variable or a file, never logged. This or <see cref="AzureAccountUrl"/>.</summary>
    public string? AzureConnection { get; set; }

    /// <summary>With <c>azure</c>: the account's blob endpoint, https, for the identity that the process runs under.</summary>
    public string? AzureAccountUrl { get; set; }

    /// <summary>With <c>azure</c>: the container, made if it is not there. Default <c>platform</c>.</summary>
    public string AzureContainer { get; set; } = "platform";

    /// <summary>With <c>azure</c>: where this machine keeps copies of segments. Default <c>segment-cache</c> below <see cref="DataDirectory"/>.</summary>
    public string? CacheDirectory { get; set; }

    /// <summary>With <c>azure</c>: the most bytes of copies that one process keeps. Default 16 GiB.</summary>
    public long CacheMaxBytes { get; set; } = 16L << 30;

    /// <summary>Bytes that shards and snapshots may take in the store, checked twice a minute; 0 (default) for all that there is.</summary>
    public long QuotaBytes { get; set; }

    /// <summary>Writes that add are refused when less than this share of disk or quota is free. Default 0.05; 0 never refuses.</summary>
    public double BlockBelowFreeShare { get; set; } = 0.05;

    /// <summary>They are taken again when this share is free. Default 0.08; above <see cref="BlockBelowFreeShare"/>.</summary>
    public double ResumeAboveFreeShare { get; set; } = 0.08;

    /// <summary>A large disk need not keep its whole share free: these many bytes are enough. Default 8 GiB.</summary>
    public long EnoughFreeBytes { get; set; } = 8L << 30;
}
