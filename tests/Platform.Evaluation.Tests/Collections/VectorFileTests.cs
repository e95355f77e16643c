using Platform.Evaluation.Collections;

namespace Platform.Evaluation.Tests.Collections;

public sealed class VectorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Name => Path.Combine(_folder.Path, "vectors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_id_has_the_row_of_its_line()
    {
        Write("a\nb\n\u00e9\n", [1, -2, 0.5f, 4, 5, 6]);
        using VectorFile vectors = VectorFile.Open(Name);
        Assert.Equal((2, 3), (vectors.Dimensions, vectors.Count));
        Assert.Equal([1f, -2f], vectors.Find("a")!);
        Assert.Equal([5f, 6f], vectors.Find("\u00e9")!);
        Assert.Null(vectors.Find("absent"));
    }

    [Theory]
    [InlineData("a\nb\n", 3, "12 bytes for 2 ids")]
    [InlineData("", 2, "8 bytes for 0 ids")]
    [InlineData("a\n", 0, "0 bytes for 1 ids")]
    [InlineData("a\nb\na\n", 3, "line 3: found the id 'a' once more")]
    public void Files_that_do_not_belong_together_are_refused(string ids, int floats, string message)
    {
        Write(ids, new float[floats]);
        var fault = Assert.Throws<CollectionFormatException>(() => VectorFile.Open(Name));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.WriteAllText(Name + ".ids", "a\n");
        Assert.Contains("vectors.f32", Assert.Throws<CollectionFormatException>(() => VectorFile.Open(Name)).Message, StringComparison.Ordinal);
    }

    private void Write(string ids, float[] values)
    {
        File.WriteAllText(Name + ".ids", ids);
        File.WriteAllBytes(Name + ".f32", [.. values.SelectMany(BitConverter.GetBytes)]);
    }
}
