using System.Text;
using CsCheck;
using Platform.Encoders.Tests.Fakes;
using Platform.Encoders.Weights;

namespace Platform.Encoders.Tests.Weights;

public sealed class HostileSafetensorsTests
{
    private const string A = """{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    public static TheoryData<string, byte[], string> HostileFiles => new()
    {
        { "empty", [], "has 0 bytes" },
        { "shorter than its length field", [2, 0, 0], "has 3 bytes" },
        { "zero header", RawSafetensors.Of(0, "{}"u8, 0), "states a header of 0 bytes" },
        { "header longer than the limit", RawSafetensors.Of(100_000_001, "{}"u8, 8), "states a header of 100000001 bytes; the limit is 100000000" },
        { "header of 2^64-1", RawSafetensors.Of(ulong.MaxValue, "{}"u8, 8), "states a header of 18446744073709551615 bytes" },
        { "header of 2^63", RawSafetensors.Of(1UL << 63, "{}"u8, 8), "states a header of 9223372036854775808 bytes" },
        { "header beyond the file", RawSafetensors.Of(50_000_000, "{}"u8, 8), "it must be 2 to the 10 that follow" },
        { "a zip of pickles", [.. "PK\u0003\u0004"u8, 0, 0, 8, 8, 0, 0, 1], "states a header of" },
        { "a pointer of Git LFS", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"), "is a Git LFS pointer" },
        { "header begins with a space", RawSafetensors.Of(""" {"a":1}""", 0), "begins with byte 0x20" },
        { "header is a list", RawSafetensors.Of("[1]", 0), "begins with byte 0x5b" },
        { "header is cut", RawSafetensors.Of($$"""{"a":{{A}}""", 8), "no sound JSON" },
        { "header has a comment", RawSafetensors.Of($$"""{/* a */"a":{{A}}}""", 8), "no sound JSON" },
        { "header goes on after its end", RawSafetensors.Of($$"""{"a":{{A}}}{}""", 8), "no sound JSON" },
        { "text that is no UTF-8", RawSafetensors.Of(7, [.. "{\""u8, 0xff, 0xfe, .. "\":1"u8], 8), "no sound JSON" },
        { "half a surrogate pair", RawSafetensors.Of("""{"\ud800":1}""", 0), "no sound JSON" },
        { "deep nesting", RawSafetensors.Of($$"""{"a":{{new string('[', 100_000)}}""", 8), "StartObject was due" },
        { "deep nesting in a shape", RawSafetensors.Of($$"""{"a":{"dtype":"F32","shape":{{new string('[', 100_000)}}""", 8), "no sound JSON" },
        { "tensor is a number", RawSafetensors.Of("""{"a":1}""", 0), "holds Number where StartObject was due" },
        { "same tensor twice", RawSafetensors.Of($$"""{"a":{{A}},"a":{{A}}}""", 8), "occurs twice" },
        { "same field twice", RawSafetensors.Of("""{"a":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,8]}}""", 8), "dtype occurs twice" },
        { "metadata twice", RawSafetensors.Of("""{"__metadata__":{},"__metadata__":{}}""", 0), "occurs twice" },
        { "a key of metadata twice", RawSafetensors.Of("""{"__metadata__":{"k":"1","k":"2"}}""", 0), "key 'k' occurs twice" },
        { "metadata that is no text", RawSafetensors.Of("""{"__metadata__":{"k":1}}""", 0), "holds Number where String was due" },
        { "unknown field", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"run":"x"}}""", 8), "field 'run' is unknown" },
        { "missing field", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2]}}""", 8), "lacks one of" },
        { "null field", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":null,"data_offsets":[0,8]}}""", 8), "holds Null where StartArray was due" },
        { "dtype F64", RawSafetensors.Of("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8), "dtype is 'F64'; F32, F16 and BF16 are read" },
        { "dtype in small letters", RawSafetensors.Of("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8), "dtype is 'f32'" },
        { "one offset", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8), "data_offsets has 1 numbers" },
        { "three offsets", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", 8), "data_offsets has more than 2 numbers" },
        { "negative offset", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8), "data_offsets holds something other than whole numbers" },
        { "fractional offset", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8.0]}}""", 8), "data_offsets holds something other than whole numbers" },
        { "offset with an exponent", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8e0]}}""", 8), "data_offsets holds something other than whole numbers" },
        { "offset beyond 64 bits", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551624]}}""", 8), "data_offsets holds something other than whole numbers" },
        { "falling offsets", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8), "data_offsets are 8 and 0" },
        { "offsets beyond the file", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 8), "within the 8 bytes of data" },
        { "offset that overflows with the start", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", 8), "within the 8 bytes of data" },
        { "negative dimension", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8), "shape holds something other than whole numbers" },
        { "shape that overflows to the right size", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,0]}}""", 0), "more bytes than a 64-bit number counts" },
        { "shape of too many dimensions", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8), "shape has more than 8 numbers" },
        { "shape larger than its bytes", RawSafetensors.Of("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8), "needs 12 bytes, but data_offsets span 8" },
        { "overlapping tensors", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 2, 0)},{RawSafetensors.Entry("b", 2, 4)}}}", 12), "overlaps the tensor before it" },
        { "two tensors in one place", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 2, 0)},{RawSafetensors.Entry("b", 2, 0)}}}", 8), "overlaps the tensor before it" },
        { "a gap between tensors", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 1, 0)},{RawSafetensors.Entry("b", 1, 8)}}}", 12), "leaves a gap before it" },
        { "a gap at the start", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 1, 4)}}}", 8), "leaves a gap before it" },
        { "data that belong to no tensor", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 1, 0)}}}", 8), "its tensors are only the first 4" },
        { "data cut off", RawSafetensors.Of($"{{{RawSafetensors.Entry("a", 2, 0)}}}", 7), "a shorter file was cut off" },
        { "a name without letters", RawSafetensors.Of($"{{{RawSafetensors.Entry("", 2, 0)}}}", 8), "its name has 0 characters" },
        { "a name with a line break", RawSafetensors.Of($"{{{RawSafetensors.Entry("a\nERROR b", 2, 0)}}}", 8), "none a control character" },
        { "an endless name", RawSafetensors.Of($"{{{RawSafetensors.Entry(new string('n', 1_000_000), 2, 0)}}}", 8), "its name has 1000000 characters" },
    };

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void A_hostile_file_is_refused_with_its_path_and_its_fault(string what, byte[] content, string fault)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(Checkpoint.SingleFile, content);

        var refusal = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(path, refusal.Path);
        Assert.StartsWith($"'{path}'", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length, 1, 600 + path.Length);
        Assert.True(refusal.Message.All(c => !char.IsControl(c)), $"{what}: a control character reached the message.");
    }

    [Fact]
    public void Every_truncation_of_a_sound_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = RawSafetensors.Vectors(("a", 3), ("b", 2));
        for (int length = 0; length < sound.Length; length++)
        {
            folder.Write(Checkpoint.SingleFile, sound.AsSpan(0, length));

            Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));
        }
    }

    [Fact]
    public void A_file_with_flipped_bits_is_refused_or_still_covers_its_data_exactly()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = RawSafetensors.Vectors(("alpha", 3), ("beta", 2), ("gamma", 1));
        int headerBits = 8 * (sound.Length - 24);
        for (int bit = 0; bit < headerBits; bit++)
        {
            byte[] flipped = [.. sound];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string path = folder.Write(Checkpoint.SingleFile, flipped);
            AssertRefusedOrSound(path);
        }
    }

    [Fact]
    public void Random_damage_ends_in_a_refusal_or_in_a_sound_reading()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = RawSafetensors.Vectors(("alpha", 3), ("beta", 2), ("gamma", 1));
        Gen<(int, byte)[]> damage = Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 6];
        damage.Sample(
            places =>
            {
                byte[] damaged = [.. sound];
                foreach ((int at, byte value) in places)
                {
                    damaged[at] = value;
                }

                AssertRefusedOrSound(folder.Write(Checkpoint.SingleFile, damaged));
            },
            iter: 3000,
            threads: 1);
    }

    private static void AssertRefusedOrSound(string path)
    {
        try
        {
            Checkpoint opened = Checkpoint.Open(Path.GetDirectoryName(path)!);
            long bytes = opened.Tensors.Values.Sum(tensor => tensor.ByteLength);
            long first = opened.Tensors.Values.Min(tensor => tensor.FileOffset);
            Assert.Equal(new FileInfo(path).Length, first + bytes);
            Assert.All(opened.Tensors.Values, tensor => tensor.Read(new byte[tensor.ByteLength]));
        }
        catch (CheckpointException refusal)
        {
            Assert.Equal(path, refusal.Path);
        }
    }
}
