namespace Platform.Evaluation.Collections;

/// <summary>What the reference documentation says of one member.</summary>
/// <param name="Id">The documentation id, for example <c>M:System.String.Trim</c>, without whitespace.</param>
/// <param name="Summary">One line; empty where there is none.</param>
/// <param name="ParameterNames">In order.</param>
/// <param name="TypeParameterNames">In order.</param>
/// <param name="Body">All but the summary, a part a line.</param>
internal sealed record DotNetMember(
    string Id, string Summary, IReadOnlyList<string> ParameterNames, IReadOnlyList<string> TypeParameterNames, string Body);
