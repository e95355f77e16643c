using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Faults;

namespace Platform.Gateway.Endpoints;

/// <summary>Checks given dense vectors and packs them for the wire. Whether their dimension is the index's, the index says.</summary>
internal static class DenseVectors
{
    /// <summary>Packs a vector.</summary>
    /// <exception cref="RequestException"><c>invalid_request</c> with the place and the value.</exception>
    public static PackedDenseVector Pack(DenseVector given)
    {
        float[] values = [.. given.Values];
        if (values.Length == 0)
        {
            throw Invalid($"dense has no components; a vector has as many as the index's dense.dimensions.");
        }

        int notFinite = Array.FindIndex(values, value => !float.IsFinite(value));
        return notFinite < 0
            ? PackedDenseVector.Pack(values)
            : throw Invalid($"dense[{notFinite}] is {values[notFinite]}; components are finite 32-bit floats.");
    }

    private static RequestException Invalid(FormattableString detail) =>
        new(Fault.Invalid($"Member {FormattableString.Invariant(detail)}"));
}
