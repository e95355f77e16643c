using System.Runtime.InteropServices;

namespace Platform.Encoders.Native;

/// <summary>Finds and loads libtorch and the library that binds it, before TorchSharp looks for them.</summary>
/// <remarks>
/// A library loaded by its path also answers later requests by its name, so TorchSharp's own search finds these. Nothing is written but,
/// for a moment, a private copy of the binding where <see cref="LoadBinding"/> must weaken it.
/// </remarks>
internal static class TorchLibraries
{
    /// <summary>Names the libraries of a program that was built but not published, one path a line.</summary>
    public const string PointerFile = "torch-native.txt";

    /// <summary>Referenced by everything that newer compilers build with &lt;iostream&gt;, and never called.</summary>
    public const string UncalledSymbol = "_ZSt21ios_base_library_initv";

    private const string Binding = "libLibTorchSharp.so";
    private static readonly string[] InOrder = ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so", Binding];

    /// <summary>Loads the libraries. On other systems than Linux on x64 TorchSharp's own search must do.</summary>
    /// <param name="baseDirectory">The program's folder.</param>
    /// <exception cref="DllNotFoundException">One is missing, or does not fit this system.</exception>
    public static void Load(string baseDirectory)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        Dictionary<string, string> paths = Locate(baseDirectory);
        foreach (string name in InOrder)
        {
            if (!paths.TryGetValue(name, out string? path) || !File.Exists(path))
            {
                if (name == InOrder[0])
                {
                    continue;                                  // CUDA builds carry another one, beside libtorch, which finds it itself
                }

                throw new DllNotFoundException(
                    $"{name} is neither below '{baseDirectory}' nor where its {PointerFile} says ('{path}'). Run 'dotnet publish', which copies it, or 'dotnet restore' where the program was built.");
            }

            if (name == Binding)
            {
                LoadBinding(path);
            }
            else
            {
                NativeLibrary.Load(path);
            }
        }
    }

    /// <summary>Loads TorchSharp's binding; where libstdc++ is too old for it, a copy that does not insist on the version it never uses.</summary>
    /// <returns>Whether a copy was needed.</returns>
    /// <exception cref="DllNotFoundException">Even the copy can't be loaded here.</exception>
    internal static bool LoadBinding(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return false;
        }
        catch (DllNotFoundException e) when (e.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            LoadCopy(path, e);
            return true;
        }
    }

    private static void LoadCopy(string path, DllNotFoundException original)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-torch-");     // only its owner may enter
        try
        {
            string copy = Path.Combine(folder.FullName, Binding);
            using (var file = new FileStream(copy, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(new ElfLibrary(File.ReadAllBytes(path)).WithWeak(UncalledSymbol));
            }

            NativeLibrary.Load(copy);
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"{Binding} needs a newer libstdc++ than this system's, and a copy that needs less can't be loaded either: {e.Message} "
                + $"Install the libstdc++ of GCC 13 or newer (Debian 13, Ubuntu 24.04), or, where '{folder.Parent}' forbids running code, set TMPDIR to a folder that allows it. First fault: {original.Message}",
                e);
        }
        finally
        {
            folder.Delete(recursive: true);                    // the mapping stays
        }
    }

    private static Dictionary<string, string> Locate(string baseDirectory)
    {
        string pointer = Path.Combine(baseDirectory, PointerFile);
        Dictionary<string, string> paths = File.Exists(pointer)
            ? File.ReadLines(pointer).Where(line => line.Length > 0).ToDictionary(path => Path.GetFileName(path))
            : [];
        foreach (string name in InOrder)
        {
            string[] beside = [Path.Combine(baseDirectory, "runtimes", "linux-x64", "native", name), Path.Combine(baseDirectory, name)];
            if (Array.Find(beside, File.Exists) is string found)
            {
                paths[name] = found;
            }
        }

        return paths;
    }
}
