using Platform.Evaluation.Collections;
using Platform.Evaluation.Runs;
using Platform.Training.Recipes;

namespace Platform.Training.Data;

/// <summary>The .NET reference documentation as training data: a summary is a query, the members that share it are its passages.</summary>
/// <remarks>
/// Queries come in a fixed order; the first ones, which the demo and the evaluator draw, are held out, the next are the development set, and the
/// rest are trained on.
/// </remarks>
internal sealed class DotNetPairs
{
    /// <summary>How it is named in messages, cards and hashes.</summary>
    public const string Name = "dotnet-reference";

    private readonly DotNetReference _reference;
    private readonly Qrels _qrels;
    private readonly Dictionary<string, CollectionDocument> _documents;
    private readonly DotNetRecipe _recipe;

    private DotNetPairs(DotNetReference reference, DotNetRecipe recipe)
    {
        _reference = reference;
        _recipe = recipe;
        _qrels = reference.ReadQrels(DotNetReference.Split);
        _documents = reference.Documents.ToDictionary(document => document.Id);
    }

    /// <summary>Reads the documentation of the SDK that is here.</summary>
    /// <exception cref="CollectionFormatException">There is none.</exception>
    public static DotNetPairs Open(DotNetRecipe recipe, CancellationToken cancellationToken) =>
        new(DotNetReference.Open(int.MaxValue, cancellationToken: cancellationToken), recipe);

    /// <summary>The examples that may be trained on.</summary>
    public IEnumerable<SourcedExample> Examples()
    {
        long number = 0;
        foreach (CollectionQuery query in _reference.Queries.Skip(_recipe.HeldOut + _recipe.Development))
        {
            TrainingPassage[] positives = [.. _qrels.JudgementsOf(query.Id).Select(judgement => PassageOf(_documents[judgement.DocumentId]))];
            yield return new SourcedExample(Name, ++number, new TrainingExample(query.Id, query.Text, positives, []));
        }
    }

    /// <summary>The development set.</summary>
    public DevelopmentSet Development(DevelopmentRecipe recipe)
    {
        CollectionQuery[] queries = [.. _reference.Queries.Skip(_recipe.HeldOut).Take(Math.Min(_recipe.Development, recipe.Queries))];
        return DevelopmentSet.Of(_reference.Documents, queries, _qrels, recipe.Documents);
    }

    private static TrainingPassage PassageOf(CollectionDocument document) => new(document.Id, document.Title, document.Text, TeacherScore: null);
}
