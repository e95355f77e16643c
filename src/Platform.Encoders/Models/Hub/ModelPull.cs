namespace Platform.Encoders.Models.Hub;

/// <summary>Fetches a model from a hub into the store.</summary>
/// <remarks>Interrupted at any point, the same call goes on where it was: what was fetched waits in <c>.pulling</c> inside the store.</remarks>
public sealed class ModelPull(ModelStore store, HubOptions options)
{
    private const int VersionDigits = 12;

    /// <summary>Fetches, checks and imports.</summary>
    /// <param name="reference">Which model.</param>
    /// <param name="import">Under which name; its source is set here, and its version is the commit's first 12 digits unless it is given.</param>
    /// <param name="started">Told the bytes to fetch in all, once they are known.</param>
    /// <param name="bytesRead">Told the bytes of each read.</param>
    /// <param name="cancellationToken">Gives up; what was fetched is kept.</param>
    /// <exception cref="ModelFileException">The hub does not give it, a checksum is wrong, or it is no sound model.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public async Task<StoredModel> RunAsync(
        HubReference reference, ModelImport import, IProgress<long> started, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        using var client = new HubClient(options);
        HubListing listing = await HubListing.ReadAsync(client, options.BaseAddress, reference, cancellationToken);
        if (listing.Files.Count == 0)
        {
            throw new HubException(options.BaseAddress.AbsoluteUri, $"'{reference.Owner}/{reference.Name}' holds no file of a model in safetensors form. Choose another.");
        }

        string folder = Path.Combine(store.Directory, ".pulling", $"{reference.Owner}--{reference.Name}--{listing.Commit}");
        Directory.CreateDirectory(folder);
        started.Report(listing.Files.Sum(file => file.Bytes ?? 0));
        var download = new HubDownload(client, folder);
        foreach (HubFile file in listing.Files)
        {
            var address = new Uri(options.BaseAddress, $"/{reference.Owner}/{reference.Name}/resolve/{listing.Commit}/{file.Name}");
            await download.FetchAsync(address, file, bytesRead, cancellationToken);
        }

        ModelImport named = import with
        {
            Version = import.Version ?? listing.Commit[..VersionDigits],
            Source = $"hf:{reference.Owner}/{reference.Name}@{listing.Commit}",
        };
        StoredModel model = await store.ImportAsync(folder, named, new Silence(), cancellationToken);
        Directory.Delete(folder, recursive: true);
        return model;
    }

    private sealed class Silence : IProgress<long>
    {
        public void Report(long value)
        {
            // The copy inside one disk is short beside the download.
        }
    }
}
