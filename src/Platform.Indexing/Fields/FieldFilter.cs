using System.Globalization;
using System.Text;

namespace Platform.Indexing.Fields;

/// <summary>A condition on the fields of a document.</summary>
/// <remarks>A document without a value in a field matches no condition on it, and so matches its negation. Immutable.</remarks>
public abstract record FieldFilter
{
    private string? _key;

    private FieldFilter()
    {
    }

    /// <summary>Equal for filters of one form, different for those that may match different documents.</summary>
    internal string Key => _key ??= Written();

    private string Written()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private protected abstract void Write(StringBuilder key);

    private static void Write(StringBuilder key, char kind, IReadOnlyCollection<FieldFilter> children)
    {
        key.Append(CultureInfo.InvariantCulture, $"{kind}{children.Count}");
        foreach (FieldFilter child in children)
        {
            child.Write(key);
        }
    }

    // The length comes before the text, so that no text can look like what follows it.
    private static void Write(StringBuilder key, string text) => key.Append(CultureInfo.InvariantCulture, $":{text.Length}:{text}");

    /// <summary>Matches where every one does.</summary>
    /// <param name="All">The conditions; none match everything.</param>
    public sealed record Every(IReadOnlyList<FieldFilter> All) : FieldFilter
    {
        private protected override void Write(StringBuilder key) => Write(key, '&', All);
    }

    /// <summary>Matches where at least one does.</summary>
    /// <param name="Any">The conditions; none match nothing.</param>
    public sealed record Some(IReadOnlyList<FieldFilter> Any) : FieldFilter
    {
        private protected override void Write(StringBuilder key) => Write(key, '|', Any);
    }

    /// <summary>Matches where another does not.</summary>
    /// <param name="Other">The condition.</param>
    public sealed record Except(FieldFilter Other) : FieldFilter
    {
        private protected override void Write(StringBuilder key) => Write(key, '!', [Other]);
    }

    /// <summary>Matches documents that have at least one of some words.</summary>
    /// <param name="Field">A field of words.</param>
    /// <param name="Words">The words.</param>
    public sealed record AnyOf(string Field, IReadOnlyList<string> Words) : FieldFilter
    {
        private protected override void Write(StringBuilder key)
        {
            key.Append(CultureInfo.InvariantCulture, $"={Words.Count}");
            Write(key, Field);
            foreach (string word in Words)
            {
                Write(key, word);
            }
        }
    }

    /// <summary>Matches documents that have a word with a prefix.</summary>
    /// <param name="Field">A field of words.</param>
    /// <param name="Start">What the word begins with, compared by UTF-8 bytes.</param>
    public sealed record Prefix(string Field, string Start) : FieldFilter
    {
        private protected override void Write(StringBuilder key)
        {
            key.Append('^');
            Write(key, Field);
            Write(key, Start);
        }
    }

    /// <summary>Matches documents whose value is one of some.</summary>
    /// <param name="Field">A field of integers.</param>
    /// <param name="Values">The values.</param>
    public sealed record OneOf(string Field, IReadOnlyList<long> Values) : FieldFilter
    {
        private protected override void Write(StringBuilder key)
        {
            key.Append(CultureInfo.InvariantCulture, $"#{Values.Count}");
            Write(key, Field);
            foreach (long value in Values)
            {
                key.Append(CultureInfo.InvariantCulture, $",{value}");
            }
        }
    }

    /// <summary>Matches documents whose value lies between two, both included.</summary>
    /// <param name="Field">A field of integers.</param>
    /// <param name="Low">The least.</param>
    /// <param name="High">The largest.</param>
    public sealed record Between(string Field, long Low, long High) : FieldFilter
    {
        private protected override void Write(StringBuilder key)
        {
            key.Append(CultureInfo.InvariantCulture, $"<{Low},{High}");
            Write(key, Field);
        }
    }

    /// <summary>Matches documents that have a value.</summary>
    /// <param name="Field">The field.</param>
    /// <param name="Kind">What it holds.</param>
    public sealed record Exists(string Field, FieldKind Kind) : FieldFilter
    {
        private protected override void Write(StringBuilder key)
        {
            key.Append(CultureInfo.InvariantCulture, $"?{(int)Kind}");
            Write(key, Field);
        }
    }
}
