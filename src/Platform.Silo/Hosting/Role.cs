namespace Platform.Silo.Hosting;

/// <summary>What a process can do in a cluster.</summary>
public static class Role
{
    /// <summary>Serves HTTP.</summary>
    public const string Gateway = "gateway";

    /// <summary>Holds shards and answers queries.</summary>
    public const string Index = "index";

    /// <summary>Turns text into vectors.</summary>
    public const string Encoder = "encoder";

    /// <summary>Trains encoders.</summary>
    public const string Trainer = "trainer";

    /// <summary>Every role.</summary>
    public static IReadOnlyList<string> All { get; } = [Gateway, Index, Encoder, Trainer];
}
