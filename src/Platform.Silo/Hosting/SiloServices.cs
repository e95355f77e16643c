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
    /// <summary>Adds a silo to a host. Its options come from the sections <c>Cluster</c>, <c>Storage</c>, <c>Security</c>, <c>Telemetry</c>, <c>Shard</c>, <c>Elastic</c>, <c>Encoder</c> and <c>Training</c>.</summary>
    public static IHostApplicationBuilder AddPlatformSilo(this IHostApplicationBuilder builder)
    {
        AddStore(builder.Services);
        AddServing(builder.Services);
        AddElasticity(builder.Services);
        AddEncoding(builder.Services);
        AddTraining(builder.Services);

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

    private static void AddStore(IServiceCollection services)
    {
        AddOptions<StorageOptions, StorageOptionsValidator>(services, StorageOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ConfiguredStore.OpenCache);
        services.TryAddSingleton(ConfiguredStore.Open);
        services.AddHostedService<StoreStart>();             // before the silo's own: they start in this order
        services.TryAddSingleton<FeedBlock>();
    }

    private static void AddServing(IServiceCollection services)
    {
        AddOptions<ClusterOptions, ClusterOptionsValidator>(services, ClusterOptions.Section);
        AddOptions<ShardOptions, ShardOptionsValidator>(services, ShardOptionsValidator.Section);
        AddOptions<SecurityOptions, SecurityOptionsValidator>(services, SecurityOptions.Section);
        AddOptions<TelemetryOptions, TelemetryOptionsValidator>(services, TelemetryOptions.Section);
        services.TryAddSingleton<WorkPool>();
        services.TryAddSingleton<QueryAdmission>();
        services.AddMetrics();
        services.TryAddSingleton<CallMetrics>();
        services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo");
    }

    private static void AddElasticity(IServiceCollection services)
    {
        AddOptions<ElasticOptions, ElasticOptionsValidator>(services, ElasticOptions.Section);
        services.TryAddSingleton<IndexSilos>();
        services.TryAddSingleton<LocalShards>();
        services.TryAddSingleton<ShardCensusClient>();
        services.TryAddSingleton<ClusterShards>();
        services.TryAddSingleton<ShardPicture>();
        services.AddHostedService<ShardBalancer>();
        services.AddHostedService<ShardDrain>();
    }

    private static void AddEncoding(IServiceCollection services)
    {
        AddOptions<EncoderOptions, EncoderOptionsValidator>(services, EncoderOptions.Section);
        services.TryAddSingleton<LexicalAnalyzer>();
        services.TryAddSingleton<EncoderQueue>();
        services.TryAddSingleton<EncoderDirectory>();
        services.TryAddSingleton<EncoderBatcher>();
        services.TryAddSingleton<ITextEncoderSource>(ModelsOf);
        services.TryAddSingleton<ModelEncoders>();
    }

    private static void AddTraining(IServiceCollection services)
    {
        AddOptions<TrainingOptions, TrainingOptionsValidator>(services, TrainingOptions.Section);
        services.TryAddSingleton<RunningJobs>();
        services.TryAddSingleton<TrainingRunner>();
        services.AddHostedService<TrainingKeeper>();
    }

    private static StoredTextEncoders ModelsOf(IServiceProvider services)
    {
        EncoderOptions options = services.GetRequiredService<IOptions<EncoderOptions>>().Value;
        string directory = options.ModelDirectory ?? Path.Combine(services.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory, "models");
        return new StoredTextEncoders(
            new ModelStore(directory, services.GetRequiredService<TimeProvider>(), ShippedModels.Folder),
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

        Listen(silo, cluster);
        silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ClusterId));
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = cluster.ProbeTimeout;
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // a silo joins once every active one answers it or is found dead, and it looks for dead ones only among those that were silent
            // for so long: after a crash of all, nobody else would. Clocks of silos may differ by less.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedTableIAmAliveLimit = 10;
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

    private static void Listen(ISiloBuilder silo, ClusterOptions cluster)
    {
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
