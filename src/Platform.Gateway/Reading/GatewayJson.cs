using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Platform.Client.Contracts;

namespace Platform.Gateway.Reading;

/// <summary>The contract's JSON as the gateway reads and writes it: strict on the way in, compact on the way out.</summary>
internal static class GatewayJson
{
    /// <summary>For answers. Text stays as it is instead of becoming <c>\u</c> escapes: an answer is never a part of an HTML page.</summary>
    public static PlatformJson Answers { get; } = new(new JsonSerializerOptions(PlatformJson.Default.Options)
    {
        TypeInfoResolver = null,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static JsonSerializerOptions Requests { get; } = new(PlatformJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        TypeInfoResolver = PlatformJson.Default.WithAddedModifier(LetValidatorsReportMissingMembers),
    };

    /// <summary>How a request's record is read: members that the record does not have, and members that stand twice, are refused; a missing member is null.</summary>
    public static JsonTypeInfo<T> Request<T>() => (JsonTypeInfo<T>)Requests.GetTypeInfo(typeof(T));

    // The serializer's own words for a missing member name .NET types; a validator names the member and the remedy.
    private static void LetValidatorsReportMissingMembers(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsRequired)
            {
                property.IsRequired = false;
                property.IsSetNullable = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
            }
        }
    }
}
