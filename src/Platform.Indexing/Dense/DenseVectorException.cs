using System.Globalization;

namespace Platform.Indexing.Dense;

/// <summary>A vector cannot be stored or asked for as it is: wrong dimension, not finite, or too large. Nothing was changed.</summary>
public sealed class DenseVectorException : Exception
{
    private DenseVectorException(DenseVectorFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public DenseVectorFault Fault { get; }

    internal static DenseVectorException WrongDimension(int actual, int expected) => Create(
        DenseVectorFault.WrongDimension,
        $"The vector has {actual} components; this index takes {expected}. Send vectors of the model that the index was made for.");

    internal static DenseVectorException WrongPrecision(VectorPrecision actual, VectorPrecision expected) => Create(
        DenseVectorFault.WrongPrecision,
        $"The vector shall be kept as {actual}; the others of this index are kept as {expected}. Make another index for it.");

    internal static DenseVectorException NotFinite(int position, float value) => Create(
        DenseVectorFault.NotFinite,
        $"Component {position} of the vector is {value}; every component must be a finite number. Correct the model's output before sending it.");

    internal static DenseVectorException TooLarge(int position, float value, float limit, VectorPrecision precision) => Create(
        DenseVectorFault.TooLarge,
        $"Component {position} of the vector is {value}; {precision} takes magnitudes up to {limit}. Scale all vectors down, or make the index with precision Float32.");

    private static DenseVectorException Create(DenseVectorFault fault, FormattableString message) =>
        new(fault, message.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What can be wrong with a vector.</summary>
public enum DenseVectorFault
{
    /// <summary>Another number of components than the index has.</summary>
    WrongDimension = 0,

    /// <summary>A component is NaN or infinite.</summary>
    NotFinite = 1,

    /// <summary>A component is larger than the precision can hold, or so large that a score could overflow.</summary>
    TooLarge = 2,

    /// <summary>It shall be kept in another precision than the index's other vectors.</summary>
    WrongPrecision = 3,
}
