using Platform.Evaluation.Runs;

namespace Platform.Evaluation.Collections;

/// <summary>The .NET reference documentation that every SDK carries, as a collection: find a member by its summary.</summary>
/// <remarks>
/// A document is a member: its id is the documentation id, its title the signature, its text the words of its name and all
/// its documentation but the summary. A query is the summary of a member, sampled by a hash of ids; relevant are that member
/// and those of its overloads that share the summary. A summary shared by members that are not overloads of one another is no
/// query. Where several packs or versions have a member, the newest counts. The same SDK gives the same collection. Held in
/// memory: SDK 10.0.401 has 83,471 members.
/// </remarks>
public sealed class DotNetReference : IRetrievalCollection
{
    /// <summary>The one split.</summary>
    public const string Split = "test";

    /// <summary>Queries taken where the caller names no number.</summary>
    public const int DefaultQueryCount = 1000;

    private readonly IReadOnlyList<CollectionDocument> _documents;
    private readonly IReadOnlyList<DotNetReferenceQuery> _queries;

    private DotNetReference(
        IReadOnlyList<CollectionDocument> documents, int summaryCount, IReadOnlyList<DotNetReferenceQuery> queries, int eligible)
    {
        _documents = documents;
        _queries = queries;
        SummaryCount = summaryCount;
        EligibleQueryCount = eligible;
    }

    /// <inheritdoc/>
    public string Name => "dotnet-reference";

    /// <inheritdoc/>
    public IReadOnlyList<string> Splits { get; } = [Split];

    /// <summary>All documents, by pack, file and place in the file.</summary>
    public IReadOnlyList<CollectionDocument> Documents => _documents;

    /// <summary>The sampled queries, by ascending hash.</summary>
    public IReadOnlyList<CollectionQuery> Queries => [.. _queries.Select(query => new CollectionQuery(query.Id, query.Text))];

    /// <summary>Members that have a summary.</summary>
    public int SummaryCount { get; }

    /// <summary>Queries that the documentation would give in all.</summary>
    public int EligibleQueryCount { get; }

    /// <summary>Reads the documentation, in a few seconds.</summary>
    /// <param name="queryCount">How many queries to take, 1 or more; all where there are fewer.</param>
    /// <param name="dotnetRoot">The folder of an SDK; null takes DOTNET_ROOT, else the running runtime's, else that of
    /// <c>dotnet</c> on the path.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="CollectionFormatException">No SDK with documentation was found (the message says where this looked),
    /// or a file is not XML.</exception>
    public static DotNetReference Open(
        int queryCount = DefaultQueryCount, string? dotnetRoot = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queryCount, 1);
        List<DotNetMember> members = [];
        DotNetReferenceReader reader = new();
        foreach (string path in DotNetReferencePacks.Find(dotnetRoot))
        {
            cancellationToken.ThrowIfCancellationRequested();
            members.AddRange(reader.Read(path));
        }

        Dictionary<string, IReadOnlyList<string>> typeParameters = members
            .Where(member => member.TypeParameterNames.Count > 0 && member.Id[0] == 'T')
            .ToDictionary(member => member.Id, member => member.TypeParameterNames);
        CollectionDocument[] documents =
        [
            .. members.Select(member => DocumentOf(
                member, DotNetSignature.Of(member, id => typeParameters.GetValueOrDefault(id, [])))),
        ];
        IReadOnlyList<DotNetReferenceQuery> eligible = DotNetReferenceQuery.From(members);
        return new(documents, members.Count(member => member.Summary.Length > 0), [.. eligible.Take(queryCount)], eligible.Count);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CollectionDocument> ReadDocumentsAsync(CancellationToken cancellationToken = default) =>
        _documents.ToAsyncEnumerable();

    /// <inheritdoc/>
    public IAsyncEnumerable<CollectionQuery> ReadQueriesAsync(string? split = null, CancellationToken cancellationToken = default)
    {
        CheckSplit(split ?? Split);
        return Queries.ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Qrels ReadQrels(string split)
    {
        CheckSplit(split);
        return Qrels.Create(
            from query in _queries
            from documentId in query.RelevantIds
            select (query.Id, documentId, Grade: 1));
    }

    private static CollectionDocument DocumentOf(DotNetMember member, string signature)
    {
        string words = DotNetWords.OfName(signature);
        return new(member.Id, signature, member.Body.Length == 0 ? words : $"{words}\n{member.Body}");
    }

    private void CheckSplit(string split)
    {
        if (!string.Equals(split, Split, StringComparison.Ordinal))
        {
            throw CollectionFormatException.Of(Name, $"no split '{split}'", $"'{Split}'", "Name the split that exists.");
        }
    }
}
