using System.CommandLine;
using System.Globalization;
using Platform.Cli.Commands.Models;
using Platform.Cli.Output;
using Platform.Encoders.Models;
using Platform.Training.Mining;
using Platform.Training.Recipes;

namespace Platform.Cli.Commands.Training;

/// <summary><c>platform train mine RECIPE.json OUT.jsonl</c></summary>
internal sealed class TrainMineCommand : StoreCommand
{
    private const int ToldEvery = 1000;

    private readonly Argument<string> _recipe = new("RECIPE") { Description = "A recipe, whose data give queries, positives and passages." };
    private readonly Argument<string> _out = new("OUT") { Description = "The file to write: examples with negatives, one JSON object a line." };
    private readonly Option<string?> _model = new("--model") { HelpName = "MODEL", Description = "A sparse model that searches, as ID@VERSION or ID/VERSION. Without it BM25." };
    private readonly Option<string> _ranks = new("--ranks") { HelpName = "A-B", Description = "The ranks that negatives are drawn from.", DefaultValueFactory = _ => "1-100" };
    private readonly Option<int> _negatives = new("--negatives") { HelpName = "N", Description = "Negatives an example.", DefaultValueFactory = _ => 8 };
    private readonly Option<double> _margin = new("--margin") { HelpName = "X", Description = "Leave out what scores X times its best positive or more: likely an answer too.", DefaultValueFactory = _ => 0.95 };

    public TrainMineCommand(Terminal terminal)
        : base(terminal, "mine", "search hard negatives for training examples")
    {
        Details = ["Indexes every passage of the recipe's data, searches each query, and draws negatives from what it finds and is no answer."];
        Examples =
        [
            new("platform train mine nano-sparse.json negatives.jsonl", "Mine with BM25"),
            new("platform train mine my.json hard.jsonl --model my-model@1f0a2b3c4d5e --ranks 10-200 --negatives 16", "Mine with a model"),
        ];
        Add(_recipe);
        Add(_out);
        Add(_model);
        Add(_ranks);
        Add(_negatives);
        Add(_margin);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(arguments.GetRequiredValue(_recipe));
        string target = Path.GetFullPath(arguments.GetRequiredValue(_out));
        string[] ranks = arguments.GetRequiredValue(_ranks).Split('-');
        if (ranks.Length != 2 || !int.TryParse(ranks[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ranks[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
        {
            throw CommandFaultException.Usage($"--ranks is '{arguments.GetValue(_ranks)}'; it must be two numbers, for example 10-100.");
        }

        var request = new MiningRequest
        {
            Recipe = RecipeFile.Read(path),
            RecipeFolder = Path.GetDirectoryName(path)!,
            Model = arguments.GetValue(_model) is { } model ? ModelOf(store, model) : null,
            FirstRank = first,
            LastRank = last,
            Negatives = arguments.GetValue(_negatives),
            MostOfPositive = arguments.GetValue(_margin),
        };
        if (request.Fault() is { } fault)
        {
            throw CommandFaultException.Usage(fault);
        }

        bool json = arguments.GetValue(Json);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            MiningResult result;
            await using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                result = await HardNegativeMiner.RunAsync(request, output, json ? null : new Count(Terminal), cancellationToken);
            }

            File.Move(temporary, target, overwrite: true);
            if (json)
            {
                JsonOutput.Write(Terminal, result, JsonOutput.Readable.MiningResult);
            }
            else
            {
                Terminal.Print($"Wrote {Figures.Count(result.Examples, "example")} with {Figures.Count(result.Negatives, "negative")} from {Figures.Count(result.Passages, "passage")} to {target}; {Figures.Count(result.WithoutNegatives, "example")} without negatives left out.");
            }

            return ExitCodes.Ok;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static StoredModel ModelOf(ModelStore store, string name)
    {
        string folder = store.Resolve(name.Replace('@', '/'));
        return ModelManifest.Find(folder) is { } manifest ? new StoredModel(folder, manifest) : throw CommandFaultException.Usage($"'{name}' is no model of the store. Import it first.");
    }

    private sealed class Count(Terminal terminal) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value % ToldEvery == 0)
            {
                terminal.Say($"Mined {Figures.Count(value, "example")} ...");
            }
        }
    }
}
