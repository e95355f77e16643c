using k8s;
using k8s.Models;
using Platform.Testing;

namespace Platform.Infra.Tests;

/// <summary>An overlay as <c>kubectl kustomize</c> builds it, every document read strictly into the type of its kind.</summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> CustomKinds = new(StringComparer.Ordinal)
    {
        ["secrets-store.csi.x-k8s.io/v1/SecretProviderClass"] = typeof(Dictionary<string, object>),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(Dictionary<string, object>),
    };

    private Manifests(IReadOnlyList<object> documents) => Documents = documents;

    /// <summary>Every document.</summary>
    public IReadOnlyList<object> Documents { get; }

    /// <summary>Why an overlay can't be built here; null if it can.</summary>
    public static string? WhyNot { get; } =
        ToolRun.Find("kubectl") is null ? "kubectl is not here: install kubernetes' command line, 1.27 or newer" : null;

    /// <summary>All Deployments.</summary>
    public IEnumerable<V1Deployment> Deployments => Documents.OfType<V1Deployment>();

    /// <summary>The Deployments whose pods are silos.</summary>
    public IEnumerable<V1Deployment> Silos => Deployments.Where(deployment => deployment.Labels()?.ContainsKey("platform/silo") == true);

    /// <summary>What the silos take from the settings map.</summary>
    public IDictionary<string, string> Settings => Documents.OfType<V1ConfigMap>().Single(map => map.Name().StartsWith("settings", StringComparison.Ordinal)).Data;

    /// <summary>Builds an overlay from a copy of infra/k8s, in which .env is the example.</summary>
    /// <exception cref="InvalidOperationException">kubectl refused it.</exception>
    /// <exception cref="YamlDotNet.Core.YamlException">A field is unknown to its kind, or is there twice.</exception>
    public static async Task<Manifests> BuildAsync(string overlay)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("platform-manifests-");
        try
        {
            string source = Path.Combine(Repository.Root, "infra", "k8s");
            foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(copy.FullName, Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
                if (Path.GetFileName(file) == ".env.example")
                {
                    File.Copy(file, Path.ChangeExtension(target, null), overwrite: true);
                }
            }

            ToolRun run = await ToolRun.StartAsync(ToolRun.Find("kubectl")!, "kustomize", Path.Combine(copy.FullName, "overlays", overlay));
            return run.ExitCode == 0
                ? new Manifests(KubernetesYaml.LoadAllFromString(run.Output, CustomKinds, strict: true))
                : throw new InvalidOperationException(run.Errors);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}

/// <summary>A theory that needs kubectl, and is reported as skipped where it is missing.</summary>
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Manifests.WhyNot;
}
