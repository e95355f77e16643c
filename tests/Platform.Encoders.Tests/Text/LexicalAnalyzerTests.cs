using Platform.Encoders.Text;

namespace Platform.Encoders.Tests.Text;

public sealed class LexicalAnalyzerTests : IDisposable
{
    private readonly LexicalAnalyzer _analyzer = new();

    [Theory]
    [InlineData("The cats' running; a cat's paws", "cat", "run", "cat", "paw")]
    [InlineData("relational conditional rational", "relat", "condit", "ration")]
    [InlineData("C# 10.0 and .NET", "c", "10.0", "net")]
    [InlineData("anthropology anthropological us", "anthropologi", "anthropolog", "u")]
    [InlineData("Größe  Übung", "größe", "übung")]
    public void A_text_becomes_lower_case_stems_without_stop_words(string text, params string[] terms) =>
        Assert.Equal(terms, _analyzer.Analyze(text));

    [Theory]
    [InlineData("")]
    [InlineData("  \t\n")]
    [InlineData("the of and to ... !?")]
    public void A_text_of_stop_words_and_punctuation_has_no_terms(string text) => Assert.Empty(_analyzer.Analyze(text));

    [Fact]
    public void All_33_stop_words_of_Lucene_are_left_out() => Assert.Empty(_analyzer.Analyze(
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with"));

    [Fact]
    public async Task Analysing_on_many_threads_at_once_gives_the_same_terms()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"Document {i} speaks of indexing, searching and ranking number {i * 7}")];
        IReadOnlyList<string>[] expected = [.. texts.Select(_analyzer.Analyze)];

        IReadOnlyList<string>[] found = await Task.WhenAll(texts.Select(text => Task.Run(() => _analyzer.Analyze(text))));

        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_lone_surrogate_does_not_stop_the_analysis() => Assert.Contains("word", _analyzer.Analyze("\ud800 word \udfff"));

    public void Dispose() => _analyzer.Dispose();
}
