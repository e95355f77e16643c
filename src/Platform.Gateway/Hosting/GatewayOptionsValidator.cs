using Microsoft.Extensions.Options;

namespace Platform.Gateway.Hosting;

/// <summary>Refuses limits that can't work, all at once, before the server starts.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    private const int MostBytes = 16 << 20;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        Check(faults, nameof(options.MaxLineBytes), options.MaxLineBytes, 1_024, MostBytes);
        Check(faults, nameof(options.MaxDocumentsPerRequest), options.MaxDocumentsPerRequest, 1, 1_000_000);
        Check(faults, nameof(options.BatchItems), options.BatchItems, 1, 10_000);
        Check(faults, nameof(options.BatchBytes), options.BatchBytes, 1_024, MostBytes);
        Check(faults, nameof(options.BatchesInFlight), options.BatchesInFlight, 1, 64);
        Check(faults, nameof(options.MaxUnreadAnswerBytes), options.MaxUnreadAnswerBytes, 65_536, 1 << 30);
        Check(faults, nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1_024, MostBytes);
        Check(faults, nameof(options.MaxEmbeddingBodyBytes), options.MaxEmbeddingBodyBytes, 1_024, MostBytes);
        Check(faults, nameof(options.MaxEmbeddingInputs), options.MaxEmbeddingInputs, 1, 65_536);
        Check(faults, nameof(options.MaxSparseTerms), options.MaxSparseTerms, 1, 65_536);
        Check(faults, nameof(options.MaxQueryTextBytes), options.MaxQueryTextBytes, 1, 1 << 20);
        Check(faults, nameof(options.MaxHits), options.MaxHits, 1, 100_000);
        if (options.KeyLifetime < TimeSpan.Zero || options.KeyLifetime > TimeSpan.FromMinutes(10))
        {
            faults.AddError($"{GatewayOptions.Section}:{nameof(options.KeyLifetime)} is {options.KeyLifetime}; it must be 00:00:00 to 00:10:00.");
        }

        return faults.Build();
    }

    private static void Check(ValidateOptionsResultBuilder faults, string option, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            faults.AddError($"{GatewayOptions.Section}:{option} is {value}; it must be {least} to {most}.");
        }
    }
}
