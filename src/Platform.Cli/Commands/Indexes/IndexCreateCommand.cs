using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index create INDEX</c></summary>
internal sealed class IndexCreateCommand : ClientCommand
{
    private readonly Argument<string> _name = new("INDEX")
    {
        Description = "The new name: 1 to 63 of a-z 0-9 . _ -, starting with a letter or digit.",
    };

    private readonly Option<int> _shards = new("--shards")
    {
        HelpName = "N",
        Description = "Shards, a power of two from 1 to 64.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> _encoder = new("--encoder")
    {
        HelpName = "NAME",
        Description = "What turns text into vectors: lexical (BM25), a model as id@version, or none for given vectors only.",
        DefaultValueFactory = _ => "lexical",
    };

    private readonly Bm25Options _bm25 = new();
    private readonly DenseOptions _dense = new();
    private readonly FieldOptions _fields = new();

    private readonly Option<double> _maxWeight = new("--max-weight")
    {
        HelpName = "X",
        Description = "The largest weight of a given sparse vector, above 0 and at most 1,000,000.",
        DefaultValueFactory = _ => 5.1,
    };

    private readonly Option<int> _topTermsPerDocument = new("--top-terms-per-document")
    {
        HelpName = "N",
        Description = "Index-time pruning: the strongest terms of a document's sparse vector that are kept; 0 for all.",
    };

    private readonly Option<double> _minWeight = new("--min-weight")
    {
        HelpName = "X",
        Description = "Index-time pruning: weights of a document below this are dropped; 0 for none.",
    };

    private readonly Option<int> _topTermsPerQuery = new("--top-terms-per-query")
    {
        HelpName = "N",
        Description = "The strongest terms of a query's sparse vector that are searched; 0 for all.",
    };

    public IndexCreateCommand(Terminal terminal)
        : base(terminal, "create", "create an index")
    {
        Details = ["Nothing of what is given here can change later, but for the shards: 'platform index split' and 'merge' change them."];
        Examples =
        [
            new("platform index create articles", "Make an index with the defaults"),
            new(
                "platform index create articles --shards 8 --k1 1.2 --b 0.75",
                "Make one of eight shards with Lucene's constants"),
            new(
                "platform index create articles --encoder lion-1b@v1",
                "Make one whose text a model of the store turns into learned sparse vectors"),
            new(
                "platform index create vectors --encoder none --max-weight 12",
                "Make one for sparse vectors of your own"),
            new(
                "platform index create passages --encoder lion-1b@v1 --top-terms-per-document 400 --top-terms-per-query 40",
                "Make one that keeps the strongest terms only: smaller and faster, at nearly equal quality"),
            new(
                "platform index create vectors --encoder none --dense-dimensions 768 --dense-precision int8",
                "Make one for dense vectors of your own, kept in 8 bits a component"),
            new(
                "platform index create articles --dense-encoder lion-1b-dense@v1",
                "Make one that is searched by words, by a model's dense vectors, or by both"),
            new(
                "platform index create articles --field lang=keyword --field tags=keywords --field year=number",
                "Make one whose documents are filtered by language, tags and year"),
        ];
        Add(_name);
        Add(_shards);
        Add(_encoder);
        foreach (Option option in _bm25.All)
        {
            Add(option);
        }

        Add(_maxWeight);
        Add(_topTermsPerDocument);
        Add(_minWeight);
        Add(_topTermsPerQuery);
        foreach (Option option in _dense.All.Concat(_fields.All))
        {
            Add(option);
        }

        Complete();
    }

    protected override async Task<int> AskAsync(
        PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        IndexDescription index = await client.CreateIndexAsync(
            new IndexSpec
            {
                Name = arguments.GetRequiredValue(_name),
                Shards = arguments.GetValue(_shards),
                Encoder = arguments.GetRequiredValue(_encoder),
                Bm25 = _bm25.Read(arguments),
                Sparse = new SparseSpec
                {
                    MaxWeight = arguments.GetValue(_maxWeight),
                    TopTermsPerDocument = arguments.GetValue(_topTermsPerDocument),
                    MinWeight = arguments.GetValue(_minWeight),
                    TopTermsPerQuery = arguments.GetValue(_topTermsPerQuery),
                },
                Dense = _dense.Read(arguments),
                Fields = _fields.Read(arguments),
            },
            cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, index, JsonOutput.Readable.IndexDescription);
        }
        else
        {
            Terminal.Print(
                $"Created index '{index.Name}': {Figures.Count(index.Shards, "shard")}, encoder {index.Encoder}{DenseOptions.Describe(index.Dense)}{FieldOptions.Describe(index.Fields)}.");
        }

        return ExitCodes.Ok;
    }
}
