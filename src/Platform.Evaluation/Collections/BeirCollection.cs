using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Platform.Evaluation.Runs;
using Platform.Evaluation.Text;

namespace Platform.Evaluation.Collections;

/// <summary>A collection in BEIR layout: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv.</summary>
/// <remarks>
/// Nothing is held in memory but the split asked for, and the ids of the queries read. A repeated document id is not
/// noticed: an index takes the later document. Thakur et al. 2021, arXiv:2104.08663.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A test collection is the field's word, not a .NET collection.")]
public sealed class BeirCollection : IRetrievalCollection
{
    private const string CorpusFile = "corpus.jsonl";
    private const string QueriesFile = "queries.jsonl";
    private const string QrelsFolder = "qrels";

    private readonly string _folder;

    private BeirCollection(string folder, string name, IReadOnlyList<string> splits)
    {
        _folder = folder;
        Name = name;
        Splits = splits;
    }

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits { get; }

    /// <summary>Opens a folder; the files are read when asked for, but have to be there now.</summary>
    /// <exception cref="CollectionFormatException">The folder, corpus.jsonl or queries.jsonl is missing.</exception>
    public static BeirCollection Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw CollectionFormatException.Of(folder, "no such folder",
                $"a folder with {CorpusFile}, {QueriesFile} and {QrelsFolder}/SPLIT.tsv", "Check the path.");
        }

        foreach (string file in new[] { CorpusFile, QueriesFile })
        {
            if (!File.Exists(Path.Combine(folder, file)))
            {
                throw CollectionFormatException.MissingFile(Path.Combine(folder, file), "a collection in BEIR layout");
            }
        }

        string qrels = Path.Combine(folder, QrelsFolder);
        string[] splits = Directory.Exists(qrels)
            ? [.. Directory.GetFiles(qrels, "*.tsv").Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)]
            : [];
        return new(folder, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), splits);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CollectionDocument> ReadDocumentsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using Utf8Lines lines = Utf8Lines.Open(Path.Combine(_folder, CorpusFile), "documents, one JSON object a line");
        while (await lines.ReadAsync(cancellationToken) is ReadOnlyMemory<byte> line)
        {
            if (!Fields.IsBlank(line.Span))
            {
                BeirRecord record = BeirRecord.Parse(lines, line.Span);
                yield return new(record.Id, record.Title, record.Text);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CollectionQuery> ReadQueriesAsync(
        string? split = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HashSet<string>? judged = split is null ? null : [.. ReadQrels(split).QueryIds];
        HashSet<string> seen = [];
        using Utf8Lines lines = Utf8Lines.Open(Path.Combine(_folder, QueriesFile), "queries, one JSON object a line");
        while (await lines.ReadAsync(cancellationToken) is ReadOnlyMemory<byte> line)
        {
            if (Fields.IsBlank(line.Span))
            {
                continue;
            }

            BeirRecord record = BeirRecord.Parse(lines, line.Span);
            if (!seen.Add(record.Id))
            {
                throw CollectionFormatException.At(lines.Path, lines.LineNumber, $"query id '{record.Id}' a second time",
                    "each query once", "Remove or rename one of the two.");
            }

            if (judged is null || judged.Contains(record.Id))
            {
                yield return new(record.Id, record.Text);
            }
        }
    }

    /// <inheritdoc/>
    public Qrels ReadQrels(string split)
    {
        if (!Splits.Contains(split, StringComparer.Ordinal))
        {
            throw CollectionFormatException.Of(Path.Combine(_folder, QrelsFolder), $"no split '{split}'",
                Splits.Count == 0 ? $"{QrelsFolder}/{split}.tsv" : $"one of {string.Join(", ", Splits)}",
                "Name a split that exists, or add its file.");
        }

        return Qrels.Read(Path.Combine(_folder, QrelsFolder, split + ".tsv"));
    }
}
