using System.Text;
using System.Xml;

namespace Platform.Evaluation.Collections;

/// <summary>Reads the members of XML documentation files, each member once.</summary>
internal sealed class DotNetReferenceReader
{
    private static readonly XmlReaderSettings Settings =
        new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreProcessingInstructions = true };

    private readonly HashSet<string> _seen = [];
    private readonly StringBuilder _body = new();

    /// <summary>Reads a file's members, but not those that an earlier file had.</summary>
    /// <exception cref="CollectionFormatException">The file is not XML.</exception>
    public IReadOnlyList<DotNetMember> Read(string path)
    {
        List<DotNetMember> members = [];
        using XmlReader reader = XmlReader.Create(path, Settings);
        try
        {
            bool more = reader.ReadToFollowing("member");
            while (more)
            {
                string id = DotNetSignature.WithoutWhitespace(reader.GetAttribute("name") ?? "");
                if (id.Length > 2 && id[1] == ':' && _seen.Add(id))
                {
                    members.Add(reader.IsEmptyElement ? new(id, "", [], [], "") : ReadMember(reader, id));
                }

                more = reader.ReadToNextSibling("member");
            }
        }
        catch (XmlException exception)
        {
            throw CollectionFormatException.At(path, exception.LineNumber, $"broken XML ({exception.Message})",
                "an XML documentation file", "Repair the SDK, or name another with DOTNET_ROOT.", exception);
        }

        return members;
    }

    private DotNetMember ReadMember(XmlReader reader, string id)
    {
        string summary = "";
        List<string> parameters = [];
        List<string> typeParameters = [];
        _body.Clear();
        int depth = reader.Depth;
        _ = reader.Read();
        while (reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                _ = reader.Read();
                continue;
            }

            string name = reader.GetAttribute("name") ?? "";
            string thrown = DotNetSignature.ShortNameOf(reader.GetAttribute("cref") ?? "");
            switch (reader.Name)
            {
                case "summary": summary = DotNetReferenceText.Read(reader); break;
                case "param": parameters.Add(name); Append(name, reader); break;
                case "typeparam": typeParameters.Add(name); Append(name, reader); break;
                case "returns": Append("Returns", reader); break;
                case "value": Append("Value", reader); break;
                case "exception": Append(thrown, reader); break;
                case "remarks": Append(label: "", reader); break;
                default: reader.Skip(); break;
            }
        }

        return new(id, summary, parameters, typeParameters, _body.ToString());
    }

    private void Append(string label, XmlReader reader)
    {
        string text = DotNetReferenceText.Read(reader);
        if (label.Length + text.Length == 0)
        {
            return;
        }

        string colon = label.Length > 0 && text.Length > 0 ? ": " : "";
        _body.Append(_body.Length == 0 ? "" : "\n").Append(label).Append(colon).Append(text);
    }
}
