using System.Text;

namespace Platform.Indexing.Sparse;

/// <summary>
/// The Common Index File Format (Lin et al. 2020, arXiv:2003.08276): length-prefixed protocol buffers, a header, then a list a term,
/// then a record a document. Term frequencies carry impacts.
/// </summary>
internal static class CiffFile
{
    /// <summary>Writes a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="keyOf">The key of a docId.</param>
    /// <param name="termOf">The text of a term id.</param>
    /// <param name="stream">Receives the bytes; stays open.</param>
    /// <param name="cancellationToken">Ends the work between terms.</param>
    public static void Write(
        SparseSegment segment,
        Func<int, string> keyOf,
        Func<int, string> termOf,
        Stream stream,
        CancellationToken cancellationToken)
    {
        var message = new ProtobufWriter();
        long[] lengths = new long[segment.DocumentCount];
        message.WriteVarint(1, 1);
        message.WriteVarint(2, (ulong)segment.TermCount);
        message.WriteVarint(3, (ulong)segment.DocumentCount);
        message.WriteVarint(4, (ulong)segment.TermCount);
        message.WriteVarint(5, (ulong)segment.DocumentCount);
        message.WriteVarint(6, (ulong)segment.PostingCount);
        message.WriteDouble(7, segment.PostingCount / (double)Math.Max(1, segment.DocumentCount));
        message.WriteBytes(8, "learned-sparse impacts as term frequencies"u8);
        message.Flush(stream);
        var posting = new ProtobufWriter();
        List<(int DocId, byte Impact)> postings = [];
        for (int ordinal = 0; ordinal < segment.TermCount; ordinal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            postings.Clear();
            long sum = 0;
            var decoder = new PostingsDecoder(segment, ordinal);
            while (decoder.Next())
            {
                postings.Add((decoder.DocId, decoder.Impact));
                sum += decoder.Impact;
                lengths[decoder.DocId] += decoder.Impact;
            }

            postings.Sort();
            message.WriteBytes(1, Encoding.UTF8.GetBytes(termOf(segment.TermId(ordinal))));
            message.WriteVarint(2, (ulong)postings.Count);
            message.WriteVarint(3, (ulong)sum);
            int previous = 0;
            foreach ((int docId, byte impact) in postings)
            {
                posting.WriteVarint(1, (ulong)(docId - previous));
                posting.WriteVarint(2, impact);
                message.WriteBytes(4, posting.Take());
                previous = docId;
            }

            message.Flush(stream);
        }

        for (int docId = 0; docId < segment.DocumentCount; docId++)
        {
            message.WriteVarint(1, (ulong)docId);
            message.WriteBytes(2, Encoding.UTF8.GetBytes(keyOf(docId)));
            message.WriteVarint(3, (ulong)lengths[docId]);
            message.Flush(stream);
        }
    }

    /// <summary>Reads an index whose term frequencies are impacts, 1 to 255.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="termIdOf">The id of a term's text.</param>
    /// <param name="builder">Receives the documents in ascending CIFF docid.</param>
    /// <param name="cancellationToken">Ends the reading between lists.</param>
    /// <returns>The documents' keys, in that order.</returns>
    /// <exception cref="InvalidDataException">The stream is not of this format, or a frequency is no impact.</exception>
    public static string[] Read(Stream stream, Func<string, int> termIdOf, SparseSegmentBuilder builder, CancellationToken cancellationToken)
    {
        ProtobufReader header = ProtobufReader.ReadMessage(stream);
        long lists = 0;
        long documents = 0;
        while (header.Next())
        {
            lists = header.Field == 2 ? (long)header.Value : lists;
            documents = header.Field == 3 ? (long)header.Value : documents;
        }

        if (documents is < 0 or > int.MaxValue || lists is < 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"The CIFF header names {documents} documents and {lists} lists; at most {int.MaxValue} of each can be read.");
        }

        var vectors = new List<(int Term, byte Impact)>?[documents];
        for (long list = 0; list < lists; list++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadList(ProtobufReader.ReadMessage(stream), termIdOf, vectors);
        }

        string[] keys = new string[documents];
        for (long i = 0; i < documents; i++)
        {
            ProtobufReader record = ProtobufReader.ReadMessage(stream);
            int docId = 0;
            string key = "";
            while (record.Next())
            {
                docId = record.Field == 1 ? checked((int)record.Value) : docId;
                key = record.Field == 2 ? Encoding.UTF8.GetString(record.Bytes) : key;
            }

            keys[CheckDocId(docId, documents)] = key;
        }

        foreach (List<(int Term, byte Impact)>? vector in vectors)
        {
            builder.AddImpacts(
                vector?.Select(entry => entry.Term).ToArray() ?? [], vector?.Select(entry => entry.Impact).ToArray() ?? []);
        }

        return keys;
    }

    private static void ReadList(ProtobufReader list, Func<string, int> termIdOf, List<(int Term, byte Impact)>?[] vectors)
    {
        int term = -1;
        long docId = 0;
        while (list.Next())
        {
            if (list.Field == 1)
            {
                term = termIdOf(Encoding.UTF8.GetString(list.Bytes));
            }
            else if (list.Field == 4)
            {
                ulong frequency = 0;
                ProtobufReader posting = list.Message();
                while (posting.Next())
                {
                    docId += posting.Field == 1 ? (long)posting.Value : 0;
                    frequency = posting.Field == 2 ? posting.Value : frequency;
                }

                if (frequency is 0 or > 255)
                {
                    throw new InvalidDataException($"Term {term} has frequency {frequency} in document {docId}; impacts are 1 to 255. Quantise the index before exporting it.");
                }

                (vectors[CheckDocId(docId, vectors.Length)] ??= []).Add((term, (byte)frequency));
            }
        }
    }

    private static int CheckDocId(long docId, long documents) => docId >= 0 && docId < documents
        ? (int)docId
        : throw new InvalidDataException($"The CIFF stream names document {docId}; its header says there are {documents}.");
}
