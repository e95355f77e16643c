using System.CommandLine;
using System.Globalization;
using Platform.Cli.Output;
using Platform.Encoders.Llama;
using Platform.Encoders.Models;

namespace Platform.Cli.Commands.Models;

/// <summary><c>platform model verify MODEL</c></summary>
internal sealed class ModelVerifyCommand : StoreCommand
{
    private readonly Argument<string> _model = NewModelArgument();

    public ModelVerifyCommand(Terminal terminal)
        : base(terminal, "verify", "check a model's files, and its results against reference numbers")
    {
        Details =
        [
            "Reads every file and compares it with the manifest's checksums, if there is a manifest. If the folder holds golden.json, runs its "
            + "inputs through the model in causal mode and float32; logits, hidden states and losses must agree to 0.001. A folder that has "
            + "neither is not verified, which is a failure.",
        ];
        Examples =
        [
            new("platform model verify my-model", "Check a model of the store"),
            new("platform model verify ./stories260K", "Check a folder with reference numbers"),
        ];
        Add(_model);
        Complete();
    }

    protected override async Task<int> WorkAsync(ModelStore store, ParseResult arguments, CancellationToken cancellationToken)
    {
        string folder = store.Resolve(arguments.GetRequiredValue(_model));
        bool json = arguments.GetValue(Json);
        IReadOnlyList<string>? faults = null;
        if (ModelManifest.Find(folder) is { } manifest)
        {
            faults = await WithProgressAsync(
                "Reading", manifest.Bytes, json, progress => ModelStore.CompareAsync(folder, manifest, progress, cancellationToken));
        }

        GoldenReport? golden = File.Exists(Path.Combine(folder, GoldenCheck.FileName))
            ? await Task.Run(() => GoldenCheck.Run(folder, cancellationToken: cancellationToken), cancellationToken)
            : null;
        if (faults is null && golden is null)
        {
            throw CommandFaultException.Failed($"'{folder}' has neither {ModelManifest.FileName} nor {GoldenCheck.FileName}: there is nothing to verify it by. Import it, or put reference numbers beside it.");
        }

        bool isSound = faults is not { Count: > 0 } && golden is not { Passed: false };
        if (json)
        {
            JsonOutput.Write(Terminal, ModelVerification.Of(folder, isSound, faults, golden), JsonOutput.Readable.ModelVerification);
        }
        else
        {
            Tell(folder, faults, golden);
        }

        return isSound ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private void Tell(string folder, IReadOnlyList<string>? faults, GoldenReport? golden)
    {
        Terminal.Print(faults switch
        {
            null => $"Checksums: none; '{folder}' has no {ModelManifest.FileName}.",
            { Count: 0 } => "Checksums: every file is as its manifest says.",
            _ => $"Checksums: {Figures.Count(faults.Count, "difference")}.",
        });
        foreach (string fault in faults ?? [])
        {
            Terminal.Print($"  {fault}");
        }

        if (golden is null)
        {
            Terminal.Print($"Results: not checked; there is no {GoldenCheck.FileName}.");
            return;
        }

        string largest = golden.Largest is { } difference
            ? string.Create(CultureInfo.InvariantCulture, $"; the largest difference is {difference.Size:0.0e+00} ({difference.What}, case {difference.Case})")
            : "";
        string loss = golden.LargestLoss is { } of ? string.Create(CultureInfo.InvariantCulture, $"; of losses {of.Size:0.0e+00}") : "";
        Terminal.Print($"Results: {Figures.Count(golden.Compared, "number")} of {Figures.Count(golden.Cases, "case")} compared, {Figures.Count(golden.Faults.Count)} off by more than {GoldenReport.Tolerance.ToString(CultureInfo.InvariantCulture)}{largest}{loss}.");
        foreach (GoldenDifference fault in golden.Faults.Take(20))
        {
            Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"  case {fault.Case}, {fault.What}: {fault.Actual} where {fault.Expected} was due"));
        }
    }
}
