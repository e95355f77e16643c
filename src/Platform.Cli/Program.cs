using Platform.Cli.Hosting;

await using RunningPlatform platform = await PlatformHost.StartAsync(new ServeSettings { DataDirectory = args[0] }, CancellationToken.None);
Console.WriteLine($"{platform.Url} {platform.FirstKey}");
await platform.WaitForShutdownAsync(CancellationToken.None);
return 0;
