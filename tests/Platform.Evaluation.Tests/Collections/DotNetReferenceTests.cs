using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Tests.Collections;

public sealed class DotNetReferenceTests
{
    private const string Substring = "M:System.String.Substring(System.Int32)";

    private const string Newer = """
        <doc><members>
          <member name="T:N.Map`2"><summary>Maps keys to values, one value each.</summary><typeparam name="TKey">Keys.</typeparam><typeparam name="TValue"/></member>
          <member name="M:N.Map`2.Find``1(`0,System.Func{`1,``0},System.Nullable{System.Int32}[]@)">
            <summary>Finds the value of a key, or fails.</summary><typeparam name="TResult">R.</typeparam>
            <param name="key">The <see cref="T:System.String" /> to find.</param><param name="select" /><param name="found">Out.</param>
            <returns><see langword="true" /> if
              <paramref name="key" /> is there.</returns>
            <exception cref="T:System.ArgumentNullException"><paramref name="key"/> is <see cref="F:N.Map`2.None"/>.</exception>
          </member>
          <member name="M:System.String.Substring(System.Int32)"><summary>New words for this old member.</summary><param name="startIndex">Where.</param></member>
          <member name="M:N.A.Go"><summary>Goes from here to there.</summary></member>
          <member name="M:N.A.Go(System.Int32)"><summary>Goes from here to  there.</summary></member>
          <member name="M:N.A.Stop"><summary>Ends whatever was going on.</summary></member>
          <member name="M:N.B.Stop"><summary>Ends whatever was going on.</summary></member>
          <member name="P:N.A.Name"><summary>Gets the name.</summary></member>
          <member name="F:N.A.Empty" />
        </members></doc>
        """;

    private const string Older = """
        <doc><members>
          <member name="M:System.String.Substring(System.Int32)"><summary>Old words.</summary></member>
          <member name="P:N.Old.Item(System.Int32)"><value>Only here.</value></member>
        </members></doc>
        """;

    [Fact]
    public void A_document_is_a_member_with_its_signature_and_all_but_its_summary()
    {
        using TemporaryFolder folder = Make();

        CollectionDocument document = Open(folder).Documents.Single(document => document.Id.Contains("Find", StringComparison.Ordinal));

        Assert.Equal("N.Map<TKey, TValue>.Find<TResult>(TKey key, Func<TValue, TResult> select, ref int?[] found)", document.Title);
        Assert.Equal(
            "N Map TKey T Key TValue T Value Find TResult T Result\nTResult: R.\nkey: The String to find.\nselect\nfound: Out.\nReturns: true if key is there.\n"
            + "ArgumentNullException: key is Map.None.", document.Text);
    }

    [Fact]
    public void Of_a_member_in_several_versions_the_newest_counts()
    {
        using TemporaryFolder folder = Make();
        DotNetReference reference = Open(folder);

        Assert.Equal("System String Substring\nstartIndex: Where.", Assert.Single(reference.Documents, document => Substring.Equals(document.Id, StringComparison.Ordinal)).Text);
        Assert.Equal("N.Old.Item[int]", reference.Documents.Single(document => document.Id.StartsWith("P:N.Old", StringComparison.Ordinal)).Title);
        Assert.Equal(10, reference.Documents.Count);
        Assert.Equal(8, reference.SummaryCount);
    }

    [Fact]
    public void A_query_is_a_long_enough_summary_and_relevant_are_the_overloads_that_share_it()
    {
        using TemporaryFolder folder = Make();
        DotNetReference reference = Open(folder);
        Qrels qrels = reference.ReadQrels("test");

        Assert.Equal(
            ["Finds the value of a key, or fails.", "Goes from here to there.", "Maps keys to values, one value each.",
             "New words for this old member."],
            reference.Queries.Select(query => query.Text).Order(StringComparer.Ordinal));
        Assert.Equal([new Judgement("M:N.A.Go", 1), new Judgement("M:N.A.Go(System.Int32)", 1)], qrels.JudgementsOf("q-M:N.A.Go"));
    }

