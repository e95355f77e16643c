namespace Platform.Indexing.Sparse;

/// <summary>Divides one partition that fits a thread's cache: its documents are copied with local term numbers.</summary>
/// <remarks>
/// Terms that only one document of the partition has are left out: wherever that document goes, they cost the same. One scratch
/// a thread, reused for every partition; its size is bounded by the largest partition.
/// </remarks>
internal sealed class BisectionScratch
{
    private readonly int[] _localOf;
    private int[] _touched = new int[1024];
    private int[] _terms = new int[1 << 16];
    private int[] _starts = [], _ids = [], _ranking = [];
    private float[] _keys = [];
    private bool[] _onRight = [];
    private int[] _left = [], _right = [];
    private float[] _leftToRight = [], _rightToLeft = [];
    private int _documentCount, _termCount;

    /// <summary>Makes a scratch for documents with at most <paramref name="termCount"/> different terms.</summary>
    public BisectionScratch(int termCount) => _localOf = new int[termCount];

    /// <summary>Copies the documents of a partition.</summary>
    public void Load(ForwardIndex documents, ReadOnlySpan<int> part)
    {
        int seen = CountTerms(documents, part);
        _termCount = 0;
        for (int i = 0; i < seen; i++)
        {
            ref int local = ref _localOf[_touched[i]];
            local = local > 1 ? ++_termCount : 0;
        }

        _documentCount = part.Length;
        Grow();
        int used = 0;
        for (int i = 0; i < part.Length; i++)
        {
            _ids[i] = part[i];
            _starts[i] = used;
            ReadOnlySpan<int> terms = documents.TermsOf(part[i]);
            if (used + terms.Length > _terms.Length)
            {
                Array.Resize(ref _terms, Math.Max(2 * _terms.Length, used + terms.Length));
            }

            foreach (int term in terms)
            {
                int local = _localOf[term];
                _terms[used] = local - 1;
                used += local > 0 ? 1 : 0;
            }
        }

        _starts[part.Length] = used;
        for (int i = 0; i < seen; i++)
        {
            _localOf[_touched[i]] = 0;
        }
    }

    /// <summary>Divides the loaded partition: the first <paramref name="middle"/> documents and the rest.</summary>
    public void Divide(int middle, int rounds)
    {
        Span<int> left = _left.AsSpan(0, _termCount);
        Span<int> right = _right.AsSpan(0, _termCount);
        left.Clear();
        right.Clear();
        for (int i = 0; i < _documentCount; i++)
        {
            _onRight[i] = i >= middle;
            Count(_onRight[i] ? right : left, i, 1);
        }

        Span<float> keys = _keys.AsSpan(0, _documentCount);
        Span<int> ranking = _ranking.AsSpan(0, _documentCount);
        for (int round = 0; round < rounds; round++)
        {
            BisectionGains.Fill(left, right, (middle, _documentCount - middle), _leftToRight, _rightToLeft);
            for (int i = 0; i < _documentCount; i++)
            {
                ranking[i] = i;
                keys[i] = Key(i);
            }

            RankSelection.Partition(keys, ranking, middle);
            if (!Move(ranking, middle, left, right))
            {
                break;
            }
        }

        for (int i = 0, l = 0, r = middle; i < _documentCount; i++)
        {
            ranking[_onRight[i] ? r++ : l++] = i;
        }
    }

    /// <summary>Writes the divided partition back.</summary>
    public void Store(Span<int> part)
    {
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = _ids[_ranking[i]];
        }
    }

    // Small keys belong to the left: what a document gains by being on the right rather than on the left.
    private float Key(int document)
    {
        float[] gains = _onRight[document] ? _rightToLeft : _leftToRight;
        float sum = 0;
        foreach (int term in _terms.AsSpan(_starts[document].._starts[document + 1]))
        {
            sum += gains[term];
        }

        return _onRight[document] ? -sum : sum;
    }

    private bool Move(ReadOnlySpan<int> ranking, int middle, Span<int> left, Span<int> right)
    {
        int moved = 0;
        for (int rank = 0; rank < ranking.Length; rank++)
        {
            int document = ranking[rank];
            bool toRight = rank >= middle;
            if (_onRight[document] != toRight)
            {
                Count(toRight ? left : right, document, -1);
                Count(toRight ? right : left, document, 1);
                _onRight[document] = toRight;
                moved++;
            }
        }

        return moved > ranking.Length / 256;
    }

    private void Count(Span<int> degrees, int document, int change)
    {
        foreach (int term in _terms.AsSpan(_starts[document].._starts[document + 1]))
        {
            degrees[term] += change;
        }
    }

    private int CountTerms(ForwardIndex documents, ReadOnlySpan<int> part)
    {
        int seen = 0;
        foreach (int document in part)
        {
            ReadOnlySpan<int> terms = documents.TermsOf(document);
            if (seen + terms.Length > _touched.Length)
            {
                Array.Resize(ref _touched, Math.Max(2 * _touched.Length, seen + terms.Length));
            }

            foreach (int term in terms)
            {
                _touched[seen] = term;
                seen += _localOf[term]++ == 0 ? 1 : 0;
            }
        }

        return seen;
    }

    private void Grow()
    {
        if (_ids.Length < _documentCount)
        {
            _ids = new int[_documentCount];
            _starts = new int[_documentCount + 1];
            _ranking = new int[_documentCount];
            _keys = new float[_documentCount];
            _onRight = new bool[_documentCount];
        }

        if (_left.Length < _termCount)
        {
            _left = new int[_termCount];
            _right = new int[_termCount];
            _leftToRight = new float[_termCount];
            _rightToLeft = new float[_termCount];
        }
    }
}
