using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Security;

/// <summary>Who calls: the tenant of the API key in <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>, and nothing else.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AuthenticatedKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "ApiKey";

    /// <summary>The header for a key without <c>Bearer</c>.</summary>
    public const string KeyHeader = "X-Api-Key";

    /// <summary>The claim that names the tenant.</summary>
    public const string TenantClaim = "tenant";

    private const string BearerPrefix = "Bearer ";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (GivenKey() is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        string? tenant = await keys.FindTenantAsync(key, Context.RequestAborted);
        if (tenant is null)
        {
            return AuthenticateResult.Fail("The key is not known.");
        }

        var identity = new ClaimsIdentity([new Claim(TenantClaim, tenant)], Scheme.Name, TenantClaim, roleType: null);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        bool given = GivenKey() is not null;
        Response.Headers[HeaderNames.WWWAuthenticate] =
            given ? "Bearer realm=\"platform\", error=\"invalid_token\"" : "Bearer realm=\"platform\"";
        string detail = given
            ? "The API key is not known. Check that it is whole and belongs to this server; the first one was printed when the server first started."
            : "No API key was given. Send 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'; the first key was printed when the server first started.";
        await ProblemWriter.WriteAsync(Context, new Fault(StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, detail));
    }

    private string? GivenKey()
    {
        string authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? authorization[BearerPrefix.Length..].Trim()
            : Request.Headers.TryGetValue(KeyHeader, out var values) ? values.ToString().Trim() : null;
    }
}
