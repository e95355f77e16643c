using System.CommandLine;

namespace Platform.Cli.Commands.Interchange;

/// <summary>The names of file formats on a command line.</summary>
internal static class InterchangeFormats
{
    /// <summary>Anserini's JsonVectorCollection.</summary>
    public const string JsonVector = "jsonvector";

    /// <summary>The Common Index File Format.</summary>
    public const string Ciff = "ciff";

    /// <summary>Sparse matrices of big-ann-benchmarks.</summary>
    public const string Csr = "csr";

    /// <summary>The service's own bulk lines, which 'platform ingest' reads.</summary>
    public const string Items = "items";

    /// <summary>Makes the option <c>--format</c>.</summary>
    public static Option<string> NewOption(string purpose, params string[] formats)
    {
        var option = new Option<string>("--format") { HelpName = "NAME", Required = true, Description = $"{purpose}{string.Join(", ", formats)}." };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
