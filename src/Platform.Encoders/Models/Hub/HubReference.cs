using System.Diagnostics.CodeAnalysis;

namespace Platform.Encoders.Models.Hub;

/// <summary>A model on a hub: <c>hf:owner/name</c> or <c>hf:owner/name@revision</c>.</summary>
/// <param name="Owner">Who has it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Revision">A branch, tag or commit.</param>
public sealed record HubReference(string Owner, string Name, string Revision)
{
    /// <summary>The form in words.</summary>
    public const string Form = "hf:owner/name or hf:owner/name@revision, of A-Z a-z 0-9 . _ -";

    private const string Scheme = "hf:";
    private const string DefaultRevision = "main";

    /// <summary>Reads a reference.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubReference? reference)
    {
        reference = null;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        string[] halves = text[Scheme.Length..].Split('@');
        string[] path = halves[0].Split('/');
        string revision = halves.Length == 1 ? DefaultRevision : halves[1];
        if (halves.Length > 2 || path.Length != 2 || !path.Append(revision).All(ModelFiles.IsPlainName))
        {
            return false;
        }

        reference = new HubReference(path[0], path[1], revision);
        return true;
    }
}
