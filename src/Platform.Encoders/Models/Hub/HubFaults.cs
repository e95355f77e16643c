using System.Net;

namespace Platform.Encoders.Models.Hub;

/// <summary>What a hub's statuses mean for the person who asked.</summary>
internal static class HubFaults
{
    /// <summary>Passes the statuses that are due.</summary>
    /// <exception cref="HubException">It is another.</exception>
    public static void ThrowUnless(HttpResponseMessage response, Uri address, params ReadOnlySpan<HttpStatusCode> due)
    {
        if (due.Contains(response.StatusCode))
        {
            return;
        }

        string remedy = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "The model needs a token that may read it: set HF_TOKEN, and accept the model's licence on the hub.",
            HttpStatusCode.NotFound => "Check owner, name and revision; a private model also needs HF_TOKEN.",
            HttpStatusCode.TooManyRequests => "Wait a little and run the command again; it goes on where it was.",
            _ => "Run the command again; it goes on where it was.",
        };
        string shown = address.GetLeftPart(UriPartial.Path);
        throw new HubException(shown, $"'{shown}' answers {(int)response.StatusCode}. {remedy}");
    }
}
