using System.Text;
using System.Xml;

namespace Platform.Evaluation.Collections;

/// <summary>The words of a documentation element: references become names, markup disappears, whitespace is one space.</summary>
internal static class DotNetReferenceText
{
    /// <summary>Reads the element at the reader's position, and leaves the reader behind it.</summary>
    public static string Read(XmlReader reader)
    {
        StringBuilder text = new();
        int depth = reader.Depth;
        bool empty = reader.IsEmptyElement;
        _ = reader.Read();
        while (!empty && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element: AppendElement(text, reader); break;
                case XmlNodeType.EndElement: text.Append(SeparatorOf(reader.Name)); break;
                default: text.Append(reader.Value); break;
            }

            _ = reader.Read();
        }

        if (!empty)
        {
            _ = reader.Read();
        }

        return Collapse(text);
    }

    private static void AppendElement(StringBuilder text, XmlReader reader)
    {
        text.Append(SeparatorOf(reader.Name));
        if (reader.Name is "paramref" or "typeparamref")
        {
            text.Append(reader.GetAttribute("name"));
        }
        else if (reader.IsEmptyElement && reader.Name is "see" or "seealso" or "xref")
        {
            string? reference = reader.GetAttribute("cref") ?? reader.GetAttribute("uid");
            text.Append(reference is not null
                ? DotNetSignature.ShortNameOf(reference)
                : reader.GetAttribute("langword") ?? reader.GetAttribute("langref") ?? reader.GetAttribute("href"));
        }
    }

    /// <summary>Inline elements join their neighbours; every other element ends a word.</summary>
    private static string SeparatorOf(string element) =>
        element is "see" or "seealso" or "xref" or "c" or "paramref" or "typeparamref" or "b" or "i" or "a" or "em" or "strong"
            or "sup" or "sub" ? "" : " ";

    private static string Collapse(StringBuilder text)
    {
        int length = 0;
        bool pendingSpace = false;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsWhiteSpace(character))
            {
                pendingSpace = length > 0;
                continue;
            }

            if (pendingSpace)
            {
                text[length++] = ' ';
                pendingSpace = false;
            }

            text[length++] = character;
        }

        return text.ToString(0, length);
    }
}
