using System.Net;
using System.Text.Json;

namespace Platform.Encoders.Models.Hub;

/// <summary>A model's files on the hub at one commit.</summary>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Files">The files that belong to a model; others are left there.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    private const int MaxBytes = 16 << 20;
    private const int CommitDigits = 40;

    /// <summary>Asks the hub.</summary>
    /// <exception cref="HubException">It does not have the model, does not let this token see it, or answers something else.</exception>
    public static async Task<HubListing> ReadAsync(HubClient client, Uri baseAddress, HubReference reference, CancellationToken cancellationToken)
    {
        var address = new Uri(baseAddress, $"/api/models/{reference.Owner}/{reference.Name}/revision/{reference.Revision}?blobs=true");
        using HttpResponseMessage response = await client.GetAsync(address, _ => { }, cancellationToken);
        HubFaults.ThrowUnless(response, address, HttpStatusCode.OK);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] content = new byte[MaxBytes + 1];
        int length = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes)
        {
            throw new HubException(address.AbsoluteUri, $"'{address}' answers more than {MaxBytes} bytes. Check the hub's address.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(content.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 32 });
            string commit = document.RootElement.GetProperty("sha").GetString() ?? "";
            HubFile[] files = [.. document.RootElement.GetProperty("siblings").EnumerateArray().Select(HubFile.Of).OfType<HubFile>()];
            return commit.Length == CommitDigits && commit.All(char.IsAsciiHexDigitLower)
                ? new HubListing(commit, files)
                : throw new JsonException("sha is no commit");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubException(address.AbsoluteUri, $"'{address}' answers no description of a model: {e.Message.TrimEnd('.')}. Check the hub's address.", e);
        }
    }
}

/// <summary>A file on the hub.</summary>
/// <param name="Name">Its plain name.</param>
/// <param name="Bytes">Its length; null where the hub does not say.</param>
/// <param name="Sha256">Its checksum where it is a large file; else null.</param>
/// <param name="GitSha1">Its name as a git blob where it is a small file; else null.</param>
internal sealed record HubFile(string Name, long? Bytes, string? Sha256, string? GitSha1)
{
    /// <summary>Reads one of <c>siblings</c>; null if the file is none of a model's.</summary>
    public static HubFile? Of(JsonElement sibling)
    {
        string name = sibling.GetProperty("rfilename").GetString() ?? "";
        if (!ModelFiles.IsOfModel(name))
        {
            return null;
        }

        long? bytes = sibling.TryGetProperty("size", out JsonElement size) && size.ValueKind == JsonValueKind.Number ? size.GetInt64() : null;
        bool isLarge = sibling.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
        string? sha256 = isLarge ? lfs.GetProperty("sha256").GetString() : null;
        string? git = !isLarge && sibling.TryGetProperty("blobId", out JsonElement blob) ? blob.GetString() : null;
        return new HubFile(name, bytes, sha256, git);
    }
}
