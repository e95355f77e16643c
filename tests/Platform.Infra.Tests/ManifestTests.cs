using System.Reflection;
using k8s.Models;
using Platform.Gateway.Hosting;
using Platform.Silo.Hosting;
using Platform.Silo.Telemetry;

namespace Platform.Infra.Tests;

public sealed class ManifestTests
{
    private static readonly string[] SecretWords = ["password", "accountkey", "sharedaccesskey"];

    public static TheoryData<string> Overlays => ["local", "small", "large"];

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task An_overlay_builds_and_runs_every_role_of_the_platform(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);

        Assert.Equal(
            Role.All.Order(StringComparer.Ordinal),
            manifests.Silos.Select(silo => silo.Spec.Template.Spec.Containers.Single().Args[2]).Order(StringComparer.Ordinal));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task Every_setting_of_a_silo_is_an_option_that_the_platform_has(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);
        IEnumerable<string> settings = manifests.Settings.Keys
            .Concat(manifests.Silos.SelectMany(silo => silo.Spec.Template.Spec.Containers.Single().Env.Select(variable => variable.Name)))
            .Where(name => name.StartsWith("PLATFORM_", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);

        Assert.Empty(settings.Except(KnownSettings()));
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task Every_pod_is_restricted_and_says_what_it_needs(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);

        Assert.All(manifests.Deployments, deployment =>
        {
            V1PodSpec pod = deployment.Spec.Template.Spec;
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            V1Container container = Assert.Single(pod.Containers);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Requests.ContainsKey("memory") && container.Resources.Requests.ContainsKey("cpu"));
            Assert.True(container.Resources.Limits.ContainsKey("memory"));
            Assert.All(container.VolumeMounts ?? [], mount => Assert.Contains(pod.Volumes, volume => volume.Name == mount.Name));
        });
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task A_silo_is_probed_where_it_answers_and_has_time_to_drain(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);

        Assert.All(manifests.Silos, silo =>
        {
            V1PodSpec pod = silo.Spec.Template.Spec;
            V1Container container = pod.Containers.Single();
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.True(pod.TerminationGracePeriodSeconds > new ClusterOptions().DrainTimeout.TotalSeconds);
            Assert.Equal(manifests.Settings["PLATFORM_Cluster__ClusterId"], silo.Spec.Template.Metadata.Labels["orleans/clusterId"]);
        });
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task Every_name_that_one_document_uses_of_another_is_there(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);
        HashSet<string> labels = [.. manifests.Deployments.SelectMany(deployment => deployment.Spec.Template.Metadata.Labels.Select(Pair))];
        HashSet<string> deployments = [.. manifests.Deployments.Select(deployment => deployment.Name())];

        Assert.All(manifests.Documents.OfType<V1Service>(), service => Assert.All(service.Spec.Selector.Select(Pair), label => Assert.Contains(label, labels)));
        Assert.All(manifests.Documents.OfType<V1PodDisruptionBudget>(), budget => Assert.All(budget.Spec.Selector.MatchLabels.Select(Pair), label => Assert.Contains(label, labels)));
        Assert.All(manifests.Documents.OfType<V2HorizontalPodAutoscaler>(), scaler => Assert.Contains(scaler.Spec.ScaleTargetRef.Name, deployments));
        Assert.All(manifests.Deployments.SelectMany(deployment => deployment.Spec.Template.Spec.Volumes ?? []), volume =>
        {
            Assert.True(volume.PersistentVolumeClaim is null
                || manifests.Documents.OfType<V1PersistentVolumeClaim>().Any(claim => claim.Name() == volume.PersistentVolumeClaim.ClaimName));
            Assert.True(volume.ConfigMap is null || manifests.Documents.OfType<V1ConfigMap>().Any(map => map.Name() == volume.ConfigMap.Name));
        });
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task No_manifest_holds_a_secret(string overlay)
    {
        Manifests manifests = await Manifests.BuildAsync(overlay);

        Assert.Empty(manifests.Documents.OfType<V1Secret>());
        Assert.DoesNotContain(manifests.Settings, setting => SecretWords.Any(word => setting.Value.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    private static string Pair(KeyValuePair<string, string> label) => $"{label.Key}={label.Value}";

    /// <summary>Every option of the sections that a process reads, as a variable.</summary>
    private static HashSet<string> KnownSettings() =>
    [
        .. Section(ClusterOptions.Section, typeof(ClusterOptions)),
        .. Section(StorageOptions.Section, typeof(StorageOptions)),
        .. Section(SecurityOptions.Section, typeof(SecurityOptions)),
        .. Section(EncoderOptions.Section, typeof(EncoderOptions)),
        .. Section(TelemetryOptions.Section, typeof(TelemetryOptions)),
        .. Section(GatewayOptions.Section, typeof(GatewayOptions)),
    ];

    private static IEnumerable<string> Section(string section, Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Select(property => $"PLATFORM_{section}__{property.Name}");
}
