namespace Platform.Indexing.Sparse;

/// <summary>Rounds weights to impacts of one scale, prunes as the options say, and keeps account of what that cost.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class DocumentQuantiser
{
    private readonly SparseBuildOptions _options;
    private int[] _terms = new int[256];
    private float[] _weights = new float[256];
    private byte[] _impacts = new byte[256];
    private float[] _sorted = new float[256];
    private int _count;

    /// <summary>Makes a quantiser.</summary>
    public DocumentQuantiser(SparseBuildOptions options) => _options = options;

    /// <summary>The terms of the last document, ascending.</summary>
    public ReadOnlySpan<int> Terms => _terms.AsSpan(0, _count);

    /// <summary>The impacts of the last document, one a term, 1 to 255.</summary>
    public ReadOnlySpan<byte> Impacts => _impacts.AsSpan(0, _count);

    /// <summary>Weights dropped so far: pruned, not positive, or rounded to 0.</summary>
    public long DroppedWeights { get; private set; }

    /// <summary>Weights above 255 times the scale.</summary>
    public long ClippedWeights { get; private set; }

    /// <summary>Largest absolute rounding error of a kept weight.</summary>
    public float LargestError { get; private set; }

    /// <summary>Sum of the absolute rounding errors of kept weights.</summary>
    public double SumOfErrors { get; private set; }

    /// <summary>Takes a document.</summary>
    /// <param name="termIds">Its terms, in any order; the weights of one that repeats are summed.</param>
    /// <param name="weights">One a term; those not above 0 are dropped.</param>
    /// <exception cref="ArgumentException">A term id is negative, a weight not a finite number, or the lengths differ.</exception>
    public void Quantise(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        Load(termIds, weights);
        float least = Math.Max(_options.MinWeight, StrongestFrom());
        int kept = 0;
        int room = _options.MaxTermsPerDocument == 0 ? int.MaxValue : _options.MaxTermsPerDocument;
        for (int i = 0; i < _count; i++)
        {
            float weight = _weights[i];
            float units = MathF.Round(weight / _options.Scale);
            if (!(weight >= least) || units < 1 || kept == room)
            {
                DroppedWeights++;
                continue;
            }

            ClippedWeights += units > 255 ? 1 : 0;
            byte impact = (byte)Math.Min(255, units);
            float error = Math.Abs(weight - (impact * _options.Scale));
            LargestError = Math.Max(LargestError, error);
            SumOfErrors += error;
            _terms[kept] = _terms[i];
            _impacts[kept++] = impact;
        }

        _count = kept;
    }

    /// <summary>The properties of a segment made of what was quantised.</summary>
    public SegmentProperties Properties(bool reordered) => new()
    {
        Scale = _options.Scale,
        MaxTermsPerDocument = _options.MaxTermsPerDocument,
        MinWeight = _options.MinWeight,
        Reordered = reordered,
        DroppedWeights = DroppedWeights,
        ClippedWeights = ClippedWeights,
        LargestError = LargestError,
        SumOfErrors = SumOfErrors,
    };

    private void Load(ReadOnlySpan<int> termIds, ReadOnlySpan<float> weights)
    {
        if (termIds.Length != weights.Length)
        {
            throw new ArgumentException($"A document has {termIds.Length} terms but {weights.Length} weights; give one weight a term.", nameof(weights));
        }

        if (_terms.Length < termIds.Length)
        {
            _terms = new int[2 * termIds.Length];
            _weights = new float[2 * termIds.Length];
            _impacts = new byte[2 * termIds.Length];
            _sorted = new float[2 * termIds.Length];
        }

        termIds.CopyTo(_terms);
        weights.CopyTo(_weights);
        _terms.AsSpan(0, termIds.Length).Sort(_weights.AsSpan(0, termIds.Length));
        _count = 0;
        for (int i = 0; i < termIds.Length; i++)
        {
            if (_terms[i] < 0 || !float.IsFinite(_weights[i]))
            {
                throw new ArgumentException($"Term {_terms[i]} has weight {_weights[i]}; term ids must be 0 or more and weights finite.", nameof(weights));
            }

            if (_count > 0 && _terms[_count - 1] == _terms[i])
            {
                _weights[_count - 1] += _weights[i];
                continue;
            }

            _terms[_count] = _terms[i];
            _weights[_count++] = _weights[i];
        }
    }

    // The weight of the last term that MaxTermsPerDocument lets in.
    private float StrongestFrom()
    {
        int most = _options.MaxTermsPerDocument;
        if (most == 0 || _count <= most)
        {
            return 0;
        }

        _weights.AsSpan(0, _count).CopyTo(_sorted);
        _sorted.AsSpan(0, _count).Sort();
        return _sorted[_count - most];
    }
}
