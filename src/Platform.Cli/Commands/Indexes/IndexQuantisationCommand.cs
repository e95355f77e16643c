using System.CommandLine;
using Platform.Cli.Commands.Interchange;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Platform.Indexing.Sparse;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index quantisation INDEX DOCUMENTS QUERIES</c></summary>
internal sealed class IndexQuantisationCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();
    private readonly Argument<string> _documents = new("DOCUMENTS") { Description = "Document vectors in floats, a JsonVector a line: {\"id\": \"7\", \"vector\": {\"12\": 0.5}}." };
    private readonly Argument<string> _queries = new("QUERIES") { Description = "Query vectors in floats, likewise." };
    private readonly Option<string?> _vocabulary = VocabularyOption.New();

    public IndexQuantisationCommand(Terminal terminal)
        : base(terminal, "quantisation", "measure what an index's 8-bit weights and pruning cost")
    {
        Details =
        [
            "An index keeps impacts of 8 bits and not the floats they were made of, so the floats come from files. The command shapes them "
            + "as the index would (its largest weight, its pruning), scores every document for every query both ways, and prints the errors "
            + "of weights and scores and how many of the ten best are the same. Nothing is written into the index. The vectors are held in "
            + "memory, 12 bytes a weight: a sample of some ten thousand documents tells enough.",
        ];
        Examples =
        [
            new("platform index quantisation passages sample.jsonl queries.jsonl", "See the errors of scores and the overlap of the ten best"),
            new("platform index quantisation passages sample.jsonl queries.jsonl --json | jq .quantisation.overlapAt10", "One number for another program"),
        ];
        Add(_name);
        Add(_documents);
        Add(_queries);
        Add(_vocabulary);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        IndexDescription index = await client.GetIndexAsync(name, cancellationToken)
            ?? throw CommandFaultException.Failed($"There is no index '{name}'. 'platform index list' shows what there is.");
        TermVocabulary vocabulary = VocabularyOption.Read(arguments.GetValue(_vocabulary));
        SparseSpec sparse = index.Sparse;
        var study = new QuantisationStudy(sparse.MaxWeight, sparse.TopTermsPerDocument, sparse.MinWeight, sparse.TopTermsPerQuery);
        foreach (InterchangeDocument document in VectorLines.Read(arguments.GetRequiredValue(_documents), vocabulary))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Array.Exists(document.Weights, weight => weight < 0))
            {
                throw CommandFaultException.Failed($"Document '{document.Key}' has a weight below 0; document weights are above 0. Leave the term out.");
            }

            study.AddDocument(document.TermIds, document.Weights);
        }

        QuantisationReport report = study.Compare(
            VectorLines.Read(arguments.GetRequiredValue(_queries), vocabulary).Select(query => (query.TermIds, query.Weights)), cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, report, JsonOutput.Readable.QuantisationReport);
        }
        else
        {
            SparseTables.Write(Terminal, report);
        }

        return ExitCodes.Ok;
    }
}
