using System.Xml.Linq;
using Platform.Testing;

namespace Platform.Architecture.Tests;

/// <summary>The projects below <c>src</c>, as their files declare them.</summary>
internal static class Rooms
{
    /// <summary>The folder of the rooms.</summary>
    public static string Source { get; } = Path.Combine(Repository.Root, "src");

    /// <summary>Each room's name without <c>Platform.</c>, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories)
        .Where(IsSource)
        .Select(path => Path.GetFileNameWithoutExtension(path)["Platform.".Length..])
        .Order(StringComparer.Ordinal)];

    /// <summary>The rooms that a room's project refers to.</summary>
    public static IReadOnlyList<string> ArrowsOf(string room) => [.. References(room, "ProjectReference")
        .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["Platform.".Length..])
        .Order(StringComparer.Ordinal)];

    /// <summary>The packages that a room's project refers to.</summary>
    public static IReadOnlyList<string> PackagesOf(string room) => [.. References(room, "PackageReference")];

    /// <summary>The files below <c>src</c> that people write, with a suffix.</summary>
    public static IEnumerable<string> Files(string suffix) => Directory
        .EnumerateFiles(Source, "*", SearchOption.AllDirectories)
        .Where(path => IsSource(path) && path.EndsWith(suffix, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>A path as the repository's readers see it.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static IEnumerable<string> References(string room, string kind) =>
        XDocument.Load(Path.Combine(Source, $"Platform.{room}", $"Platform.{room}.csproj"))
            .Descendants(kind)
            .Select(element => (string?)element.Attribute("Include") ?? (string?)element.Attribute("Update") ?? "");

    private static bool IsSource(string path) =>
        !Path.GetRelativePath(Source, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");
}
