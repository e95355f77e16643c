namespace Platform.Encoders.Contract;

/// <summary>A field in which two contracts differ, with both values as JSON.</summary>
/// <param name="Field">The field's name in <c>contract.json</c>.</param>
/// <param name="Left">The first contract's value.</param>
/// <param name="Right">The second contract's value.</param>
public sealed record ContractDifference(string Field, string Left, string Right);
