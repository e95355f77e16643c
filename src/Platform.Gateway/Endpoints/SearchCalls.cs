using System.Text;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Endpoints;

/// <summary>Checks a search and makes the cluster's call of it.</summary>
internal static class SearchCalls
{
    private const int MaxDeadlineMilliseconds = 60_000;

    /// <summary>Checks every range.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with member, value, limit and remedy.</exception>
    public static SearchCall Validate(SearchRequest request, FieldSelection fields, GatewayOptions limits)
    {
        CheckRanges(request, limits);
        SearchMode mode = SearchModes.Validate(request);
        if (request.Text is { } text)
        {
            CheckText(text, limits);
        }

        return new SearchCall
        {
            Text = request.Text,
            Sparse = request.Sparse is { } sparse ? SparseVectors.PackQuery(sparse, limits.MaxSparseTerms) : null,
            Dense = request.Dense is { } dense ? DenseVectors.Pack(dense) : null,
            Mode = mode,
            Fusion = SearchModes.FusionOf(request, mode, limits.MaxHits),
            Top = request.Top,
            Offset = request.Offset,
            WithStored = !fields.IsEmpty,
            Explain = request.Explain,
            Highlight = Highlights.Validate(request),
            Pruning = request.Pruning is { } pruning ? SearchPruning.Validate(pruning) : null,
            Deadline = TimeSpan.FromMilliseconds(request.DeadlineMilliseconds),
        };
    }

    private static void CheckRanges(SearchRequest request, GatewayOptions limits)
    {
        if (request.Top < 1 || request.Top > limits.MaxHits)
        {
            throw Invalid($"Member 'top' is {request.Top}; it must be 1 to {limits.MaxHits}.");
        }

        if (request.Offset < 0)
        {
            throw Invalid($"Member 'offset' is {request.Offset}; it must be 0 or more.");
        }

        if (request.Offset > limits.MaxHits - request.Top)
        {
            throw Invalid($"Members 'top' and 'offset' are {request.Top} and {request.Offset}; together they are at most {limits.MaxHits}.");
        }

        if (request.DeadlineMilliseconds is < 1 or > MaxDeadlineMilliseconds)
        {
            throw Invalid($"Member 'deadlineMilliseconds' is {request.DeadlineMilliseconds}; it must be 1 to {MaxDeadlineMilliseconds}.");
        }
    }

    private static void CheckText(string text, GatewayOptions limits)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Invalid("Member 'text' is empty or blank; a query needs at least one word.");
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > limits.MaxQueryTextBytes)
        {
            throw new RequestException(Fault.TooLarge($"Member 'text' is {bytes} bytes of UTF-8; at most {limits.MaxQueryTextBytes} are allowed. Shorten the query."));
        }
    }

    private static RequestException Invalid(string detail) => new(Fault.Invalid(detail));
}
