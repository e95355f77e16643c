using System.Buffers;
using CsCheck;
using Platform.Indexing.Storage;

namespace Platform.Indexing.Tests.Storage;

public sealed class VarintProperties
{
    [Fact]
    public void A_value_is_read_as_it_was_written_and_the_position_moves_behind_it() => Gen.UInt.Array[0, 20].Sample(values =>
    {
        byte[] bytes = new byte[values.Length * Varint.MaxBytes];
        int length = 0;
        foreach (uint value in values)
        {
            length += Varint.Write(bytes.AsSpan(length), value);
        }

        int position = 0;
        foreach (uint value in values)
        {
            Assert.Equal(value, (uint)Varint.Read(bytes.AsSpan(0, length), ref position));
        }

        Assert.Equal(length, position);
    });

    [Fact]
    public void A_value_takes_one_byte_for_each_begun_seven_bits() => Gen.UInt.Sample(value =>
    {
        int obvious = Math.Max(1, (Convert.ToString(value, 2).TrimStart('0').Length + 6) / 7);
        Assert.Equal(obvious, Varint.Write(new byte[Varint.MaxBytes], value));
    });

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7F")]
    [InlineData(128u, "8001")]
    [InlineData(300u, "AC02")]
    [InlineData(uint.MaxValue, "FFFFFFFF0F")]
    public void The_bytes_are_little_endian_groups_of_seven_bits(uint value, string expected)
    {
        byte[] bytes = new byte[Varint.MaxBytes];
        Assert.Equal(expected, Convert.ToHexString(bytes.AsSpan(0, Varint.Write(bytes, value))));
    }

    [Fact]
    public void A_negative_value_is_not_written() =>
        Assert.Throws<OverflowException>(() => Varint.Write(new ArrayBufferWriter<byte>(), -1));

    [Fact]
    public void Bytes_that_end_inside_a_value_run_into_the_span_bound_and_never_beyond() => Gen.Byte.Array[0, 12].Sample(bytes =>
    {
        byte[] unfinished = [.. bytes.Select(b => (byte)(b | 0x80))];
        Assert.Throws<IndexOutOfRangeException>(() =>
        {
            int position = 0;
            return Varint.Read(unfinished, ref position);
        });
    });
}
