namespace Platform.Encoders.Contract;

/// <summary>Compares contracts field by field.</summary>
public static class ContractComparison
{
    /// <summary>The fields that differ, by name; none if the contracts are equal.</summary>
    public static IReadOnlyList<ContractDifference> Difference(EncoderContract left, EncoderContract right) =>
    [
        .. ContractFields.Of(left).Zip(ContractFields.Of(right))
            .Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => new ContractDifference(pair.First.Name, pair.First.Value, pair.Second.Value)),
    ];

    /// <summary>For example <c>bos is 128000 in the index and null in the query</c>; a difference each, separated by semicolons.</summary>
    /// <param name="differences">What differs.</param>
    /// <param name="left">What the first contract belongs to, for example <c>the index</c>.</param>
    /// <param name="right">What the second contract belongs to.</param>
    public static string Describe(IReadOnlyList<ContractDifference> differences, string left, string right) =>
        string.Join("; ", differences.Select(difference => $"{difference.Field} is {difference.Left} in {left} and {difference.Right} in {right}"));
}
