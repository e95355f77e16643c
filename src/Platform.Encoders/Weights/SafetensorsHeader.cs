using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Encoders.Weights;

/// <summary>Reads a safetensors header and holds it to the format: nothing unknown, nothing twice, no gap, no overlap.</summary>
/// <remarks>
/// Stricter than the format in three ways that no writer we know of hits: unknown fields of a tensor are refused, and so are more than
/// <see cref="MaxTensors"/> tensors a file and more than <see cref="MaxDimensions"/> dimensions a tensor.
/// </remarks>
/// <param name="path">The file, for messages and entries.</param>
/// <param name="dataStart">The position in the file from which a header's offsets count.</param>
/// <param name="dataLength">The bytes from there to the file's end.</param>
internal sealed class SafetensorsHeader(string path, long dataStart, long dataLength)
{
    /// <summary>The most tensors a file; the largest mixtures of experts have about 600.</summary>
    public const int MaxTensors = 100_000;

    /// <summary>The most dimensions a tensor.</summary>
    public const int MaxDimensions = 8;

    private const int MaxNameLength = 512;
    private const int MaxDepth = 3;             // the header, a tensor, its shape
    private const string MetadataName = "__metadata__";
    private const string FetchAgain = "Fetch the file again, or write it again with a sound writer.";

    private readonly Dictionary<string, TensorEntry> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];
    private bool _hasMetadata;

    /// <summary>What <c>__metadata__</c> says.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Reads the whole header.</summary>
    /// <exception cref="CheckpointException">It breaks the format.</exception>
    public void Read(ReadOnlySpan<byte> header)
    {
        try
        {
            var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            Expect(reader, JsonTokenType.StartObject, "the header");
            while (NextName(ref reader, "the header") is { } name)
            {
                reader.Read();
                if (name == MetadataName)
                {
                    ReadMetadata(ref reader);
                }
                else
                {
                    ReadTensor(ref reader, name);
                }
            }

            reader.Read();                      // throws if anything but white space follows
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is no UTF-8.
            throw CheckpointException.Of(path, $"has a header that is no sound JSON: {e.Message.TrimEnd('.')}", FetchAgain, e);
        }
    }

    /// <summary>The tensors in the order of their bytes, after the check that together they are the whole of the data.</summary>
    public IReadOnlyList<TensorEntry> TensorsInOrder()
    {
        TensorEntry[] inOrder = [.. _tensors.Values.OrderBy(tensor => tensor.FileOffset).ThenBy(tensor => tensor.ByteLength)];
        long position = dataStart;
        foreach (TensorEntry tensor in inOrder)
        {
            if (tensor.FileOffset != position)
            {
                string kind = tensor.FileOffset < position ? "overlaps the tensor before it" : "leaves a gap before it";
                throw Fault(tensor.Name, $"{kind}: it begins at byte {tensor.FileOffset - dataStart} of the data, where {position - dataStart} was due");
            }

            position += tensor.ByteLength;
        }

        return position == dataStart + dataLength
            ? inOrder
            : throw CheckpointException.Of(path, $"has {dataLength} bytes of data, of which its tensors are only the first {position - dataStart}", FetchAgain);
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_hasMetadata)
        {
            throw Fault(MetadataName, "occurs twice");
        }

        _hasMetadata = true;
        Expect(reader, JsonTokenType.StartObject, MetadataName);
        while (NextName(ref reader, MetadataName) is { } key)
        {
            reader.Read();
            Expect(reader, JsonTokenType.String, MetadataName);
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Fault(MetadataName, $"key {ModelFileException.Quote(key)} occurs twice");
            }
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw Fault(name, $"its name has {name.Length} characters; it must have 1 to {MaxNameLength}, none a control character");
        }

        Expect(reader, JsonTokenType.StartObject, name);
        ElementType? type = null;
        ImmutableArray<long>? shape = null;
        (long Begin, long End)? range = null;
        while (NextName(ref reader, name) is { } field)
        {
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, field, MaxDimensions);
                    break;
                case "data_offsets" when range is null:
                    ImmutableArray<long> ends = ReadNumbers(ref reader, name, field, 2);
                    range = ends.Length == 2 ? (ends[0], ends[1]) : throw Fault(name, $"data_offsets has {ends.Length} numbers; it must have 2");
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Fault(name, $"{field} occurs twice");
                default:
                    throw Fault(name, $"field {ModelFileException.Quote(field)} is unknown; a tensor has dtype, shape and data_offsets");
            }
        }

        if (type is null || shape is null || range is null)
        {
            throw Fault(name, "lacks one of dtype, shape and data_offsets");
        }

        Add(name, type.Value, shape.Value, range.Value.Begin, range.Value.End);
    }

    private void Add(string name, ElementType type, ImmutableArray<long> shape, long begin, long end)
    {
        if (begin > end || end > dataLength)
        {
            throw Fault(name, $"data_offsets are {begin} and {end}; they must rise and end within the {dataLength} bytes of data (a shorter file was cut off)");
        }

        long size = type.SizeOf();
        foreach (long dimension in shape)
        {
            if (dimension > 0 && size > long.MaxValue / dimension)
            {
                throw Fault(name, $"shape {TensorEntry.TextOf(shape)} has more bytes than a 64-bit number counts");
            }

            size *= dimension;
        }

        if (size != end - begin)
        {
            throw Fault(name, $"shape {TensorEntry.TextOf(shape)} of {type} needs {size} bytes, but data_offsets span {end - begin}");
        }

        var tensor = new TensorEntry
        {
            Name = name,
            ElementType = type,
            Shape = shape,
            FilePath = path,
            FileOffset = dataStart + begin,
            ByteLength = size,
        };
        if (!_tensors.TryAdd(name, tensor))
        {
            throw Fault(name, "occurs twice");
        }

        if (_tensors.Count > MaxTensors)
        {
            throw CheckpointException.Of(path, $"has more than {MaxTensors} tensors", "Split it into shards.");
        }
    }

    private ElementType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(reader, JsonTokenType.String, name);
        string text = reader.GetString()!;
        return text switch
        {
            "F32" => ElementType.F32,
            "F16" => ElementType.F16,
            "BF16" => ElementType.BF16,
            _ => throw CheckpointException.OfTensor(path, name, $"dtype is {ModelFileException.Quote(text)}; F32, F16 and BF16 are read", "Convert the checkpoint to one of these."),
        };
    }

    private ImmutableArray<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        Expect(reader, JsonTokenType.StartArray, name);
        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>(most);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == most)
            {
                throw Fault(name, $"{field} has more than {most} numbers");
            }

            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0
                ? number
                : throw Fault(name, $"{field} holds something other than whole numbers from 0 to {long.MaxValue}"));
        }

        return numbers.DrainToImmutable();
    }

    private string? NextName(ref Utf8JsonReader reader, string within)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        Expect(reader, JsonTokenType.PropertyName, within);
        return reader.GetString()!;
    }

    private void Expect(in Utf8JsonReader reader, JsonTokenType type, string within)
    {
        if (reader.TokenType != type)
        {
            throw Fault(within, $"holds {reader.TokenType} where {type} was due");
        }
    }

    private CheckpointException Fault(string tensor, string found) => CheckpointException.OfTensor(path, tensor, found, FetchAgain);
}
