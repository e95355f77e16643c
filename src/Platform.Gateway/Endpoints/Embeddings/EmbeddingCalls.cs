using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;
using Platform.Gateway.Hosting;

namespace Platform.Gateway.Endpoints.Embeddings;

/// <summary>Checks a request for embeddings and makes the cluster's call of it.</summary>
internal static class EmbeddingCalls
{
    /// <summary>Checks every member.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c>, naming every fault at once.</exception>
    public static EmbeddingCall Validate(EmbeddingRequest request, bool sparse, GatewayOptions limits)
    {
        List<string> faults = [];
        if (FaultOfModel(request.Model) is { } fault)
        {
            faults.Add(fault);
        }

        IReadOnlyList<string> texts = request.Input?.Texts ?? [];
        if (texts.Count < 1 || texts.Count > limits.MaxEmbeddingInputs)
        {
            faults.Add(request.Input is null
                ? "Member 'input' is missing; it is a text or an array of texts."
                : $"Member 'input' has {texts.Count} texts; it must have 1 to {limits.MaxEmbeddingInputs}. Send the rest in another request.");
        }

        for (int i = 0; i < texts.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(texts[i]))
            {
                faults.Add($"input[{i}] is empty or blank; leave it out.");
                break;                                        // one is enough to find the others by
            }
        }

        if (request.EncodingFormat is not (EmbeddingFormats.Number or EmbeddingFormats.Base64))
        {
            faults.Add($"Member 'encoding_format' is '{Fault.Shorten(request.EncodingFormat)}'; it must be float or base64.");
        }

        if (request.InputType is not (EmbeddingInputTypes.Query or EmbeddingInputTypes.Document))
        {
            faults.Add($"Member 'input_type' is '{Fault.Shorten(request.InputType)}'; it must be query or document.");
        }

        if (!sparse && request.IncludeTerms)
        {
            faults.Add("Member 'include_terms' is true; dense vectors have no terms. Leave it out.");
        }

        if (sparse && request.Dimensions is not null)
        {
            faults.Add("Member 'dimensions' is given; a sparse vector has the vocabulary's terms. Leave it out.");
        }

        return faults.Count > 0
            ? throw new RequestException(Fault.Invalid(string.Join(' ', faults)))
            : new EmbeddingCall
            {
                Model = request.Model,
                Texts = [.. texts],
                AreQueries = request.InputType == EmbeddingInputTypes.Query,
                Sparse = sparse,
                WithTermTexts = request.IncludeTerms,
            };
    }

    /// <summary>What is wrong with a model's name; null if it keeps the rule.</summary>
    public static string? FaultOfModel(string? model) => EncoderName.TryParse(model, out _) ? null
        : string.IsNullOrEmpty(model) ? "Member 'model' is missing; name a model as id@version."
        : $"Member 'model' is '{Fault.Shorten(model)}'; it must be {EncoderName.Rule}.";
}
