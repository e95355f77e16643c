using System.Diagnostics.CodeAnalysis;
using System.Net;
using Platform.Encoders.Models;
using Platform.Encoders.Models.Hub;
using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Tests.Models;

[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync of IAsyncLifetime disposes the folder.")]
public sealed class ModelPullTests : IAsyncLifetime
{
    private const int Elements = 100_000;

    private static readonly IProgress<long> Nobody = new Progress<long>();

    private readonly TemporaryFolder _folder = new();
    private FakeHub _hub = null!;

    public async Task InitializeAsync()
    {
        _hub = await FakeHub.StartAsync();
        _hub.Files["config.json"] = SmallModel.ConfigBytes;
        _hub.Files[Checkpoint.SingleFile] = SmallModel.Weights(shapes => shapes["model.layers.0.rotary_emb.inv_freq"] = [Elements]);
        _hub.Files["README.md"] = "of no use"u8.ToArray();
        _hub.Files["pytorch_model.bin"] = "pickle"u8.ToArray();
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pulled_model_is_in_the_store_under_its_commit_and_only_with_the_files_of_a_model()
    {
        StoredModel model = await PullAsync();

        Assert.Equal(FakeHub.Commit[..12], model.Manifest.Version);
        Assert.Equal($"hf:owner/name@{FakeHub.Commit}", model.Manifest.Source);
        Assert.Equal(["config.json", Checkpoint.SingleFile], model.Manifest.Files.Select(file => file.Name));
        Assert.Equal(_hub.Files[Checkpoint.SingleFile], await File.ReadAllBytesAsync(Path.Combine(model.Folder, Checkpoint.SingleFile)));
        Assert.DoesNotContain(_hub.Requests, request => request.Path.EndsWith(".md", StringComparison.Ordinal) || request.Path.EndsWith(".bin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_connection_is_gone_on_with_where_it_broke()
    {
        _hub.BreakAfter = 150_000;
        await Assert.ThrowsAnyAsync<Exception>(PullAsync);
        long had = Part().Length;
        Assert.InRange(had, 1, 150_000);

        StoredModel model = await PullAsync();

        Assert.Contains(_hub.Requests, request => request.Range == $"bytes={had}-");
        Assert.Equal(_hub.Files[Checkpoint.SingleFile], await File.ReadAllBytesAsync(Path.Combine(model.Folder, Checkpoint.SingleFile)));
    }

    [Fact]
    public async Task A_file_that_changed_in_between_begins_anew()
    {
        _hub.BreakAfter = 150_000;
        await Assert.ThrowsAnyAsync<Exception>(PullAsync);
        byte[] changed = SmallModel.Weights(shapes => shapes["model.layers.0.rotary_emb.inv_freq"] = [Elements + 1]);
        _hub.Files[Checkpoint.SingleFile] = changed;
        _hub.Tag = "\"two\"";

        StoredModel model = await PullAsync();

        Assert.Equal(changed, await File.ReadAllBytesAsync(Path.Combine(model.Folder, Checkpoint.SingleFile)));
    }

    [Theory]
    [InlineData("config.json", "git blob")]
    [InlineData(Checkpoint.SingleFile, "SHA-256")]
    public async Task A_wrong_checksum_is_refused_and_the_file_deleted(string only, string kind)
    {
        foreach (string other in _hub.Files.Keys.Where(name => name != only).ToArray())
        {
            _hub.Files.Remove(other);
        }

        _hub.Corrupts = true;

        var refusal = await Assert.ThrowsAsync<HubException>(PullAsync);

        Assert.Contains($"'{only}' came with {kind} ", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_its_token_a_model_is_refused_with_what_to_do()
    {
        _hub.Token = "secret";

        var refusal = await Assert.ThrowsAsync<HubException>(PullAsync);
        Assert.Contains("answers 401. The model needs a token that may read it: set HF_TOKEN", refusal.Message, StringComparison.Ordinal);
        refusal = await Assert.ThrowsAsync<HubException>(() => PullAsync("wrong"));
        Assert.DoesNotContain("wrong", refusal.Message, StringComparison.Ordinal);

        Assert.NotNull(await PullAsync("secret"));
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_refused_with_what_to_do()
    {
        var refusal = await Assert.ThrowsAsync<HubException>(() => PullAsync(name: "other"));

        Assert.Contains("answers 404. Check owner, name and revision", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_on_the_hub_itself_is_followed_with_the_token()
    {
        _hub.Token = "secret";
        _hub.RedirectTo = "here";

        Assert.NotNull(await PullAsync("secret"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/x", "only https is followed away from the hub")]
    [InlineData("http://example.com/x", "only https is followed away from the hub")]
    [InlineData("file:///etc/passwd", "only https is followed away from the hub")]
    [InlineData("ftp://example.com/x", "only https is followed away from the hub")]
    [InlineData("https://127.0.0.1:9/x", "is no public address")]
    [InlineData("https://10.0.0.1/x", "is no public address")]
    [InlineData("https://[::1]/x", "is no public address")]
    [InlineData("https://169.254.169.254/latest/meta-data", "is no public address")]
    public async Task A_redirect_to_a_private_address_or_another_scheme_is_not_followed(string target, string fault)
    {
        _hub.RedirectTo = target;

        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(PullAsync);

        Assert.Contains(fault, refusal is HubException ? refusal.Message : refusal.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_pull_keeps_what_it_has_and_stores_no_model()
    {
        using var cancel = new CancellationTokenSource();
        var read = new CancelAfterFirstRead(cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(bytesRead: read, cancellationToken: cancel.Token));

        Assert.Empty(new ModelStore(_folder.Path, TimeProvider.System).List());
        Assert.NotNull(await PullAsync());
    }

    [Theory]
    [InlineData("hf:owner/name", "main")]
    [InlineData("hf:owner/name@v1.0", "v1.0")]
    public void A_reference_is_owner_name_and_revision(string text, string revision)
    {
        Assert.True(HubReference.TryParse(text, out HubReference? reference));
        Assert.Equal(new HubReference("owner", "name", revision), reference);
    }

    [Theory]
    [InlineData("owner/name")]
    [InlineData("hf:name")]
    [InlineData("hf:owner/name/more")]
    [InlineData("hf:owner/../name")]
    [InlineData("hf:../name")]
    [InlineData("hf:owner/name@")]
    [InlineData("hf:owner/name@a@b")]
    [InlineData("hf:owner/name@refs/pr/1")]
    [InlineData("hf:owner/name?x=1")]
    [InlineData("hf:owner/na me")]
    public void What_is_no_reference_is_refused(string text) => Assert.False(HubReference.TryParse(text, out _));

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("172.31.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    public void Private_and_special_addresses_are_told_from_public_ones(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Contain(IPAddress.Parse(address)));

    private Task<StoredModel> PullAsync() => PullAsync(token: null);

    private Task<StoredModel> PullAsync(
        string? token = null, string name = "name", IProgress<long>? bytesRead = null, CancellationToken cancellationToken = default)
    {
        var pull = new ModelPull(new ModelStore(_folder.Path, TimeProvider.System), new HubOptions { BaseAddress = _hub.Address, Token = token });
        return pull.RunAsync(new HubReference("owner", name, "main"), new ModelImport("tiny", null, null, null), Nobody, bytesRead ?? Nobody, cancellationToken);
    }

    private FileInfo Part() => new(Directory.EnumerateFiles(_folder.Path, "*.part", SearchOption.AllDirectories).Single());

    private sealed class CancelAfterFirstRead(CancellationTokenSource cancel) : IProgress<long>
    {
        public void Report(long value) => cancel.Cancel();
    }
}
