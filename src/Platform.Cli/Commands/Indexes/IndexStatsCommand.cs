using System.CommandLine;
using Platform.Cli.Commands.Interchange;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index stats INDEX</c></summary>
internal sealed class IndexStatsCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();
    private readonly Option<string?> _queries = new("--queries")
    {
        HelpName = "FILE",
        Description = "Query vectors, one a line: {\"id\": \"7\", \"vector\": {\"12\": 0.5}}; their expected FLOPS are shown.",
    };

    private readonly Option<string?> _vocabulary = VocabularyOption.New();

    public IndexStatsCommand(Terminal terminal)
        : base(terminal, "stats", "measure an index and each of its shards")
    {
        Details =
        [
            "The exit status is 3 where a shard did not answer: the sums then cover only the others.",
            "Of sparse vectors it shows non-zeros, expected FLOPS (multiplications of a query with a document, by the shares of both that have "
            + "a term), bytes a posting by part, and how the order of documents makes postings lie, beside the expectation for a random "
            + "order. FLOPS take documents for queries, and with --queries the queries of a file as well. Documents that are deleted and not yet "
            + "dropped by a merge count.",
        ];
        Examples =
        [
            new("platform index stats articles", "See documents, postings, bytes and silos, shard by shard"),
            new(
                "platform index stats articles --json | jq .documents",
                "The number of searchable documents for another program"),
            new(
                "platform index stats passages --queries queries.jsonl",
                "See the expected FLOPS of queries, a JsonVector a line"),
        ];
        Add(_name);
        Add(_queries);
        Add(_vocabulary);
        Complete();
    }

    protected override async Task<int> AskAsync(
        PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        IndexStatistics statistics = await client.GetSparseStatisticsAsync(name, cancellationToken);
        if (arguments.GetValue(_queries) is { } queries && statistics.Sparse is { } measured)
        {
            TermVocabulary vocabulary = VocabularyOption.Read(arguments.GetValue(_vocabulary));
            int topTerms = (await client.GetIndexAsync(name, cancellationToken))?.Sparse.TopTermsPerQuery ?? 0;
            measured.ExpectedQueryFlops = await QueryFlops.OfAsync(client, name, VectorLines.Read(queries, vocabulary), topTerms, cancellationToken);
        }

        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, statistics, JsonOutput.Readable.IndexStatistics);
        }
        else
        {
            IndexTables.WriteStatistics(Terminal, name, statistics);
            if (statistics.Sparse is { Postings: > 0 } sparse)
            {
                SparseTables.Write(Terminal, sparse);
            }
        }

        return CoverageLine.ExitCode(Terminal, statistics.Sparse is { Coverage.Complete: false } partial ? partial.Coverage : statistics.Coverage);
    }
}