    [Fact]
    public void A_smaller_sample_is_the_beginning_of_a_larger_one()
    {
        using TemporaryFolder folder = Make();

        Assert.Equal(Open(folder).Queries.Take(2), DotNetReference.Open(queryCount: 2, folder.Path).Queries);
    }

    [Theory]
    [InlineData("M:System.Uri.#ctor(System.String)", "System.Uri.Uri(string)")]
    [InlineData("M:A.B`1.System#Collections#Generic#IEnumerable{T}#GetEnumerator", "A.B<T0>.IEnumerable<T>.GetEnumerator()")]
    [InlineData("M:A.B.op_Implicit(A.B)~System.Int64", "A.B.operator Implicit(B) : long")]
    [InlineData("M:A.B.C(System.Byte*,System.Int32[0:,0:],delegate*{System.Void})", "A.B.C(byte*, int[,], delegate*<void>)")]
    [InlineData("T:A.B`1.C", "A.B<T0>.C")]
    [InlineData("E:A.B.Changed", "A.B.Changed")]
    public void Signatures_read_as_in_CSharp(string id, string expected) =>
        Assert.Equal(expected, DotNetSignature.Of(new(id, "", [], [], ""), _ => []));

    [Theory]
    [InlineData("System.IO.FileStream.ReadAsync(byte[] buffer)", "System IO FileStream File Stream ReadAsync Read Async")]
    [InlineData("A.XmlReader", "A XmlReader Xml Reader")]
    [InlineData("A.IOPath2D", "A IOPath2D IO Path2 D")]
    [InlineData("A.Item[int index]", "A Item")]
    [InlineData("A._", "A")]
    public void The_words_of_a_name_are_its_identifiers_and_their_parts(string signature, string expected) =>
        Assert.Equal(expected, DotNetWords.OfName(signature));

    [Fact]
    public void A_root_without_documentation_is_refused_with_the_place_that_was_searched()
    {
        using TemporaryFolder folder = new();

        CollectionFormatException exception = Assert.Throws<CollectionFormatException>(() => Open(folder));

        Assert.Contains(Path.Combine(folder.Path, "packs"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("DOTNET_ROOT", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_XML_is_named_with_its_file_and_line()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("packs/X.Ref/1.0.0/ref/net1/x.xml", "<doc>\n<members><member name='T:A'></doc>");

        CollectionFormatException exception = Assert.Throws<CollectionFormatException>(() => Open(folder));

        Assert.Equal((path, 2), (exception.Path, exception.Line));
    }

    [Fact]
    public async Task The_running_SDK_gives_the_same_large_collection_each_time()
    {
        DotNetReference first = DotNetReference.Open();
        DotNetReference second = DotNetReference.Open();
        Qrels qrels = first.ReadQrels(DotNetReference.Split);
        HashSet<string> ids = [.. first.Documents.Select(document => document.Id)];

        Assert.True(ids.Count > 50_000, $"{ids.Count} members");
        Assert.Equal(first.Documents.Count, ids.Count);
        Assert.Equal(first.Documents, second.Documents);
        Assert.Equal(first.Queries, second.Queries);
        Assert.Equal(1000, await first.ReadQueriesAsync().CountAsync());
        Assert.All(first.Queries, query => Assert.All(qrels.JudgementsOf(query.Id), judgement => Assert.Contains(judgement.DocumentId, ids)));
        Assert.All(ids, id => Assert.DoesNotContain(' ', id));
        CollectionDocument substring = first.Documents.Single(document => Substring.Equals(document.Id, StringComparison.Ordinal));
        Assert.Equal("System.String.Substring(int startIndex)", substring.Title);
        Assert.StartsWith("System String Substring\nstartIndex: The zero-based starting character position", substring.Text, StringComparison.Ordinal);
    }

    private static DotNetReference Open(TemporaryFolder folder) => DotNetReference.Open(dotnetRoot: folder.Path);

    private static TemporaryFolder Make()
    {
        TemporaryFolder folder = new();
        folder.Write("packs/X.Ref/9.0.11/ref/net9.0/x.xml", Older);
        folder.Write("packs/X.Ref/10.0.2/ref/net10.0/x.xml", Newer);
        return folder;
    }
}
