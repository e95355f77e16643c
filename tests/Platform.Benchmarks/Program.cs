using BenchmarkDotNet.Running;
using Platform.Benchmarks;

// sparse [--documents N] [--vocabulary V] [--seed S] [--queries Q] [--checked C] [--query-impact I] [--lucene]   the sparse index
// dense [--documents N] [--seed S] [--queries Q]                                              the dense index
// hnsw [--documents N] [--seed S] [--queries Q] [--threads T] [--peer PROGRAM]...             graphs, beside other libraries
// filters [--documents N] [--queries Q]                                                       searches within filters, by how much matches
// encoders [--small | --large] [--float32 | --bfloat16]                                       Llama encoders with random weights
// encoders head | inputs | 1b | spin                                                          the sparse head, reading, the 1B shape, two processes
// batcher [--seconds N]                                                                       queries beside three times too many documents
// kernels [BenchmarkDotNet options]                                                           the inner loops
switch (args)
{
    case ["sparse", .. string[] options]:
        return SparseTable.Run(options);
    case ["dense", .. string[] options]:
        return DenseTable.Run(options);
    case ["hnsw", .. string[] options]:
        return HnswTable.Run(options);
    case ["encoders", "head", .. string[] options]:
        return HeadTable.Run(options);
    case ["encoders", "inputs"]:
        return EncoderInputs.Run();
    case ["encoders", "1b"]:
        return LargeForward.Run();
    case ["encoders", "spin", .. string[] options]:
        return SpinTable.Run(options);
    case ["batcher", .. string[] options]:
        return await BatcherTable.RunAsync(options);
    case ["filters", .. string[] options]:
        return await FilterTable.RunAsync(options);
    case ["encoders", .. string[] options]:
        return EncoderTable.Run(options);
    case ["kernels", .. string[] options]:
        BenchmarkSwitcher.FromAssembly(typeof(SparseTable).Assembly).Run(options);
        return 0;
    default:
        Console.Error.WriteLine("usage: sparse [--documents N] [--vocabulary V] [--seed S] [--queries Q] [--checked C] [--query-impact I] [--lucene]"
            + " | dense [--documents N] [--seed S] [--queries Q] | hnsw [--documents N] [--seed S] [--queries Q] [--threads T] [--peer PROGRAM]... | filters [--documents N] [--queries Q]"
            + " | encoders [--small | --large] [--float32 | --bfloat16] | encoders head | encoders inputs | encoders 1b | encoders spin"
            + " | batcher [--seconds N] | kernels");
        return 2;
}
