using Platform.Encoders.Native;

namespace Platform.Encoders.Tests.Native;

public sealed class ElfLibraryTests
{
    private const string Symbol = TorchLibraries.UncalledSymbol;

    [Fact]
    public void A_symbol_and_the_version_only_it_asks_for_become_weak_and_nothing_else_changes()
    {
        byte[] bytes = SyntheticElf.Of(("GLIBCXX_3.4", ["strlen_like"]), ("GLIBCXX_3.4.32", [Symbol]));

        byte[] weak = new ElfLibrary(bytes).WithWeak(Symbol);

        var library = new ElfLibrary(weak);
        Assert.True(library.IsWeak(Symbol));
        Assert.False(library.IsWeak("strlen_like"));
        Assert.Equal([("GLIBCXX_3.4", false), ("GLIBCXX_3.4.32", true)], library.NeededVersions.Select(version => (version.Name, version.IsWeak)));
        Assert.Equal(2, bytes.Zip(weak).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void A_version_that_other_symbols_need_too_is_never_weakened()
    {
        byte[] bytes = SyntheticElf.Of(("GLIBCXX_3.4.32", [Symbol, "_ZSt_needed"]));
        var fault = Assert.Throws<InvalidOperationException>(() => new ElfLibrary(bytes).WithWeak(Symbol));
        Assert.Contains("_ZSt_needed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_does_not_ask_for_the_symbol_is_refused()
    {
        byte[] bytes = SyntheticElf.Of(("GLIBCXX_3.4", ["other"]));
        Assert.Throws<InvalidOperationException>(() => new ElfLibrary(bytes).WithWeak(Symbol));
    }

    [Fact]
    public void A_damaged_library_is_refused_and_never_read_outside_its_bytes()
    {
        byte[] bytes = SyntheticElf.Of(("GLIBCXX_3.4", ["a"]), ("GLIBCXX_3.4.32", [Symbol]));
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Int[0, bytes.Length - 1], CsCheck.Gen.Byte, CsCheck.Gen.Int[0, bytes.Length]),
            (at, value, length) =>
            {
                byte[] damaged = [.. bytes];
                damaged[at] = value;
                var fault = Record.Exception(() => new ElfLibrary(damaged[..length]).WithWeak(Symbol));
                Assert.True(fault is null or InvalidDataException or InvalidOperationException or OverflowException, fault?.ToString());
            });
    }

    [Fact]
    public void The_real_binding_asks_for_GLIBCXX_3_4_32_because_of_the_uncalled_symbol_alone()
    {
        byte[] bytes = File.ReadAllBytes(BindingPath());
        var library = new ElfLibrary(bytes);
        ElfLibrary.NeededVersion newest = Assert.Single(library.NeededVersions, version => version.Name == "GLIBCXX_3.4.32");
        Assert.Equal([Symbol], library.SymbolsOf(newest));
        Assert.False(newest.IsWeak);

        var weak = new ElfLibrary(library.WithWeak(Symbol));
        Assert.True(weak.IsWeak(Symbol));
        Assert.Equal(["GLIBCXX_3.4.32"], weak.NeededVersions.Where(version => version.IsWeak).Select(version => version.Name));
    }

    [Fact]
    public void A_library_that_fits_this_system_is_loaded_as_it_is()
    {
        string fitting = File.ReadLines(Path.Combine(AppContext.BaseDirectory, TorchLibraries.PointerFile))
            .Single(path => path.EndsWith("libgomp-98b21ff3.so.1", StringComparison.Ordinal));
        Assert.False(TorchLibraries.LoadBinding(fitting));
    }

    [Fact]
    public void A_missing_library_is_told_with_the_remedy()
    {
        string empty = Path.Combine(AppContext.BaseDirectory, "no such folder");
        var fault = Assert.Throws<DllNotFoundException>(() => TorchLibraries.Load(empty));
        Assert.Contains("dotnet publish", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torch_computes_in_this_process()
    {
        TorchRuntime.Start();
        using var scope = TorchSharp.torch.NewDisposeScope();
        Assert.Equal(6f, TorchSharp.torch.full(3, 2f).sum().item<float>());
        Assert.InRange(TorchSharp.torch.get_num_threads(), 1, Environment.ProcessorCount);
    }

    private static string BindingPath() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, TorchLibraries.PointerFile))
        .Single(path => path.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal));
}
