using System.Globalization;

namespace Platform.Indexing.Sparse;

/// <summary>Between the texts of terms, as interchange files have them, and the ids that an index has.</summary>
/// <remarks>Without a list of texts, a term's text is its id in decimal digits.</remarks>
public sealed class TermVocabulary
{
    private readonly IReadOnlyList<string>? _texts;
    private readonly Dictionary<string, int>? _ids;

    private TermVocabulary(IReadOnlyList<string>? texts)
    {
        _texts = texts;
        if (texts is null)
        {
            return;
        }

        _ids = new Dictionary<string, int>(texts.Count, StringComparer.Ordinal);
        for (int id = 0; id < texts.Count; id++)
        {
            if (!_ids.TryAdd(texts[id], id))
            {
                throw new FormatException($"The vocabulary has '{texts[id]}' as term {_ids[texts[id]]} and as term {id}; each text names one term. Remove one.");
            }
        }
    }

    /// <summary>Texts are ids in decimal digits.</summary>
    public static TermVocabulary Digits { get; } = new(null);

    /// <summary>Texts in the order of their ids, from 0.</summary>
    /// <exception cref="FormatException">A text stands twice.</exception>
    public static TermVocabulary Of(IReadOnlyList<string> texts) => new(texts);

    /// <summary>The id of a text.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public int IdOf(string text)
    {
        if (_ids is not null)
        {
            return _ids.TryGetValue(text, out int known)
                ? known
                : throw new FormatException($"Term '{text}' is not among the {_ids.Count} of the vocabulary. Give the vocabulary that the vectors were made with.");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new FormatException($"Term '{text}' is no term id, 0 to {int.MaxValue} in decimal digits. Give a vocabulary, a term a line in the order of their ids.");
    }

    /// <summary>The text of an id.</summary>
    /// <exception cref="FormatException">The vocabulary has fewer terms.</exception>
    public string TextOf(int id) => _texts is null ? id.ToString(CultureInfo.InvariantCulture)
        : id < _texts.Count ? _texts[id]
        : throw new FormatException($"The vocabulary has {_texts.Count} terms; term {id} is beyond it. Give the vocabulary that the index was made with.");
}
