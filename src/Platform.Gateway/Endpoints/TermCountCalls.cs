using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Checks which sparse terms are to be counted.</summary>
internal static class TermCountCalls
{
    /// <summary>The terms as the cluster takes them.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with the place and the value.</exception>
    public static int[] Validate(TermCountRequest request, int maxTerms)
    {
        if (request.Terms is null || request.Terms.Count == 0 || request.Terms.Count > maxTerms)
        {
            throw new RequestException(Fault.Invalid($"Member 'terms' has {request.Terms?.Count ?? 0} term ids; it needs 1 to {maxTerms}. Ask several times for more."));
        }

        for (int i = 0; i < request.Terms.Count; i++)
        {
            if (request.Terms[i] is < 0 or > int.MaxValue)
            {
                throw new RequestException(Fault.Invalid($"Member 'terms[{i}]' is {request.Terms[i]}; term ids are 0 to {int.MaxValue}."));
            }
        }

        return [.. request.Terms.Select(term => (int)term)];
    }
}
