using System.Text;

namespace Platform.Indexing.Sparse;

/// <summary>
/// Reads the Common Index File Format (Lin et al. 2020, arXiv:2003.08276): length-prefixed protocol buffers, a header, then a list a
/// term, then a record a document. Term frequencies carry impacts.
/// </summary>
public static class CiffFile
{
    /// <summary>Reads an index whose term frequencies are impacts, 1 to 255; these become the weights.</summary>
    /// <remarks>The format lies by term and has its documents last: all postings are held in memory, about 8 bytes each.</remarks>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">For messages.</param>
    /// <param name="vocabulary">The ids of terms.</param>
    /// <param name="cancellationToken">Ends the reading between lists.</param>
    /// <exception cref="InterchangeFormatException">The stream is not of this format, or a frequency is no impact.</exception>
    public static IEnumerable<InterchangeDocument> Read(Stream stream, string name, TermVocabulary vocabulary, CancellationToken cancellationToken)
    {
        (List<(int Term, byte Impact)>?[] vectors, string[] keys) = Checked(stream, name, () => ReadAll(stream, vocabulary, cancellationToken));
        for (int docId = 0; docId < keys.Length; docId++)
        {
            List<(int Term, byte Impact)> vector = vectors[docId] ?? [];
            vectors[docId] = null;
            vector.Sort();
            yield return new InterchangeDocument(keys[docId], "", [.. vector.Select(entry => entry.Term)], [.. vector.Select(entry => (float)entry.Impact)]);
        }
    }

    private static T Checked<T>(Stream stream, string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException or OverflowException or EndOfStreamException)
        {
            throw new InterchangeFormatException(name, stream.CanSeek ? $"byte {stream.Position}" : "a message", fault.Message, fault);
        }
    }

    private static (List<(int Term, byte Impact)>?[] Vectors, string[] Keys) ReadAll(
        Stream stream, TermVocabulary vocabulary, CancellationToken cancellationToken)
    {
        ProtobufReader header = ProtobufReader.ReadMessage(stream);
        long lists = 0;
        long documents = 0;
        while (header.Next())
        {
            lists = header.Field == 2 ? (long)header.Value : lists;
            documents = header.Field == 3 ? (long)header.Value : documents;
        }

        // A document's record has at least two bytes: a header can't ask for memory that its file does not stand for.
        long most = stream.CanSeek ? stream.Length / 2 : int.MaxValue;
        if (documents < 0 || documents > most || lists is < 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"The CIFF header names {documents} documents and {lists} lists; the file can have {most} documents at most.");
        }

        var vectors = new List<(int Term, byte Impact)>?[documents];
        for (long list = 0; list < lists; list++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadList(ProtobufReader.ReadMessage(stream), vocabulary, vectors);
        }

        return (vectors, ReadKeys(stream, documents));
    }

    private static string[] ReadKeys(Stream stream, long documents)
    {
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

        return Array.IndexOf(keys, null) is var missing and >= 0
            ? throw new InvalidDataException($"Document {missing} has no record; each of the {documents} has one.")
            : keys;
    }

    private static void ReadList(ProtobufReader list, TermVocabulary vocabulary, List<(int Term, byte Impact)>?[] vectors)
    {
        int term = -1;
        long docId = 0;
        while (list.Next())
        {
            if (list.Field == 1)
            {
                term = vocabulary.IdOf(Encoding.UTF8.GetString(list.Bytes));
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
