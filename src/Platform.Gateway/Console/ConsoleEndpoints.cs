using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Platform.Gateway.Console;

/// <summary><c>/console/</c>: the pages of <c>assets</c>, out of this assembly. They know nothing: all they show comes from the API, with the user's key.</summary>
internal static class ConsoleEndpoints
{
    private const string ResourcePrefix = "console/";

    /// <summary>Only this site's own files; nothing inline, nothing framed.</summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, Asset> Assets = Load();

    /// <summary>Maps the pages; they need no key.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/console/{file?}", Serve).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Serve(HttpContext http, string? file)
    {
        if (file is null && !http.Request.Path.Value!.EndsWith('/'))
        {
            return TypedResults.LocalRedirect("/console/");     // so that the page's relative addresses lead into the folder
        }

        IHeaderDictionary headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        return Assets.TryGetValue(file ?? "index.html", out Asset? asset)
            ? TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: asset.Tag)
            : TypedResults.NotFound();
    }

    private static Dictionary<string, Asset> Load()
    {
        Assembly assembly = typeof(ConsoleEndpoints).Assembly;
        Dictionary<string, Asset> assets = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            assets[resource[ResourcePrefix.Length..]] = new Asset(
                content, ContentTypeOf(Path.GetExtension(resource)), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }

        return assets;
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new NotSupportedException($"The console has an asset of kind '{extension}', whose content type is not known here."),
    };

    private sealed record Asset(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
