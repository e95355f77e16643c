using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Platform.Encoders.Native;

namespace Platform.Training.Tests;

/// <summary>Makes torch ready before any test touches it; one thread, so that sums have one order.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test project has no Main; every test needs this first.")]
    public static void Start() => TorchRuntime.Start(threads: 1);
}
