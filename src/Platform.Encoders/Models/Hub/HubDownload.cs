using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Encoders.Models.Hub;

/// <summary>Fetches one file, going on where an earlier attempt ended, and checks it.</summary>
/// <remarks>
/// Beside a half-fetched <c>name.part</c> lies <c>name.part.etag</c>: the rest is asked for with If-Range, so that a file changed in between
/// begins anew. The checksum is computed over the whole file once it is complete. A file that fails it is deleted.
/// </remarks>
internal sealed class HubDownload(HubClient client, string folder)
{
    private const int BufferBytes = 1 << 18;
    private const string PartSuffix = ".part";
    private const string TagSuffix = ".part.etag";

    /// <summary>Fetches the file, if it is not there yet.</summary>
    /// <exception cref="HubException">The hub does not give it, or its checksum is wrong.</exception>
    public async Task FetchAsync(Uri address, HubFile file, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        string complete = Path.Combine(folder, file.Name);
        string part = complete + PartSuffix;
        if (File.Exists(complete))
        {
            bytesRead.Report(new FileInfo(complete).Length);
            return;
        }

        await FetchPartAsync(address, file, part, complete + TagSuffix, bytesRead, cancellationToken);
        string? fault = await FaultOfAsync(part, file, cancellationToken);
        if (fault is not null)
        {
            File.Delete(part);
            File.Delete(complete + TagSuffix);
            throw new HubException(address.AbsoluteUri, $"'{file.Name}' came with {fault}; it was deleted. Run the command again.");
        }

        File.Move(part, complete);
        File.Delete(complete + TagSuffix);
    }

    private async Task FetchPartAsync(Uri address, HubFile file, string part, string tagPath, IProgress<long> bytesRead, CancellationToken cancellationToken)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        EntityTagHeaderValue? tag = have > 0 && File.Exists(tagPath) && EntityTagHeaderValue.TryParse(await File.ReadAllTextAsync(tagPath, cancellationToken), out EntityTagHeaderValue? kept) ? kept : null;
        if (have > 0 && have == file.Bytes)
        {
            bytesRead.Report(have);
            return;
        }

        bool asksForRest = tag is { IsWeak: false };
        using HttpResponseMessage response = await client.GetAsync(
            address,
            request =>
            {
                if (asksForRest)
                {
                    request.Headers.Range = new RangeHeaderValue(have, null);
                    request.Headers.IfRange = new RangeConditionHeaderValue(tag!);
                }
            },
            cancellationToken);
        if (asksForRest && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(part);
            throw new HubException(address.AbsoluteUri, $"The hub has no more of '{file.Name}' than was fetched, which is not the whole; it was deleted. Run the command again.");
        }

        HubFaults.ThrowUnless(response, address, HttpStatusCode.OK, HttpStatusCode.PartialContent);
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && asksForRest && response.Content.Headers.ContentRange?.From == have;
        if (response.StatusCode == HttpStatusCode.PartialContent && !goesOn)
        {
            throw new HubException(address.AbsoluteUri, $"The hub gives another part of '{file.Name}' than was asked for. Run the command again.");
        }

        await File.WriteAllTextAsync(tagPath, response.Headers.ETag?.ToString() ?? "", cancellationToken);
        if (goesOn)
        {
            bytesRead.Report(have);
        }

        long limit = file.Bytes ?? long.MaxValue;
        await using var target = new FileStream(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferBytes];
        long length = goesOn ? have : 0;
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and int read)
        {
            length += read;
            if (length > limit)
            {
                throw new HubException(address.AbsoluteUri, $"'{file.Name}' is longer than the {limit} bytes that the hub stated. Run the command again.");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            bytesRead.Report(read);
        }

        target.Flush(flushToDisk: true);
    }

    private static async Task<string?> FaultOfAsync(string path, HubFile file, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(path);
        if (file.Bytes is { } due && content.Length != due)
        {
            return $"{content.Length} bytes where {due} were due";
        }

        if (file.Sha256 is { } sha256)
        {
            string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            return found == sha256 ? null : $"SHA-256 {found} where {sha256} was due";
        }

        if (file.GitSha1 is { } blob)
        {
            // Git names a file by the hash of "blob LENGTH\0" and its bytes; it is what the hub states of small files.
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
            byte[] buffer = new byte[BufferBytes];
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and int read)
            {
                hash.AppendData(buffer, 0, read);
            }

            string found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found == blob ? null : $"git blob {found} where {blob} was due";
        }

        return null;
    }
}
