namespace Platform.Indexing.Sparse;

/// <summary>A reusable sparse vector that the generator fills.</summary>
/// <remarks>Terms and weights are parallel; their order is what the last operation says.</remarks>
internal sealed class GeneratedVector
{
    private int[] _terms = new int[1024];
    private float[] _weights = new float[1024];
    private double[] _keys = [];

    /// <summary>How many terms it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The topic it came from.</summary>
    public int Cluster { get; set; }

    /// <summary>The term ids.</summary>
    public ReadOnlySpan<int> Terms => _terms.AsSpan(0, Count);

    /// <summary>The weights, one a term.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends one term.</summary>
    public void Add(int term, float weight)
    {
        if (Count == _terms.Length)
        {
            Array.Resize(ref _terms, Count * 2);
            Array.Resize(ref _weights, Count * 2);
        }

        _terms[Count] = term;
        _weights[Count++] = weight;
    }

    /// <summary>Sorts by term; a term that occurs twice keeps its largest weight.</summary>
    public void SortAndMerge() => Sort(keepLargest: true);

    /// <summary>Sorts by term; a term that occurs twice keeps the weight that was added first.</summary>
    public void SortAndKeepFirst() => Sort(keepLargest: false);

    /// <summary>Lowers every weight to at most <paramref name="largest"/>.</summary>
    public void CapAt(float largest)
    {
        foreach (ref float weight in _weights.AsSpan(0, Count))
        {
            weight = Math.Min(weight, largest);
        }
    }

    /// <summary>Drops weights below <paramref name="least"/>, which would be quantised to zero.</summary>
    public void RemoveBelow(float least)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_weights[i] >= least)
            {
                _terms[kept] = _terms[i];
                _weights[kept++] = _weights[i];
            }
        }

        Count = kept;
    }

    /// <summary>Keeps <paramref name="size"/> terms drawn without replacement, P proportional to weight^power, in order of draw.</summary>
    /// <remarks>By exponential clocks: the first to ring, at rate weight^power, are a sample without replacement.</remarks>
    public void KeepSample(int size, double power, ref Xoshiro random)
    {
        if (_keys.Length < Count)
        {
            _keys = new double[Math.Max(Count, 1024)];
        }

        for (int i = 0; i < Count; i++)
        {
            _keys[i] = -Math.Log(1.0 - random.NextDouble()) / Math.Pow(_weights[i], power);
        }

        for (int i = 0; i < size; i++)
        {
            int first = i;
            for (int j = i + 1; j < Count; j++)
            {
                first = _keys[j] < _keys[first] ? j : first;
            }

            (_keys[i], _keys[first]) = (_keys[first], _keys[i]);
            (_terms[i], _terms[first]) = (_terms[first], _terms[i]);
            (_weights[i], _weights[first]) = (_weights[first], _weights[i]);
        }

        Count = size;
    }

    private void Sort(bool keepLargest)
    {
        // Insertion keeps equal terms in order of arrival, which Array.Sort does not; vectors have a few hundred terms at most.
        if (keepLargest)
        {
            Array.Sort(_terms, _weights, 0, Count);
        }
        else
        {
            InsertionSort();
        }

        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (kept > 0 && _terms[kept - 1] == _terms[i])
            {
                _weights[kept - 1] = keepLargest ? Math.Max(_weights[kept - 1], _weights[i]) : _weights[kept - 1];
                continue;
            }

            _terms[kept] = _terms[i];
            _weights[kept++] = _weights[i];
        }

        Count = kept;
    }

    private void InsertionSort()
    {
        for (int i = 1; i < Count; i++)
        {
            (int term, float weight) = (_terms[i], _weights[i]);
            int j = i - 1;
            for (; j >= 0 && _terms[j] > term; j--)
            {
                _terms[j + 1] = _terms[j];
                _weights[j + 1] = _weights[j];
            }

            _terms[j + 1] = term;
            _weights[j + 1] = weight;
        }
    }
}
