using Platform.Encoders.Contract;
using Platform.Encoders.Llama;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Models;

/// <summary>The folder of models: <c>{id}/{version}/</c>, each with its files and a manifest of their checksums.</summary>
/// <remarks>
/// A version never changes: it is prepared beside the store's other versions in a folder whose name begins with a dot, flushed, and renamed
/// into place; what is half done is never listed. Any number of processes may share the store.
/// </remarks>
public sealed class ModelStore(string directory, TimeProvider time)
{
    /// <summary>The rule of ids and versions in words.</summary>
    public const string NameRule = "1 to 128 of A-Z a-z 0-9 . _ -, not starting with a dot";

    private const int VersionDigits = 12;

    /// <summary>The store's folder, as a full path.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>All versions of all models, by id and version. A damaged manifest is an error.</summary>
    public IReadOnlyList<StoredModel> List() =>
    [
        .. Folders(Directory).SelectMany(Folders)
            .Select(folder => (folder, manifest: ModelManifest.Find(folder)))
            .Where(found => found.manifest is not null)
            .Select(found => new StoredModel(found.folder, found.manifest!)),
    ];

    /// <summary>The folder that a name means: a model of the store as <c>id</c>, <c>id/version</c> or <c>id@version</c>, else a folder by its path.</summary>
    /// <exception cref="ModelStoreException">There is none, or the id has several versions.</exception>
    public string Resolve(string name)
    {
        string[] parts = name.Split('/', '@');
        if (parts.Length is 1 or 2 && parts.All(ModelFiles.IsPlainName))
        {
            StoredModel[] found = [.. List().Where(model => model.Manifest.Id == parts[0] && (parts.Length == 1 || model.Manifest.Version == parts[1]))];
            if (found.Length == 1)
            {
                return found[0].Folder;
            }

            if (found.Length > 1)
            {
                throw new ModelStoreException(Directory, $"Model '{name}' has {found.Length} versions: {string.Join(", ", found.Select(model => model.Manifest.Version))}. Name one as '{name}/VERSION'.");
            }
        }

        return System.IO.Directory.Exists(name)
            ? Path.GetFullPath(name)
            : throw new ModelStoreException(Directory, $"{ModelFileException.Quote(name)} is neither a model of '{Directory}' nor a folder. 'platform model list' shows the models.");
    }

    /// <summary>Takes a model folder into the store, after checks of its weights, tokenizer and contract.</summary>
    /// <param name="source">The folder, in Hugging Face layout.</param>
    /// <param name="request">Under which name, and with which contract.</param>
    /// <param name="bytesRead">Told the bytes of each read.</param>
    /// <param name="cancellationToken">Gives up and leaves nothing.</param>
    /// <returns>The version; the same content under the same name once more is no error, and changes nothing.</returns>
    /// <exception cref="ModelFileException">The folder holds no sound model, or the version exists with other content.</exception>
    public async Task<StoredModel> ImportAsync(string source, ModelImport request, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        source = Path.GetFullPath(source);
        CheckName("id", request.Id);
        CheckName("version", request.Version ?? "v");
        string adapter = Path.GetFullPath(request.AdapterFolder ?? source);
        Check(source, adapter);
        string staging = Path.Combine(Directory, $".importing-{Guid.NewGuid():N}");
        System.IO.Directory.CreateDirectory(staging);
        try
        {
            List<ModelFile> files = [];
            IEnumerable<string> names = [.. ModelFiles.In(source).Where(name => !ModelFiles.IsOfAdapter(name)), .. ModelFiles.In(adapter).Where(ModelFiles.IsOfAdapter)];
            foreach (string name in names.Where(name => request.Contract is null || name != ContractFile.Name))
            {
                string from = Path.Combine(ModelFiles.IsOfAdapter(name) ? adapter : source, name);
                files.Add(await ModelFiles.CopyAsync(from, Path.Combine(staging, name), bytesRead, cancellationToken));
            }

            if (request.Contract is not null)
            {
                await WriteAsync(Path.Combine(staging, ContractFile.Name), System.Text.Encoding.UTF8.GetBytes(ContractFile.ToReadableJson(request.Contract)), cancellationToken);
                files.Add(await ModelFiles.ChecksumAsync(Path.Combine(staging, ContractFile.Name), bytesRead, cancellationToken));
            }

            string version = request.Version ?? ModelManifest.HashOf(files)[..VersionDigits];
            var manifest = ModelManifest.Of(request.Id, version, request.Source ?? (request.AdapterFolder is null ? source : $"{source} with the adapter {adapter}"), time.GetUtcNow(), [.. files.OrderBy(file => file.Name, StringComparer.Ordinal)]);
            await WriteAsync(Path.Combine(staging, ModelManifest.FileName), manifest.ToJson(), cancellationToken);
            DirectoryFlush.Flush(staging);
            return Publish(staging, manifest);
        }
        finally
        {
            if (System.IO.Directory.Exists(staging))
            {
                System.IO.Directory.Delete(staging, recursive: true);
            }
        }
    }

