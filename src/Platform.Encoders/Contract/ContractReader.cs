using System.Globalization;
using System.Text.Json;

namespace Platform.Encoders.Contract;

/// <summary>Reads a contract's fields and collects every fault.</summary>
internal sealed class ContractReader(JsonElement root)
{
    private const int MaxTokens = 131_072;
    private const int MaxText = 256;
    private const int MaxId = (1 << 20) - 1;
    private const double Smallest = 0.0001;
    private const double Largest = 1000;

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _read = [];

    /// <summary>What is wrong, after <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The contract; meaningless if there are faults.</summary>
    public EncoderContract Read()
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it is no object");
        }

        int? version = Whole(ContractFields.VersionName, 1, int.MaxValue);
        if (version is not null and not ContractFields.Version)
        {
            _faults.Add($"version is {version}; this build reads {ContractFields.Version}");
        }

        var contract = new EncoderContract
        {
            Attention = Word<Attention>("attention"),
            Bos = Whole("bos", 0, MaxId, orNull: true),
            DocumentTemplate = Text("documentTemplate"),
            Eos = Whole("eos", 0, MaxId, orNull: true),
            Head = Word<EncoderHead>("head"),
            LogitScale = Real("logitScale"),
            MaxPassageTokens = Whole("maxPassageTokens", 3, MaxTokens) ?? 0,
            MaxQueryTokens = Whole("maxQueryTokens", 3, MaxTokens) ?? 0,
            Normalisation = Word<Normalisation>("normalisation"),
            PassagePrefix = Text("passagePrefix"),
            Pooling = Word<Pooling>("pooling"),
            QueryPrefix = Text("queryPrefix"),
            Temperature = Real("temperature"),
            TopPassageTerms = Whole("topPassageTerms", 1, MaxId, orNull: true),
            TopQueryTerms = Whole("topQueryTerms", 1, MaxId, orNull: true),
        };
        foreach (JsonProperty field in root.EnumerateObject().Where(field => !_read.Contains(field.Name)))
        {
            _faults.Add($"{ModelFileException.Quote(field.Name)} is no field of a contract");
        }

        if (_faults.Count == 0)
        {
            CheckTogether(contract);
        }

        return contract;
    }

    private void CheckTogether(EncoderContract contract)
    {
        if (!contract.DocumentTemplate.Contains("{text}", StringComparison.Ordinal))
        {
            _faults.Add($"documentTemplate is {ModelFileException.Quote(contract.DocumentTemplate)}; it must contain {{text}}");
        }

        if (contract.Head == EncoderHead.Sparse && (contract.Pooling != Pooling.Max || contract.Normalisation != Normalisation.None))
        {
            _faults.Add("a sparse head has pooling max and normalisation none");
        }

        if (contract.Head == EncoderHead.Dense && (contract.LogitScale != 1 || contract.TopQueryTerms is not null || contract.TopPassageTerms is not null))
        {
            _faults.Add("a dense head has logitScale 1, and null for topQueryTerms and topPassageTerms");
        }
    }

    private JsonElement? Field(string name)
    {
        _read.Add(name);
        if (root.TryGetProperty(name, out JsonElement value))
        {
            return value;
        }

        _faults.Add($"{name} is missing");
        return null;
    }

    private int? Whole(string name, int least, int most, bool orNull = false)
    {
        if (Field(name) is not { } value || (orNull && value.ValueKind == JsonValueKind.Null))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}{(orNull ? ", or null" : "")}"));
        return null;
    }

    private double Real(string name)
    {
        if (Field(name) is not { } value)
        {
            return 1;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is >= Smallest and <= Largest)
        {
            return number;
        }

        Refuse(name, value, string.Create(CultureInfo.InvariantCulture, $"a number from {Smallest} to {Largest}"));
        return 1;
    }

    private string Text(string name)
    {
        if (Field(name) is not { } value)
        {
            return "";
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= MaxText } text && text.All(c => c is '\n' or '\t' || !char.IsControl(c)))
        {
            return text;
        }

        Refuse(name, value, $"a text of at most {MaxText} characters, none a control character");
        return "";
    }

    private T Word<T>(string name)
        where T : struct, Enum
    {
        if (Field(name) is not { } value)
        {
            return default;
        }

        foreach (T candidate in Enum.GetValues<T>())
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() == ContractFields.WordOf(candidate))
            {
                return candidate;
            }
        }

        Refuse(name, value, $"one of {string.Join(", ", Enum.GetValues<T>().Select(ContractFields.WordOf))}");
        return default;
    }

    private void Refuse(string name, JsonElement value, string due) => _faults.Add($"{name} is {ModelFileException.Quote(value.GetRawText())}; it must be {due}");
}
