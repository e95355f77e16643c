using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Platform.Silo.Hosting;

/// <summary>Keys that a deployment brings along. Section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Security";

    /// <summary>
    /// A key of tenant <c>default</c> that the platform takes instead of making and printing one, from a vault for example. Another one at a later
    /// start is taken besides. <c>pk_</c>, 12 hexadecimal digits, <c>_</c>, and 43 or more characters of base64url that nobody can guess.
    /// </summary>
    public string? FirstKey { get; set; }
}

/// <summary>Reports every fault of <see cref="SecurityOptions"/> at once; never the key itself.</summary>
internal sealed partial class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SecurityOptions options) =>
        options.FirstKey is null || Form.IsMatch(options.FirstKey)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Security:FirstKey ({options.FirstKey.Length} characters) is no key: it must be pk_, 12 hexadecimal digits in lower case, _, and 43 to 128 characters of base64url.");

    [GeneratedRegex("^pk_[0-9a-f]{12}_[A-Za-z0-9_-]{43,128}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form { get; }
}
