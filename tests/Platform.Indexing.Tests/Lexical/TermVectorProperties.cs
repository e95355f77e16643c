using System.Text;
using CsCheck;
using Platform.Indexing.Lexical;

namespace Platform.Indexing.Tests.Lexical;

public sealed class TermVectorProperties
{
    private static readonly Gen<string> Terms =
        Gen.OneOf(Gen.OneOf("a", "b", "ab", "é", "😀", "\uE000", ""), Gen.Char.AlphaNumeric.Array[0, 300].Select(c => new string(c)));

    [Fact]
    public void A_packed_vector_unpacks_to_the_distinct_terms_by_utf8_bytes_with_their_counts() => Terms.Array[0, 30].Sample(terms =>
    {
        (string, int)[] expected = [.. terms
            .GroupBy(term => term, StringComparer.Ordinal)
            .OrderBy(group => Convert.ToHexString(Encoding.UTF8.GetBytes(group.Key)), StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count()))];
        byte[] packed = TermVector.Pack(terms);
        Assert.Equal(expected, TermVector.Unpack(packed));
        Assert.Equal(terms.Length, new TermVectorReader(packed).TotalLength);
    });

    [Fact]
    public void The_order_of_the_terms_does_not_show_in_the_bytes() =>
        Terms.Array[0, 10].SelectMany(terms => Gen.Select(Gen.Const(terms), Gen.Shuffle(terms))).Sample((terms, shuffled) =>
            Assert.Equal(TermVector.Pack(terms), TermVector.Pack(shuffled)));

    [Fact]
    public void Every_truncation_of_a_packed_vector_is_refused() => Terms.Array[0, 10].Sample(terms =>
    {
        byte[] packed = TermVector.Pack(terms);
        for (int length = 0; length < packed.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => TermVector.Unpack(packed.AsSpan(0, length)));
        }
    });

    [Fact]
    public void Bytes_behind_the_last_term_are_refused() => Gen.Select(Terms.Array[0, 10], Gen.Byte.Array[1, 5]).Sample((terms, more) =>
    {
        byte[] packed = [.. TermVector.Pack(terms), .. more];
        Assert.Throws<InvalidDataException>(() => TermVector.Unpack(packed));
    });

    [Fact]
    public void Any_bytes_unpack_to_an_ordered_vector_whose_counts_add_up_or_are_refused() =>
        Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte[0, 3].Array[0, 12], Damaged).Sample(bytes =>
        {
            try
            {
                IReadOnlyList<(string Term, int Count)> terms = TermVector.Unpack(bytes);
                Assert.All(terms, term => Assert.True(term.Count > 0));
                Assert.Equal(terms.Sum(term => (long)term.Count), new TermVectorReader(bytes).TotalLength);
                Assert.Equal(terms.Count, terms.Select(term => term.Term).Distinct(StringComparer.Ordinal).Count());
            }
            catch (InvalidDataException)
            {
                // refused with its own type: what the property allows
            }
        }, iter: 20_000);

    [Theory]
    [InlineData("FFFFFFFF07FFFFFFFF07")]                         // 2^31 - 1 terms
    [InlineData("FFFFFFFF0F00")]                                 // -1 terms
    [InlineData("0101FFFFFFFF0761")]                             // a term of 2 GiB
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]               // a number without an end
    [InlineData("010101610100")]                                 // one byte too many
    [InlineData("01016100")]                                     // a length that is not there
    [InlineData("0100016100")]                                   // a count of 0
    [InlineData("0202016201016101")]                             // b before a
    [InlineData("0202016101016101")]                             // a twice
    [InlineData("0105016101")]                                   // counts that do not add up to 5
    [InlineData("010101FF01")]                                   // no UTF-8
    public void Hostile_lengths_counts_and_orders_are_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => TermVector.Unpack(Convert.FromHexString(hex)));

    [Fact]
    public void A_packed_vector_has_the_bytes_that_the_format_says() =>
        Assert.Equal("0203" + "016102" + "02C3A901", Convert.ToHexString(TermVector.Pack(["a", "é", "a"])));

    private static Gen<byte[]> Damaged => Gen.Select(Terms.Array[0, 6], Gen.Int[0, 63], Gen.Byte).Select((terms, at, value) =>
    {
        byte[] packed = TermVector.Pack(terms);
        packed[at % packed.Length] = value;
        return packed;
    });
}
