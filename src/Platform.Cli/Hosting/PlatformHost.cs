using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Gateway.Hosting;
using Platform.Silo.Hosting;

namespace Platform.Cli.Hosting;

/// <summary>Starts one process of the platform: a silo with its roles, and a web server.</summary>
internal static class PlatformHost
{
    /// <summary>Starts and returns when the process serves.</summary>
    /// <param name="settings">The command line's part; it goes before variables, which go before appsettings.json.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="PlatformConfigurationException">The configuration has faults; all are told.</exception>
    public static async Task<RunningPlatform> StartAsync(ServeSettings settings, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables("PLATFORM_")
            .AddInMemoryCollection(FromCommandLine(settings));
        Configure(builder, settings);

        WebApplication app = builder.Build();
        try
        {
            Validate(app);
            ClusterOptions cluster = app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
            if (Plays(cluster, Role.Gateway))
            {
                app.MapPlatformGateway();
            }
            else
            {
                app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
                app.MapHealthChecks("/health/ready");
            }

            Telemetry.Map(app);
            await app.StartAsync(cancellationToken);
            return await RunningPlatform.CreateAsync(app, Plays(cluster, Role.Index), cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static void Configure(WebApplicationBuilder builder, ServeSettings settings)
    {
        Uri? metricsUrl = Telemetry.MetricsUrl(builder.Configuration);
        builder.WebHost.UseUrls(metricsUrl is null ? [settings.Url] : [settings.Url, metricsUrl.OriginalString]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error)
            .AddFilter("Platform", settings.Quiet ? LogLevel.Warning : LogLevel.Information);
        builder.AddPlatformSilo();

        // read without validation here: Validate tells the faults of all sections together
        ClusterOptions cluster = builder.Configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
        if (Plays(cluster, Role.Gateway))
        {
            builder.Services.AddPlatformGateway(builder.Configuration);
        }

        Telemetry.Add(builder, string.Join(',', cluster.Roles.Count > 0 ? cluster.Roles : Role.All));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = cluster.DrainTimeout);
    }

    private static Dictionary<string, string?> FromCommandLine(ServeSettings settings)
    {
        Dictionary<string, string?> values = new(settings.Configuration, StringComparer.OrdinalIgnoreCase);
        void Set(string key, object? value)
        {
            if (value is not null)
            {
                values[key] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        for (int i = 0; i < settings.Roles.Count; i++)
        {
            Set($"Cluster:Roles:{i}", settings.Roles[i]);
        }

        Set("Storage:DataDirectory", settings.DataDirectory);
        Set("Storage:Kind", settings.Storage);
        Set("Storage:AzureConnection", settings.AzureConnection);
        Set("Storage:AzureAccountUrl", settings.AzureAccountUrl);
        Set("Storage:AzureContainer", settings.AzureContainer);
        Set("Cluster:Membership", settings.Membership);
        Set("Cluster:Redis", settings.Redis);
        Set("Cluster:ClusterId", settings.ClusterId);
        Set("Cluster:SiloPort", settings.SiloPort);
        Set("Cluster:SiloGatewayPort", settings.SiloGatewayPort);
        return values;
    }

    /// <summary>Checks every option before anything starts, so that all faults are told at once.</summary>
    private static void Validate(WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException e)
        {
            throw new PlatformConfigurationException([.. e.Failures]);
        }
        catch (AggregateException e)
        {
            throw new PlatformConfigurationException(
                [.. e.InnerExceptions.SelectMany(inner => inner is OptionsValidationException faults ? faults.Failures : [inner.Message])]);
        }
    }

    private static bool Plays(ClusterOptions cluster, string role) => cluster.Roles.Count == 0 || cluster.Roles.Contains(role);
}
