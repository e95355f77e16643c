using System.Security.Cryptography;
using Platform.Encoders.Contract;
using Platform.Encoders.Text;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Models;

/// <summary>Which files of a folder belong to a model, and their checksums.</summary>
internal static class ModelFiles
{
    private const int BufferBytes = 1 << 20;
    private const int MaxNameLength = 128;

    private static readonly HashSet<string> Known =
    [
        "config.json", "generation_config.json", "tokenizer_config.json", "golden.json", "recipe.json", "training.json", ContractFile.Name,
        TokenizerFiles.JsonFile, TokenizerFiles.TiktokenFile, TokenizerFiles.SpecialTokensFile,
        Checkpoint.SingleFile, Checkpoint.IndexFile, LoraAdapter.ConfigFile, LoraAdapter.WeightsFile,
    ];

    /// <summary>The model's files in a folder, by name: those that are known, and the shards. Other files and folders are left alone.</summary>
    public static IReadOnlyList<string> In(string directory) =>
        [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)!).Where(IsOfModel).Order(StringComparer.Ordinal)];

    /// <summary>Whether a file of this name belongs to a model.</summary>
    public static bool IsOfModel(string name) => Known.Contains(name) || (IsPlainName(name) && IsShard(name));

    /// <summary>Whether a file of this name is a LoRA adapter's.</summary>
    public static bool IsOfAdapter(string name) => name is LoraAdapter.ConfigFile or LoraAdapter.WeightsFile;

    /// <summary>Whether a name can't leave its folder.</summary>
    public static bool IsPlainName(string name) => name.Length is > 0 and <= MaxNameLength && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>A file's checksum.</summary>
    public static async Task<ModelFile> ChecksumAsync(string path, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        await using FileStream stream = OpenSequentially(path);
        return await CopyAsync(stream, Stream.Null, Path.GetFileName(path), bytesRead, cancellationToken);
    }

    /// <summary>Copies a file, durably, and gives its checksum.</summary>
    public static async Task<ModelFile> CopyAsync(string from, string to, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        await using FileStream source = OpenSequentially(from);
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true);
        ModelFile file = await CopyAsync(source, target, Path.GetFileName(to), bytesRead, cancellationToken);
        target.Flush(flushToDisk: true);
        return file;
    }

    private static async Task<ModelFile> CopyAsync(Stream from, Stream to, string name, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long length = 0;
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and int read)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length += read;
            bytesRead.Report(read);
        }

        return new ModelFile(name, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static bool IsShard(string name) =>
        name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal);

    private static FileStream OpenSequentially(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
