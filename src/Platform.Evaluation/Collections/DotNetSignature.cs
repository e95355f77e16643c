using System.Text;

namespace Platform.Evaluation.Collections;

/// <summary>Readable names from documentation ids (C# specification, annex D.4.2).</summary>
internal static class DotNetSignature
{
    /// <summary>The whole signature, as C# would write it: <c>System.String.Substring(int startIndex)</c>.</summary>
    /// <param name="member">The member.</param>
    /// <param name="typeParametersOf">The type parameters of a type by its id (<c>T:…</c>); empty where unknown.</param>
    public static string Of(DotNetMember member, Func<string, IReadOnlyList<string>> typeParametersOf)
    {
        string id = member.Id[2..];
        if (member.Id[0] == 'T')
        {
            return TypeName(id, typeParametersOf);
        }

        (string path, string parameters, string returned) = Split(id);
        int dot = LastDot(path);
        string type = path[..Math.Max(dot, 0)];
        DotNetTypeNames names = new(typeParametersOf("T:" + type), member.TypeParameterNames);
        StringBuilder text = new(TypeName(type, typeParametersOf));
        text.Append('.').Append(MemberName(path[(dot + 1)..], type, names));
        if (member.Id[0] == 'M' || parameters.Length > 0)
        {
            (char open, char close) = member.Id[0] == 'M' ? ('(', ')') : ('[', ']');
            text.Append(open).AppendJoin(", ", Parameters(parameters, member.ParameterNames, names)).Append(close);
        }

        return returned.Length == 0 ? text.ToString() : text.Append(" : ").Append(names.Readable(returned)).ToString();
    }

    /// <summary>The last name of a type, or the last two of a member: <c>String</c>, <c>String.Empty</c>.</summary>
    public static string ShortNameOf(string reference)
    {
        bool hasKind = reference.Length > 2 && reference[1] == ':';
        (string path, _, _) = Split(hasKind ? reference[2..] : reference);
        int dot = LastDot(path);
        bool isMember = hasKind && reference[0] is 'M' or 'P' or 'F' or 'E';
        if (dot < 0 || !isMember)
        {
            return DotNetTypeNames.WithoutArity(path[(dot + 1)..]);
        }

        string type = DotNetTypeNames.WithoutArity(path[(LastDot(path[..dot]) + 1)..dot]);
        string member = path[(dot + 1)..];
        return member is "#ctor" ? type : $"{type}.{DotNetTypeNames.WithoutArity(member)}";
    }

    /// <summary>Identifies a member up to its overloads: the id without arity, parameters and return type.</summary>
    public static string OverloadsOf(string id)
    {
        (string path, _, _) = Split(id);
        int arity = path.LastIndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? path : path[..arity];
    }

    /// <summary>A few ids (function pointers) have spaces, which a TREC file cannot hold.</summary>
    public static string WithoutWhitespace(string id) =>
        id.Contains(' ', StringComparison.Ordinal) ? id.Replace(" ", "", StringComparison.Ordinal) : id;

    private static (string Path, string Parameters, string Returned) Split(string id)
    {
        int open = id.IndexOf('(', StringComparison.Ordinal);
        int tilde = id.LastIndexOf('~');
        string returned = tilde < 0 ? "" : id[(tilde + 1)..];
        string rest = tilde < 0 ? id : id[..tilde];
        return open < 0 || !rest.EndsWith(')') ? (rest, "", returned) : (rest[..open], rest[(open + 1)..^1], returned);
    }

    /// <summary>The dot before the last name; an explicit implementation's own dots are written #.</summary>
    private static int LastDot(string path)
    {
        int brace = path.IndexOf('{', StringComparison.Ordinal);
        return (brace < 0 ? path : path[..brace]).LastIndexOf('.');
    }

    /// <summary>A type with its namespace, each arity replaced by names.</summary>
    private static string TypeName(string type, Func<string, IReadOnlyList<string>> typeParametersOf)
    {
        StringBuilder text = new();
        string path = "";
        foreach (string part in type.Split('.'))
        {
            path = path.Length == 0 ? part : $"{path}.{part}";
            text.Append(text.Length == 0 ? "" : ".").Append(DotNetTypeNames.WithoutArity(part));
            if (DotNetTypeNames.ArityOf(part) is int arity and > 0)
            {
                IReadOnlyList<string> names = typeParametersOf("T:" + path);
                text.Append('<').AppendJoin(", ", Enumerable.Range(0, arity)
                    .Select(i => DotNetTypeNames.ParameterName(names, i))).Append('>');
            }
        }

        return text.ToString();
    }

    private static string MemberName(string name, string type, DotNetTypeNames names)
    {
        if (name is "#ctor" or "#cctor")
        {
            return DotNetTypeNames.WithoutArity(type[(type.LastIndexOf('.') + 1)..]);
        }

        int arity = name.Contains("``", StringComparison.Ordinal) ? DotNetTypeNames.ArityOf(name) : 0;
        string plain = arity == 0 ? name : name[..name.LastIndexOf("``", StringComparison.Ordinal)];
        plain = plain.Contains('#', StringComparison.Ordinal) ? ExplicitName(plain, names) : plain;
        plain = plain.StartsWith("op_", StringComparison.Ordinal) ? $"operator {plain[3..]}" : plain;
        return arity == 0 ? plain
            : $"{plain}<{string.Join(", ", Enumerable.Range(0, arity).Select(names.MethodParameterName))}>";
    }

    /// <summary>An explicit implementation: the interface, then the member, with # for dots and @ for commas.</summary>
    private static string ExplicitName(string name, DotNetTypeNames names)
    {
        int last = name.LastIndexOf('#');
        string implemented = name[..last].Replace('#', '.').Replace('@', ',');
        return $"{names.Readable(implemented)}.{name[(last + 1)..]}";
    }

    private static IEnumerable<string> Parameters(string parameters, IReadOnlyList<string> parameterNames, DotNetTypeNames names)
    {
        string[] types = [.. DotNetTypeNames.SplitTypes(parameters)];
        for (int i = 0; i < types.Length; i++)
        {
            string type = names.Readable(types[i]);
            yield return parameterNames.Count == types.Length ? $"{type} {parameterNames[i]}" : type;
        }
    }
}
