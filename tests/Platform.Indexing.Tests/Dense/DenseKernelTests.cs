using System.Runtime.Intrinsics.X86;
using CsCheck;
using Platform.Indexing.Dense;

namespace Platform.Indexing.Tests.Dense;

public sealed unsafe class DenseKernelTests
{
    private static readonly Gen<(int Seed, int Blocks)> Rows = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 12]);

    [Fact]
    public void Float32_rows_give_the_same_bits_on_every_path() => Rows.Sample((seed, blocks) => Compare<Float32Reader>(seed, blocks));

    [Fact]
    public void Float16_rows_give_the_same_bits_on_every_path() => Rows.Sample((seed, blocks) => Compare<Float16Reader>(seed, blocks));

    [Fact]
    public void BFloat16_rows_give_the_same_bits_on_every_path() => Rows.Sample((seed, blocks) => Compare<BFloat16Reader>(seed, blocks));

    [Fact]
    public void Int8_rows_give_the_same_bits_on_every_path() => Rows.Sample((seed, blocks) => Compare<Int8Reader>(seed, blocks));

    [Fact]
    public void Every_finite_half_is_read_as_its_value()
    {
        ushort* word = stackalloc ushort[8];
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Half expected = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (Half.IsFinite(expected))
            {
                new Span<ushort>(word, 8).Fill((ushort)bits);
                Assert.Equal((float)expected, Float16Reader.Read1((byte*)word));
                Assert.Equal((float)expected, Float16Reader.Read8((byte*)word)[5]);
            }
        }
    }

    [Fact]
    public void Codes_give_the_same_integers_on_every_path() => Rows.Sample((seed, blocks) =>
    {
        var random = new Random(seed);
        int length = 32 * blocks;
        sbyte[] query = new sbyte[2 * length];
        sbyte[] codes = new sbyte[4 * length];
        bool extreme = random.Next(2) == 0;
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (sbyte)(extreme ? 127 * ((2 * random.Next(2)) - 1) : random.Next(-127, 128));
        }

        for (int i = 0; i < length; i++)
        {
            query[i] = (sbyte)(extreme ? -127 : random.Next(-127, 128));
            query[length + i] = Math.Abs(query[i]);
        }

        int* four = stackalloc int[4];
        fixed (sbyte* q = query, c = codes)
        {
            CodeProduct.Dot4(q, c, c + length, c + (2 * length), c + (3 * length), length, four);
            for (int row = 0; row < 4; row++)
            {
                int expected = CodeProduct.DotScalar(q, c + (row * length), length);
                Assert.Equal(expected, CodeProduct.Dot(q, c + (row * length), length));
                Assert.Equal(expected, four[row]);
                if (Avx2.IsSupported)
                {
                    Assert.Equal(expected, CodeProduct.Dot256(q, c + (row * length), length));
                }

                if (Avx512BW.IsSupported)
                {
                    Assert.Equal(expected, CodeProduct.Dot512(q, c + (row * length), length));
                }
            }
        }
    });

    [Fact]
    public void A_block_of_queries_gives_the_same_bits_as_each_query_with_each_row() => Gen.Select(Rows, Gen.Int[1, 30], Gen.Int[0, 9]).Sample((drawn, queries, rows) =>
    {
        int length = 16 * drawn.Blocks;
        float[] left = Floats(drawn.Seed, queries * length);
        float[] right = Floats(drawn.Seed + 1, rows * length);
        float[] products = new float[queries * 16];
        fixed (float* q = left, r = right, p = products)
        {
            BlockProduct.Multiply(q, length, queries, r, rows, length, p, 16);
            for (int i = 0; i < queries * rows; i++)
            {
                float expected = RowProduct<Float32Reader>.DotScalar(q + (i / rows * length), (byte*)(r + (i % rows * length)), length);
                Assert.Equal(expected, products[(i / rows * 16) + (i % rows)]);
            }
        }
    });

    [Fact]
    public void A_code_bounds_the_error_of_its_score() => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 200]).Sample((seed, dimensions) =>
    {
        var random = new Random(seed);
        float[] query = DenseCollection.Vector(random, dimensions, MathF.Pow(10, random.Next(-12, 12)), random.Next(2) == 0);
        float[] vector = DenseCollection.Vector(random, dimensions, MathF.Pow(10, random.Next(-12, 12)), random.Next(2) == 0);
        sbyte[] queryCode = new sbyte[256];
        sbyte[] code = new sbyte[256];
        CodeBound ofQuery = Int8Quantiser.Quantise(query, queryCode);
        CodeBound of = Int8Quantiser.Quantise(vector, code);
        double exact = 0;
        double coded = 0;
        double norm = 0;
        for (int i = 0; i < dimensions; i++)
        {
            exact += (double)query[i] * vector[i];
            coded += (double)queryCode[i] * ofQuery.Scale * code[i] * of.Scale;
            norm += (double)query[i] * query[i];
        }

        Assert.InRange(Math.Abs(exact - coded), 0, (Math.Sqrt(norm) * of.Error) + ((double)ofQuery.Error * of.Norm));
    });

    private static float[] Floats(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static void Compare<TReader>(int seed, int blocks)
        where TReader : struct, IRowReader
    {
        int length = 32 * blocks;
        float[] query = Floats(seed, length);
        byte[] rows = new byte[4 * length * TReader.Size];
        var layout = new VectorLayout(length, TReader.Size switch { 4 => VectorPrecision.Float32, 1 => VectorPrecision.Int8, _ => VectorPrecision.BFloat16 });
        for (int row = 0; row < 4; row++)
        {
            float[] vector = Floats(seed + row + 1, length);
            Span<byte> bytes = rows.AsSpan(row * length * TReader.Size, length * TReader.Size);
            if (layout.Precision == VectorPrecision.Int8)
            {
                Int8Quantiser.Quantise(vector, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(bytes));
            }
            else
            {
                VectorEncoding.Encode(layout, vector, bytes);       // bfloat16's bits are halves too, of other values
            }
        }

        float* four = stackalloc float[4];
        fixed (float* q = query)
        {
            fixed (byte* r = rows)
            {
                int stride = length * TReader.Size;
                RowProduct<TReader>.Dot4(q, r, r + stride, r + (2 * stride), r + (3 * stride), length, four);
                Check<TReader>(q, r, stride, length, four);
                RowProduct<TReader>.Dot256x4(q, r, r + stride, r + (2 * stride), r + (3 * stride), length, four);
                Check<TReader>(q, r, stride, length, four);
                RowProduct<TReader>.Dot512x4(q, r, r + stride, r + (2 * stride), r + (3 * stride), length, four);
                Check<TReader>(q, r, stride, length, four);
            }
        }
    }

    private static void Check<TReader>(float* query, byte* rows, int stride, int length, float* four)
        where TReader : struct, IRowReader
    {
        for (int row = 0; row < 4; row++)
        {
            float expected = RowProduct<TReader>.DotScalar(query, rows + (row * stride), length);
            Assert.Equal(expected, four[row]);
            Assert.Equal(expected, RowProduct<TReader>.Dot(query, rows + (row * stride), length));
            Assert.Equal(expected, RowProduct<TReader>.Dot256(query, rows + (row * stride), length));
            Assert.Equal(expected, RowProduct<TReader>.Dot512(query, rows + (row * stride), length));
        }
    }
}
