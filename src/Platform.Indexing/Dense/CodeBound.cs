using System.Runtime.InteropServices;

namespace Platform.Indexing.Dense;

/// <summary>What belongs to a code; see <see cref="Int8Quantiser"/>.</summary>
/// <param name="Scale">The value of one step.</param>
/// <param name="Error">At least the norm of the difference between vector and coded vector, and what sums may round.</param>
/// <param name="Norm">At least the norm of the coded vector.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CodeBound(float Scale, float Error, float Norm);
