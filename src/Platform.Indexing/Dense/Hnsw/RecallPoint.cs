using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>What a graph gives at one width of the beam.</summary>
/// <param name="Ef">The width.</param>
/// <param name="Recall">Of the k best of the exact scan, the share that was found; another document of the same score counts.</param>
/// <param name="MedianLatency">Of a query, on one thread.</param>
/// <param name="P95Latency">95 of 100 queries took no longer.</param>
/// <param name="Codes">Products with codes a query.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecallPoint(int Ef, double Recall, TimeSpan MedianLatency, TimeSpan P95Latency, double Codes);
