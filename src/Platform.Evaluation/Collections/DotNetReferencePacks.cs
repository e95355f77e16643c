using System.Runtime.InteropServices;

namespace Platform.Evaluation.Collections;

/// <summary>Finds the XML documentation that an SDK carries: <c>packs/*.Ref/VERSION/ref/FRAMEWORK/*.xml</c>.</summary>
internal static class DotNetReferencePacks
{
    private const string RootVariable = "DOTNET_ROOT";

    /// <summary>Other packs repeat its members, so that it goes first.</summary>
    private const string MainPack = "Microsoft.NETCore.App.Ref";

    /// <summary>Returns the files, newest version first, so that the first file with a member has its newest text.</summary>
    /// <param name="dotnetRoot">The folder to take; null looks where an SDK usually is.</param>
    public static IReadOnlyList<string> Find(string? dotnetRoot)
    {
        List<string> looked = [];
        foreach (string root in dotnetRoot is null ? Candidates() : [dotnetRoot])
        {
            string packs = Path.Combine(root, "packs");
            looked.Add(packs);
            if (Directory.Exists(packs) && FilesOf(packs) is { Count: > 0 } files)
            {
                return files;
            }
        }

        throw CollectionFormatException.Of(string.Join("', '", looked), "no *.Ref/VERSION/ref/FRAMEWORK/*.xml",
            "the reference documentation of a .NET SDK",
            $"Install an SDK (a runtime alone has no documentation), or set {RootVariable} to the folder of one.");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } named)
        {
            yield return named;
        }

        // ROOT/shared/Microsoft.NETCore.App/VERSION/
        string runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        if (Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) is string root && Directory.Exists(root))
        {
            yield return root;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            FileInfo host = new(Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
            if (host.Exists && Path.GetDirectoryName(host.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? host.FullName)
                is string target)
            {
                yield return target;
            }
        }
    }

    private static List<string> FilesOf(string packs)
    {
        var versions =
            from pack in Directory.GetDirectories(packs, "*.Ref")
            from version in Directory.GetDirectories(pack)
            orderby NumberOf(version) descending,
                Path.GetFileName(version).Contains('-', StringComparison.Ordinal), // a preview after its release
                MainPack.Equals(Path.GetFileName(pack), StringComparison.Ordinal) descending,
                version
            select Path.Combine(version, "ref");
        return
        [
            .. versions.Where(Directory.Exists).SelectMany(folder => Directory
                .GetFiles(folder, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)),
        ];
    }

    private static Version NumberOf(string versionFolder) =>
        Version.TryParse(Path.GetFileName(versionFolder).Split('-')[0], out Version? version) ? version : new();
}
