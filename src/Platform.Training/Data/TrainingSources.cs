using System.Runtime.CompilerServices;
using Platform.Evaluation.Collections;
using Platform.Training.Recipes;

namespace Platform.Training.Data;

/// <summary>Streams the examples of a recipe's sources, every passage with its text.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="folder">What its paths are relative to.</param>
internal sealed class TrainingSources(TrainingRecipe recipe, string folder)
{
    private DotNetPairs? _dotnet;

    /// <summary>The development set of the recipe; null for none.</summary>
    /// <exception cref="RecipeException">It names no collection and has no .NET reference data either.</exception>
    public async Task<DevelopmentSet?> DevelopmentAsync(CancellationToken cancellationToken)
    {
        if (recipe.Development is not { } development)
        {
            return null;
        }

        if (development.Collection is { } collection)
        {
            return await DevelopmentSet.ReadAsync(PathOf(collection), development.Split, development.Queries, development.Documents, cancellationToken);
        }

        DotNetRecipe? dotnet = recipe.Data.Select(source => source.DotNetReference).FirstOrDefault(source => source is not null);
        return dotnet is null
            ? throw new RecipeException(recipe.Name, ["development names no collection, and no source is the .NET reference; name a BEIR folder, or leave development out"])
            : DotNetOf(dotnet, cancellationToken).Development(development);
    }

    /// <summary>All examples, source by source.</summary>
    /// <exception cref="TrainingFormatException">A file is broken, or a passage's id is not in its collection.</exception>
    public async IAsyncEnumerable<SourcedExample> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (DataRecipe source in recipe.Data)
        {
            IAsyncEnumerable<SourcedExample> examples = source.DotNetReference is { } dotnet
                ? DotNetOf(dotnet, cancellationToken).Examples().ToAsyncEnumerable()
                : FromFileAsync(source, cancellationToken);
            await foreach (SourcedExample example in examples.Take(source.Limit ?? int.MaxValue).WithCancellation(cancellationToken))
            {
                yield return example;
            }
        }
    }

    private async IAsyncEnumerable<SourcedExample> FromFileAsync(DataRecipe source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string path = PathOf(source.File!);
        Dictionary<string, CollectionDocument> texts = source.Collection is null ? [] : await TextsAsync(path, source, cancellationToken);
        await foreach (SourcedExample sourced in TrainingReader.ReadWithLinesAsync(path, source.Format, cancellationToken))
        {
            TrainingPassage Complete(TrainingPassage passage) => passage.Text is not null ? passage
                : texts.TryGetValue(passage.Id!, out CollectionDocument? document) ? passage with { Title = document.Title, Text = document.Text }
                : throw sourced.Fault(
                    $"the passage id '{passage.Id}'",
                    source.Collection is null ? "passages with texts" : $"an id of '{source.Collection}'",
                    source.Collection is null ? "Name the collection that has the texts, in the recipe's source." : "Use the collection that the file was made from.");
            yield return sourced with
            {
                Example = sourced.Example with
                {
                    Positives = [.. sourced.Example.Positives.Select(Complete)],
                    Negatives = [.. sourced.Example.Negatives.Select(Complete)],
                },
            };
        }
    }

    /// <summary>The documents that the file names, and no others.</summary>
    private async Task<Dictionary<string, CollectionDocument>> TextsAsync(string path, DataRecipe source, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [];
        await foreach (SourcedExample sourced in TrainingReader.ReadWithLinesAsync(path, source.Format, cancellationToken))
        {
            wanted.UnionWith(sourced.Example.Positives.Concat(sourced.Example.Negatives).Where(passage => passage.Text is null).Select(passage => passage.Id!));
        }

        return await BeirCollection.Open(PathOf(source.Collection!)).ReadDocumentsAsync(cancellationToken)
            .Where(document => wanted.Contains(document.Id))
            .ToDictionaryAsync(document => document.Id, cancellationToken: cancellationToken);
    }

    private DotNetPairs DotNetOf(DotNetRecipe dotnet, CancellationToken cancellationToken) => _dotnet ??= DotNetPairs.Open(dotnet, cancellationToken);

    private string PathOf(string relative) => Path.GetFullPath(Path.Combine(folder, relative));
}
