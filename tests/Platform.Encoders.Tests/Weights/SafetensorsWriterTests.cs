using System.Runtime.InteropServices;
using CsCheck;
using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Tests.Weights;

public sealed class SafetensorsWriterTests
{
    private static readonly Gen<(string Name, ElementType Type, long[] Shape, int Seed)[]> Drawings = Gen.Select(
        Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Int[0, 4].Select(i => ".\"\\é€"[i])), 1, 12], Gen.Enum<ElementType>(), Gen.Long[0, 5].Array[0, 4], Gen.Int)
        .Array[0, 6]
        .Select(drawn => drawn.DistinctBy(tensor => tensor.Item1).ToArray());

    [Fact]
    public async Task What_is_written_is_read_back_aligned_and_the_same_in_any_order()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf(Checkpoint.SingleFile);
        await Drawings.SampleAsync(
            async drawn =>
            {
                await SafetensorsWriter.WriteAsync(path, [.. drawn.Select(ContentOf)], new Dictionary<string, string> { ["format"] = "pt" }, CancellationToken.None);
                byte[] bytes = await File.ReadAllBytesAsync(path);
                Checkpoint checkpoint = Checkpoint.Open(folder.Path);
                Assert.Equal(drawn.Length, checkpoint.Tensors.Count);
                foreach ((string name, ElementType type, long[] shape, int seed) in drawn)
                {
                    TensorEntry entry = checkpoint.Tensors[name];
                    Assert.Equal(type, entry.ElementType);
                    Assert.Equal(shape, entry.Shape);
                    Assert.Equal(0, entry.FileOffset % type.SizeOf());
                    byte[] content = new byte[entry.ByteLength];
                    entry.Read(content);
                    Assert.Equal(BytesOf(type, shape, seed), content);
                }

                await SafetensorsWriter.WriteAsync(path, [.. drawn.Reverse().Select(ContentOf)], new Dictionary<string, string> { ["format"] = "pt" }, CancellationToken.None);
                Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Floats_are_written_as_they_are()
    {
        using var folder = new TemporaryFolder();
        await SafetensorsWriter.WriteAsync(folder.PathOf(Checkpoint.SingleFile), [TensorContent.Of("w", [2, 2], [1, -2, float.Epsilon, 4])], null, CancellationToken.None);

        byte[] content = new byte[16];
        Checkpoint.Open(folder.Path).Tensors["w"].Read(content);

        Assert.Equal([1, -2, float.Epsilon, 4], MemoryMarshal.Cast<byte, float>(content).ToArray());
    }

    [Fact]
    public async Task A_writer_that_fails_leaves_what_was_there_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(Checkpoint.SingleFile, RawSafetensors.Vectors(("old", 3)));
        TensorContent sound = TensorContent.Of("a", [1], [1]);
        TensorContent failing = new() { Name = "b", ElementType = ElementType.F32, Shape = [1], WriteAsync = (_, _) => throw new IOException("disk full") };

        await Assert.ThrowsAsync<IOException>(() => SafetensorsWriter.WriteAsync(path, [sound, failing], null, CancellationToken.None));
        await Assert.ThrowsAsync<CheckpointException>(() => SafetensorsWriter.WriteAsync(path, [TensorContent.Of("short", [2], [1])], null, CancellationToken.None));
        await Assert.ThrowsAsync<CheckpointException>(() => SafetensorsWriter.WriteAsync(path, [sound, sound], null, CancellationToken.None));
        await Assert.ThrowsAsync<CheckpointException>(() => SafetensorsWriter.WriteAsync(path, [TensorContent.Of("", [1], [1])], null, CancellationToken.None));

        Assert.Equal(["old"], Checkpoint.Open(folder.Path).Tensors.Keys);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static TensorContent ContentOf((string Name, ElementType Type, long[] Shape, int Seed) tensor) => new()
    {
        Name = tensor.Name,
        ElementType = tensor.Type,
        Shape = [.. tensor.Shape],
        WriteAsync = (stream, cancellationToken) => stream.WriteAsync(BytesOf(tensor.Type, tensor.Shape, tensor.Seed), cancellationToken).AsTask(),
    };

    private static byte[] BytesOf(ElementType type, long[] shape, int seed)
    {
        byte[] bytes = new byte[shape.Aggregate((long)type.SizeOf(), (product, dimension) => product * dimension)];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
