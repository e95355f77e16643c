using System.Text;
using System.Text.Json;
using Platform.Abstractions.Records;
using Platform.Encoders.Text;
using Platform.Silo.Grains;

namespace Platform.Silo.Tests.Grains;

public sealed class HighlighterTests : IDisposable
{
    private readonly LexicalAnalyzer _analyzer = new();

    [Fact]
    public void Words_are_marked_by_the_terms_that_they_count_as_and_pieces_have_the_most_different_ones()
    {
        string filler = string.Concat(Enumerable.Repeat("nothing of interest here ", 20));
        string text = $"{filler}Wings only. {filler}The wing's heating transfers heat to wings. {filler}Transferring.";
        Highlight[] pieces = Of(new { title = "Heat", text }, ["wing", "heat", "transfer"], areWords: true, new HighlightWanted(2, 80));
        Assert.Equal(["title", "text", "text"], pieces.Select(piece => piece.Field));
        Assert.Equal(["Heat"], Marked(pieces[0]));
        Assert.Equal(["Wings"], Marked(pieces[1]));
        Assert.Equal(["wing's", "heating", "transfers", "heat", "wings"], Marked(pieces[2]));
        Assert.All(pieces, piece => Assert.True(piece.Text.Length <= 90 && text.Contains(piece.Text, StringComparison.Ordinal) || piece.Field == "title"));
        Assert.All(pieces[1..], piece => Assert.False(piece.Text.StartsWith(' ') || piece.Text.EndsWith(' ')));
    }

    [Fact]
    public void Words_are_marked_that_begin_with_a_model_s_term()
    {
        Highlight piece = Assert.Single(Of(new { text = "The Windows of wind tunnels 😀" }, ["Ġwind", "▁tunnel", "##s"], areWords: false, new HighlightWanted(3, 200)));
        Assert.Equal(["Windows", "wind", "tunnels"], Marked(piece));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":"","title":null,"fields":{"text":"wing"}}""")]
    [InlineData("""{"text":"no such word"}""")]
    public void A_document_without_a_matched_word_has_no_pieces(string stored) =>
        Assert.Empty(Highlighter.Of(Encoding.UTF8.GetBytes(stored), [new TermMatch("wing", 1, 1)], areWords: true, new HighlightWanted(2, 100), _analyzer));

    public void Dispose() => _analyzer.Dispose();

    private static IEnumerable<string> Marked(Highlight piece) => piece.Marks.Chunk(2).Select(mark => piece.Text.Substring(mark[0], mark[1]));

    private Highlight[] Of(object document, string[] terms, bool areWords, HighlightWanted wanted) => Highlighter.Of(
        JsonSerializer.SerializeToUtf8Bytes(document), [.. terms.Select(term => new TermMatch(term, 1, 1))], areWords, wanted, _analyzer);
}
