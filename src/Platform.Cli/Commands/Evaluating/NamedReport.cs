using Platform.Evaluation.Reports;

namespace Platform.Cli.Commands.Evaluating;

/// <summary>A report beside others.</summary>
/// <param name="Name">What it is of, for example <c>hybrid</c>.</param>
/// <param name="Report">The numbers.</param>
internal sealed record NamedReport(string Name, EvaluationReport Report);
