using System.Globalization;
using Platform.Abstractions.Grains;
using Platform.Abstractions.Records;

namespace Platform.Silo.Grains;

/// <summary>Puts words in place of a model's term ids.</summary>
internal static class TermTexts
{
    /// <summary>The hits with the text of each term that matched; an id without a text stays in digits.</summary>
    public static async Task<FoundDocument[]> FillAsync(FoundDocument[] hits, IEncoderGrain encoder, CancellationToken cancellationToken)
    {
        int[] ids = [.. hits.SelectMany(hit => hit.Matches ?? []).Select(match => IdOf(match)).Distinct()];
        if (ids.Length == 0)
        {
            return hits;
        }

        string[] texts = await encoder.GetTermTextsAsync(ids, cancellationToken).WaitAsync(cancellationToken);
        Dictionary<int, string> textOf = ids.Zip(texts).Where(pair => pair.Second.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. hits.Select(hit => hit with { Matches = hit.Matches is null ? null : [.. hit.Matches.Select(WithText)] })];

        TermMatch WithText(TermMatch match) => match with { Term = textOf.GetValueOrDefault(IdOf(match), match.Term) };
    }

    private static int IdOf(TermMatch match) => int.Parse(match.Term, CultureInfo.InvariantCulture);
}
