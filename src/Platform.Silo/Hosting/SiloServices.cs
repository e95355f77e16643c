using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Platform.Encoders;
using Platform.Encoders.Models;
using Platform.Encoders.Text;
using Platform.Indexing.Shards;
using Platform.Silo.Batching;
using Platform.Silo.Elastic;
using Platform.Silo.Placement;
using Platform.Silo.Security;
using Platform.Silo.Storage;
using Platform.Silo.Telemetry;
using Platform.Silo.Training;

namespace Platform.Silo.Hosting;

/// <summary>Registers the room: options, storage, work pool, encoders, and the silo itself.</summary>
public static class SiloServices
{
    /// <summary>Adds a silo to a host. Its options come from the sections <c>Cluster</c>, <c>Storage</c>, <c>Security</c>, <c>Telemetry</c>, <c>Shard</c>, <c>Elastic</c> and <c>Encoder</c>.</summary>
    public static IHostApplicationBuilder AddPlatformSilo(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        AddOptions<ClusterOptions, ClusterOptionsValidator>(services, ClusterOptions.Section);
        AddOptions<StorageOptions, StorageOptionsValidator>(services, StorageOptions.Section);
        AddOptions<TelemetryOptions, TelemetryOptionsValidator>(services, TelemetryOptions.Section);
        AddOptions<SecurityOptions, SecurityOptionsValidator>(services, SecurityOptions.Section);
        AddOptions<EncoderOptions, EncoderOptionsValidator>(services, EncoderOptions.Section);
        AddOptions<ElasticOptions, ElasticOptionsValidator>(services, ElasticOptions.Section);
        AddOptions<ShardOptions, ShardOptionsValidator>(services, ShardOptionsValidator.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ConfiguredStore.OpenCache);
        services.TryAddSingleton(ConfiguredStore.Open);
        services.AddHostedService<StoreStart>();             // before the silo's own: they start in this order
        AddOptions<TrainingOptions, TrainingOptionsValidator>(services, TrainingOptions.Section);
        services.TryAddSingleton<RunningJobs>();
        services.TryAddSingleton<TrainingRunner>();
        services.AddHostedService<TrainingKeeper>();
        services.TryAddSingleton<WorkPool>();
        services.TryAddSingleton<QueryAdmission>();
        services.TryAddSingleton<FeedBlock>();
        services.TryAddSingleton<LexicalAnalyzer>();
        services.TryAddSingleton<EncoderQueue>();
        services.TryAddSingleton<EncoderDirectory>();
        services.TryAddSingleton<IndexSilos>();
        services.TryAddSingleton<LocalShards>();
        services.TryAddSingleton<ShardCensusClient>();
        services.TryAddSingleton<ClusterShards>();
        services.TryAddSingleton<ShardPicture>();
        services.AddHostedService<ShardBalancer>();
        services.AddHostedService<ShardDrain>();
        services.AddMetrics();
        services.TryAddSingleton<CallMetrics>();
        services.TryAddSingleton<EncoderBatcher>();
        services.TryAddSingleton<ITextEncoderSource>(ModelsOf);
        services.TryAddSingleton<ModelEncoders>();
        services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo");

        ClusterOptions cluster = builder.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
        StorageOptions storage = builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        string device = builder.Configuration.GetSection(EncoderOptions.Section).Get<EncoderOptions>()?.Device ?? new EncoderOptions().Device;
        builder.UseOrleans(silo =>
        {
            Configure(silo, cluster, device);
            silo.AddGrainState(storage);
        });
        return builder;
    }

    private static StoredTextEncoders ModelsOf(IServiceProvider services)
    {
        EncoderOptions options = services.GetRequiredService<IOptions<EncoderOptions>>().Value;
        string directory = options.ModelDirectory ?? Path.Combine(services.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory, "models");
        return new StoredTextEncoders(
            new ModelStore(directory, services.GetRequiredService<TimeProvider>()),
            new LlamaEncoderOptions { Device = options.Device, Threads = options.Threads, Deterministic = options.Deterministic });
    }

    private static void Configure(ISiloBuilder silo, ClusterOptions cluster, string device)
    {
        if (cluster.Membership == "redis")
        {
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = RedisLogin.OptionsOf(cluster));
        }
        else
        {
            silo.UseLocalhostClustering();
        }

        string? advertised = cluster.AdvertisedAddress;
        if (cluster.Hosting == "kubernetes")
        {
            advertised = Environment.GetEnvironmentVariable("POD_IP");
            silo.UseKubernetesHosting();
        }

        IPAddress address = IPAddress.TryParse(advertised, out IPAddress? parsed) ? parsed : IPAddress.Loopback;
        IPAddress listening = IPAddress.IsLoopback(address) ? address : IPAddress.Any;
        (int freeSiloPort, int freeGatewayPort) = FreePorts.FindTwo(listening);
        int siloPort = cluster.SiloPort != 0 ? cluster.SiloPort : freeSiloPort;
        silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ClusterId));
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = address;
            options.SiloPort = siloPort;
            options.GatewayPort = cluster.SiloGatewayPort != 0 ? cluster.SiloGatewayPort : freeGatewayPort;
            options.SiloListeningEndpoint = new IPEndPoint(listening, options.SiloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(listening, options.GatewayPort);
        });
        if (cluster.Membership != "redis")
        {
            silo.Configure<DevelopmentClusterMembershipOptions>(options => options.PrimarySiloEndpoint = new IPEndPoint(address, siloPort));
        }

        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = cluster.ProbeTimeout;
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        });
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = TimeSpan.FromSeconds(30);
            options.CancelRequestOnTimeout = true;
            options.MaxEnqueuedRequestsHardLimit = 10_000;
            options.MaxEnqueuedRequestsHardLimit_StatelessWorker = 10_000;
        });
        IList<string> roles = cluster.Roles.Count > 0 ? cluster.Roles : [.. Role.All];
        silo.UseSiloMetadata(new Dictionary<string, string>
        {
            [RolePlacementDirector.RolesKey] = string.Join(',', roles),
            [RolePlacementDirector.DeviceKey] = device,
        });
        silo.Services.AddPlacementFilter<RolePlacementStrategy, RolePlacementDirector>(ServiceLifetime.Singleton);
        silo.AddActivityPropagation();
        silo.Services.AddGrainService<ShardCensus>();
        silo.Services.AddPlacementDirector<ShardPlacementStrategy, ShardPlacementDirector>(ServiceLifetime.Singleton);
        silo.AddIncomingGrainCallFilter<TenantCallFilter>();
        silo.AddIncomingGrainCallFilter<CallMeasuring>();
    }

    private static void AddOptions<TOptions, TValidator>(IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
    }
}

/// <summary>Reports every fault of <see cref="ShardOptions"/> at once.</summary>
internal sealed class ShardOptionsValidator : IValidateOptions<ShardOptions>
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shard";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ShardOptions options)
    {
        List<string> faults = [];
        options.Validate(Section, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
