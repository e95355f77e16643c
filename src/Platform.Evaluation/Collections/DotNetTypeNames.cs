using System.Globalization;

namespace Platform.Evaluation.Collections;

/// <summary>Type references of documentation ids as C# would write them, without namespaces.</summary>
internal sealed class DotNetTypeNames(IReadOnlyList<string> ofType, IReadOnlyList<string> ofMethod)
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Char"] = "char",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.IntPtr"] = "nint",
        ["System.UIntPtr"] = "nuint",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.String"] = "string",
        ["System.Object"] = "object",
        ["System.Void"] = "void",
    };

    public string MethodParameterName(int index) => ParameterName(ofMethod, index);

    /// <summary>One type reference: generics in braces, parameters by number, @ by reference, * pointer, [] array.</summary>
    public string Readable(string type)
    {
        type = type.Trim();
        if (type.EndsWith('@'))
        {
            return $"ref {Readable(type[..^1])}";
        }

        if (type.EndsWith('*'))
        {
            return $"{Readable(type[..^1])}*";
        }

        if (type.EndsWith(']'))
        {
            int open = type.LastIndexOf('[');
            int commas = type[open..].Count(character => character == ',');
            return $"{Readable(type[..open])}[{new string(',', commas)}]";
        }

        if (type.StartsWith("``", StringComparison.Ordinal))
        {
            return Numbered(type[2..], ofMethod);
        }

        return type.StartsWith('`') ? Numbered(type[1..], ofType) : Named(type);
    }

    public static string ParameterName(IReadOnlyList<string> names, int index) =>
        index < names.Count && names[index].Length > 0 ? names[index] : string.Create(CultureInfo.InvariantCulture, $"T{index}");

    public static string WithoutArity(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 || name.Contains('{', StringComparison.Ordinal) ? name : name[..tick];
    }

    public static int ArityOf(string name)
    {
        int tick = name.LastIndexOf('`');
        return tick >= 0 && int.TryParse(name.AsSpan(tick + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int arity)
            ? arity : 0;
    }

    /// <summary>Splits at the commas that are inside no brace, bracket or parenthesis.</summary>
    public static IEnumerable<string> SplitTypes(string types)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < types.Length; i++)
        {
            depth += types[i] is '{' or '[' or '(' ? 1 : types[i] is '}' or ']' or ')' ? -1 : 0;
            if (types[i] == ',' && depth == 0)
            {
                yield return types[start..i];
                start = i + 1;
            }
        }

        if (start < types.Length)
        {
            yield return types[start..];
        }
    }

    private static string Numbered(string number, IReadOnlyList<string> names) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? ParameterName(names, index) : "T";

    private string Named(string type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        int open = type.IndexOf('{', StringComparison.Ordinal);
        int close = type.LastIndexOf('}');
        string path = open < 0 ? type : type[..open];
        string name = path[(path.LastIndexOf('.') + 1)..];
        if (open < 0 || close < open)
        {
            return name;
        }

        string arguments = string.Join(", ", SplitTypes(type[(open + 1)..close]).Select(Readable));
        return path is "System.Nullable" ? $"{arguments}?" : $"{name}<{arguments}>{type[(close + 1)..]}";
    }
}
