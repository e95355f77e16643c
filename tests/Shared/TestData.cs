namespace Platform.Testing;

/// <summary>The collections, models and reference outputs that some tests read. They are not part of the repository.</summary>
/// <remarks>Found through <c>PLATFORM_TEST_DATA</c>, else in <c>shared/data</c> beside the repository's folder.</remarks>
internal static class TestData
{
    /// <summary>The folder of the test data, or null where this machine has none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The full path of something below the test data; call it only in a test marked <see cref="TestDataFactAttribute"/>.</summary>
    public static string PathOf(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException("This test needs [TestDataFact] or [TestDataTheory]."), .. parts]);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA");
        string folder = named ?? Path.Combine(Repository.Root, "..", "shared", "data");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}

/// <summary>A fact that needs the test data, and is reported as skipped where they are missing.</summary>
internal sealed class TestDataFactAttribute : FactAttribute
{
    public TestDataFactAttribute() => Skip = TestDataTheoryAttribute.WhyNot();
}

/// <summary>A theory that needs the test data, and is reported as skipped where they are missing.</summary>
internal sealed class TestDataTheoryAttribute : TheoryAttribute
{
    public TestDataTheoryAttribute() => Skip = WhyNot();

    internal static string? WhyNot() =>
        TestData.Root is null ? "the test data are not here: set PLATFORM_TEST_DATA to their folder" : null;
}
