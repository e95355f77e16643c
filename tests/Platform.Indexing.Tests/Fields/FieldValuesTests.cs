using CsCheck;
using Platform.Indexing.Fields;

namespace Platform.Indexing.Tests.Fields;

public sealed class FieldValuesTests
{
    [Fact]
    public void Packed_values_have_the_bytes_that_the_format_says() => Assert.Equal(
        "03" + "0161" + "01" + "02" + "0178" + "02C3A9" + "0162" + "02" + "FEFFFFFFFFFFFFFF" + "017A" + "01" + "01" + "00",
        Convert.ToHexString(FieldValue.Pack([FieldValue.OfKeywords("z", ""), FieldValue.OfScalar("b", -2), FieldValue.OfKeywords("a", "é", "x", "é")])));

    [Fact]
    public void Packed_values_with_a_byte_cut_off_or_added_are_refused() => FilterOracle.Values.Sample(values =>
    {
        byte[] packed = FieldValue.Pack(values);
        FieldValuesReader.Validate(packed);
        for (int length = 1; length < packed.Length; length++)
        {
            int cut = length;
            Assert.Throws<InvalidDataException>(() => FieldValuesReader.Validate(packed.AsSpan(0, cut)));
        }

        if (packed.Length > 0)
        {
            Assert.Throws<InvalidDataException>(() => FieldValuesReader.Validate([.. packed, 0]));
        }
    });

    [Theory]
    [InlineData("01016103")]                                 // a kind that nobody knows
    [InlineData("0101610100")]                               // a field of no words
    [InlineData("01016101020162016 1")]                      // words that descend
    [InlineData("0101610101 01FF")]                          // not UTF-8
    [InlineData("0201610101017801610101 0178")]              // a field that stands twice
    [InlineData("FFFFFFFF0F")]
    public void Values_that_a_column_could_not_keep_are_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => FieldValuesReader.Validate(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void A_field_that_is_packed_twice_is_refused() => Assert.Contains(
        "'a' stands twice", Assert.Throws<ArgumentException>(() => FieldValue.Pack([FieldValue.OfScalar("a", 1), FieldValue.OfKeywords("a", "x")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Filters_that_are_written_alike_match_alike() => Gen.Select(FilterOracle.Filters, FilterOracle.Filters, FilterOracle.Values).Sample((a, b, values) =>
    {
        if (a.Key == b.Key)
        {
            Assert.Equal(FilterOracle.Matches(a, values), FilterOracle.Matches(b, values));
        }
    });
}
