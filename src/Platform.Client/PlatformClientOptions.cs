namespace Platform.Client;

/// <summary>How a <see cref="PlatformClient"/> reaches the service. A class, not a record: its text never holds the key.</summary>
public sealed class PlatformClientOptions
{
    /// <summary>Gateways of one cluster, in order of preference; a call goes to the next where one can't be reached or
    /// answers 503. Default: <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<Uri> Endpoints { get; init; } = [new("http://127.0.0.1:8080")];

    /// <summary>The tenant's key, sent as <c>Authorization: Bearer</c>. No default.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Time to open a connection to one endpoint. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one attempt at one endpoint, its answer read to the end; infinite is allowed. Default: 100 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often an idempotent call is sent again after a transient fault, 0 to 100. Default: 4.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The wait before the first retry; it doubles with each, and half of it is random. Default: 200 milliseconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two attempts that the client chooses itself. Default: 10 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest <c>Retry-After</c> that is waited for; a call told to wait longer fails at once and says
    /// so. Default: 2 minutes.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Seed of the random half of the waits; null draws one, so that clients do not retry in step. Default: null.</summary>
    public int? JitterSeed { get; init; }

    /// <summary>Every rule that these options break, one line each; empty if they are sound.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Endpoints.Count == 0)
        {
            faults.Add("Endpoints is empty; give at least one, for example http://127.0.0.1:8080.");
        }

        foreach (Uri endpoint in Endpoints)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            {
                faults.Add($"Endpoints has '{endpoint}'; it must be a full URL, for example http://127.0.0.1:8080.");
            }
            else if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
            {
                faults.Add(
                    $"Endpoints has '{endpoint.GetLeftPart(UriPartial.Path)}' with a user, query or fragment; leave those out.");
            }
        }

        if (ApiKey.Length == 0)
        {
            faults.Add("ApiKey is empty; the service prints the first one when it starts on a new data folder.");
        }
        else if (ApiKey.Any(c => !char.IsBetween(c, '!', '~')))
        {
            faults.Add("ApiKey holds a space or a character outside ASCII; copy it again, without line breaks.");
        }

        CheckTime(faults, nameof(ConnectTimeout), ConnectTimeout, mayBeInfinite: true);
        CheckTime(faults, nameof(RequestTimeout), RequestTimeout, mayBeInfinite: true);
        CheckTime(faults, nameof(RetryDelay), RetryDelay, mayBeInfinite: false);
        CheckTime(faults, nameof(MaxRetryDelay), MaxRetryDelay, mayBeInfinite: false);
        CheckTime(faults, nameof(MaxRetryAfter), MaxRetryAfter, mayBeInfinite: false);
        if (MaxRetries is < 0 or > 100)
        {
            faults.Add($"MaxRetries is {MaxRetries}; it must be 0 to 100.");
        }

        return faults;
    }

    private static void CheckTime(List<string> faults, string name, TimeSpan value, bool mayBeInfinite)
    {
        bool infinite = mayBeInfinite && value == Timeout.InfiniteTimeSpan;
        if (!infinite && (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)))
        {
            faults.Add($"{name} is {value}; it must be above 0 and at most 1 day.");
        }
    }
}
