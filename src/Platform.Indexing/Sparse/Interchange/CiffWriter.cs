using System.Text;

namespace Platform.Indexing.Sparse;

/// <summary>Writes documents as an index in the Common Index File Format (Lin et al. 2020, arXiv:2003.08276); term frequencies carry impacts.</summary>
/// <remarks>The format lies by term: all postings are held until <see cref="Write"/>, 5 to 10 bytes each. Not thread-safe.</remarks>
public sealed class CiffWriter
{
    private readonly SortedDictionary<int, (List<int> DocIds, List<byte> Impacts)> _lists = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _lengths = [];
    private long _postings;

    /// <summary>Takes a document; the next one gets the next docid.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="termIds">Its terms, each once.</param>
    /// <param name="impacts">One a term, 1 to 255.</param>
    public void Add(string key, ReadOnlySpan<int> termIds, ReadOnlySpan<byte> impacts)
    {
        long length = 0;
        for (int i = 0; i < termIds.Length; i++)
        {
            if (!_lists.TryGetValue(termIds[i], out (List<int> DocIds, List<byte> Impacts) list))
            {
                _lists.Add(termIds[i], list = ([], []));
            }

            list.DocIds.Add(_keys.Count);
            list.Impacts.Add(impacts[i]);
            length += impacts[i];
        }

        _keys.Add(key);
        _lengths.Add(length);
        _postings += termIds.Length;
    }

    /// <summary>Writes the index.</summary>
    /// <param name="stream">Receives the bytes; stays open.</param>
    /// <param name="vocabulary">The texts of terms.</param>
    /// <param name="cancellationToken">Ends the work between terms.</param>
    public void Write(Stream stream, TermVocabulary vocabulary, CancellationToken cancellationToken)
    {
        var message = new ProtobufWriter();
        message.WriteVarint(1, 1);
        message.WriteVarint(2, (ulong)_lists.Count);
        message.WriteVarint(3, (ulong)_keys.Count);
        message.WriteVarint(4, (ulong)_lists.Count);
        message.WriteVarint(5, (ulong)_keys.Count);
        message.WriteVarint(6, (ulong)_postings);
        message.WriteDouble(7, _postings / (double)Math.Max(1, _keys.Count));
        message.WriteBytes(8, "learned-sparse impacts as term frequencies"u8);
        message.Flush(stream);
        var posting = new ProtobufWriter();
        foreach ((int termId, (List<int> docIds, List<byte> impacts)) in _lists)
        {
            cancellationToken.ThrowIfCancellationRequested();
            message.WriteBytes(1, Encoding.UTF8.GetBytes(vocabulary.TextOf(termId)));
            message.WriteVarint(2, (ulong)docIds.Count);
            message.WriteVarint(3, (ulong)impacts.Sum(impact => (long)impact));
            int previous = 0;
            for (int i = 0; i < docIds.Count; i++)
            {
                posting.WriteVarint(1, (ulong)(docIds[i] - previous));
                posting.WriteVarint(2, impacts[i]);
                message.WriteBytes(4, posting.Take());
                previous = docIds[i];
            }

            message.Flush(stream);
        }

        for (int docId = 0; docId < _keys.Count; docId++)
        {
            message.WriteVarint(1, (ulong)docId);
            message.WriteBytes(2, Encoding.UTF8.GetBytes(_keys[docId]));
            message.WriteVarint(3, (ulong)_lengths[docId]);
            message.Flush(stream);
        }
    }
}
