using Platform.Testing;

namespace Platform.Architecture.Tests;

public sealed class Files
{
    private const int LongestFile = 400;
    private const int LongestReadme = 40;

    private static readonly string[] NamesOfNothing = ["Common", "Core", "Util", "Utils", "Helper", "Helpers", "Manager", "Managers"];

    private static readonly string[] RootEntries =
    [
        ".ci", ".editorconfig", ".git", ".gitattributes", ".github", ".gitignore", "Directory.Build.props", "Directory.Packages.props", "Platform.sln",
        "README.md", "azure.yaml", "global.json", "infra", "src", "tests",
    ];

    public static TheoryData<string> EveryRoom => [.. Rooms.Names];

    [Fact]
    public void No_source_file_has_more_than_400_lines() => Assert.Empty(Rooms.Files(".cs")
        .Select(path => (Path: Rooms.Relative(path), Lines: File.ReadLines(path).Count()))
        .Where(file => file.Lines > LongestFile)
        .Select(file => $"{file.Path}: {file.Lines} lines"));

    [Fact]
    public void No_file_or_folder_has_a_name_that_says_nothing() => Assert.DoesNotContain(
        Rooms.Files("").Select(Rooms.Relative),
        path => path.Split('/', '.').Any(part => NamesOfNothing.Any(name => part.EndsWith(name, StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(EveryRoom))]
    public void A_room_opens_with_a_readme_of_at_most_40_lines(string room)
    {
        string readme = Path.Combine(Rooms.Source, $"Platform.{room}", "README.md");
        Assert.True(File.Exists(readme), $"{Rooms.Relative(readme)} is missing.");
        Assert.InRange(File.ReadLines(readme).Count(), 3, LongestReadme);
    }

    [Fact]
    public void The_root_holds_what_the_design_names_and_no_plans_or_patches()
    {
        IEnumerable<string> ignored = File.ReadLines(Path.Combine(Repository.Root, ".gitignore")).Select(line => line.Trim('/', ' '));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)).Except(RootEntries).Except(ignored));
    }

    [Fact]
    public void Every_stored_structure_of_the_shards_is_in_their_format_page()
    {
        string page = File.ReadAllText(Path.Combine(Rooms.Source, "Platform.Indexing", "Shards", "FORMAT.md"));
        Assert.All((string[])["PSEG", "PLOG", "PDEL", "POPS", "manifest"], word => Assert.Contains(word, page, StringComparison.Ordinal));
    }
}
