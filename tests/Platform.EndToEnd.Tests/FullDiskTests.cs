using System.Diagnostics;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Client.Ingest;
using Platform.EndToEnd.Tests.Cluster;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests;

/// <summary>A disk that fills up, and has room again.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [SmallDiskFact]
    public async Task Documents_are_refused_before_the_disk_is_full_deletes_and_reads_go_on_and_room_lets_them_in_again()
    {
        using var disk = new SmallDisk(megabytes: 24);
        var environment = new Dictionary<string, string>
        {
            ["PLATFORM_Storage__BlockBelowFreeShare"] = "0.3",
            ["PLATFORM_Storage__ResumeAboveFreeShare"] = "0.4",
            ["PLATFORM_Shard__SealAtBytes"] = "2000000",
        };
        await using PlatformProcess process = await PlatformProcess.StartAsync(disk.Folder, environment);
        using var client = new PlatformClient(new PlatformClientOptions { Endpoints = [process.Url], ApiKey = process.Key! });
        await client.CreateIndexAsync(new IndexSpec { Name = "full" });
        await client.CreateIndexAsync(new IndexSpec { Name = "other" });
        await client.IngestAsync("other", Documents(0, 500));

        int added = 0;
        BulkError? refusal = null;
        for (int from = 0; refusal is null && from < 200_000; from += 500)
        {
            IngestSummary summary = await client.IngestAsync("full", Documents(from, 500));
            added += 500 - summary.Failures.Count;
            refusal = summary.Failures.Select(failure => failure.Error).FirstOrDefault(error => error is not null);
        }

        output.WriteLine($"{added} documents, then: {refusal?.Code}: {refusal?.Detail}");
        Assert.Equal((ErrorCodes.StorageFull, false), (refusal!.Code, refusal.Retryable));
        Assert.Contains("bytes free", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(added, (await client.GetStatisticsAsync("full")).Documents);
        Assert.True((await client.SearchAsync("full", new SearchRequest { Text = "word1", Fields = [] })).Coverage.Complete);
        Assert.True(await client.DeleteDocumentAsync("full", "d1"));
        Assert.Null(await client.GetDocumentAsync("full", "d1"));

        Assert.True(await client.DeleteIndexAsync("full"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await client.IngestAsync("other", Documents(0, 1), cancellationToken: limit.Token)).IsComplete)
        {
            // the disk is looked at again once a second
        }

        Assert.Equal(500, (await client.GetStatisticsAsync("other", limit.Token)).Documents);
    }

    private static IAsyncEnumerable<BulkItem> Documents(int from, int count) => Enumerable.Range(from, count).Select(i =>
    {
        var random = new Random(i);
        return new BulkItem { Id = $"d{i}", Text = $"word{i} {string.Join(' ', Enumerable.Range(0, 60).Select(_ => random.Next()))}" };
    }).ToAsyncEnumerable();

    /// <summary>A file system in memory, of a fixed size.</summary>
    internal sealed class SmallDisk : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-disk-");

        public SmallDisk(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.FullName);

        /// <summary>Where it is mounted.</summary>
        public string Folder => _folder.FullName;

        /// <summary>Whether this user may mount one.</summary>
        public static bool IsPossible()
        {
            try
            {
                new SmallDisk(1).Dispose();
                return true;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }

        public void Dispose()
        {
            Run("umount", "-l", _folder.FullName);
            _folder.Delete();
        }

        private static void Run(string program, params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
            }
        }
    }
}

/// <summary>A fact that needs the right to mount a file system, and is reported as skipped without it.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly bool Possible = FullDiskTests.SmallDisk.IsPossible();

    public SmallDiskFactAttribute() => Skip = Possible ? null : "a small file system can't be mounted here";
}