    /// <summary>Compares a version's files with its manifest.</summary>
    /// <param name="folder">A folder with a manifest.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="bytesRead">Told the bytes of each read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What differs, a line each; empty if nothing does.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(string folder, ModelManifest manifest, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        List<string> faults = [];
        foreach (ModelFile due in manifest.Files)
        {
            string path = Path.Combine(folder, due.Name);
            if (!File.Exists(path))
            {
                faults.Add($"{due.Name} is missing");
                continue;
            }

            ModelFile found = await ModelFiles.ChecksumAsync(path, bytesRead, cancellationToken);
            if (found != due)
            {
                faults.Add($"{due.Name} has {found.Bytes} bytes and SHA-256 {found.Sha256}; the manifest says {due.Bytes} and {due.Sha256}");
            }
        }

        faults.AddRange(ModelFiles.In(folder).Except(manifest.Files.Select(file => file.Name)).Select(name => $"{name} is not in the manifest"));
        return faults;
    }

    /// <summary>Reads all that can be checked without computing: configuration, weights, adapter, tokenizer, contract.</summary>
    private static void Check(string source, string adapterFolder)
    {
        var checkpoint = Checkpoint.Open(source);
        var config = LlamaConfig.Read(source);
        LoraAdapter? adapter = LoraAdapter.Find(adapterFolder);
        if (adapter is null && adapterFolder != source)
        {
            throw new ModelStoreException(adapterFolder, $"'{adapterFolder}' holds no LoRA adapter: it has no {LoraAdapter.ConfigFile}. Name the folder that PEFT saved.");
        }

        _ = CheckpointLayout.Check(checkpoint, config, adapter);
        _ = TokenizerFiles.Find(source);
        string contract = Path.Combine(source, ContractFile.Name);
        if (File.Exists(contract))
        {
            _ = ContractFile.Read(contract);
        }
    }

    private StoredModel Publish(string staging, ModelManifest manifest)
    {
        string parent = Path.Combine(Directory, manifest.Id);
        string target = Path.Combine(parent, manifest.Version);
        System.IO.Directory.CreateDirectory(parent);
        try
        {
            System.IO.Directory.Move(staging, target);
        }
        catch (IOException) when (System.IO.Directory.Exists(target))
        {
            return ModelManifest.Find(target) is { } existing && existing.ContentHash == manifest.ContentHash
                ? new StoredModel(target, existing)
                : throw new ModelStoreException(target, $"Model '{manifest.Id}/{manifest.Version}' is in the store with other content. Import it under another version.");
        }

        DirectoryFlush.Flush(parent);
        DirectoryFlush.Flush(Directory);
        return new StoredModel(target, manifest);
    }

    private void CheckName(string what, string name)
    {
        if (!ModelFiles.IsPlainName(name))
        {
            throw new ModelStoreException(Directory, $"The {what} is {ModelFileException.Quote(name)}; it must be {NameRule}.");
        }
    }

    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await stream.WriteAsync(content, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private static IEnumerable<string> Folders(string parent) => System.IO.Directory.Exists(parent)
        ? System.IO.Directory.EnumerateDirectories(parent).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal)
        : [];
}

/// <summary>How a model enters the store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version; null for the first 12 digits of the content's hash.</param>
/// <param name="Contract">Takes the place of the folder's contract.json; null to keep that.</param>
/// <param name="Source">What the manifest says on the origin; null for the folder's path.</param>
/// <param name="AdapterFolder">Holds a LoRA adapter of the model, which takes the place of one beside it; null to keep that.</param>
public sealed record ModelImport(string Id, string? Version, EncoderContract? Contract, string? Source, string? AdapterFolder = null);

/// <summary>A version of a model in the store.</summary>
/// <param name="Folder">Its folder, as a full path.</param>
/// <param name="Manifest">What it consists of.</param>
public sealed record StoredModel(string Folder, ModelManifest Manifest);
