using static TorchSharp.torch;

namespace Platform.Training.Optimisation;

/// <summary>A tensor that training changes.</summary>
/// <param name="Name">Its name in checkpoints, for example <c>layers.0.qkv</c>.</param>
/// <param name="Value">A leaf that asks for a gradient.</param>
internal sealed record TrainedTensor(string Name, Tensor Value);
