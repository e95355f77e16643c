using Microsoft.Extensions.Options;
using Platform.Encoders.Models;
using Platform.Silo.Hosting;
using Platform.Training.Recipes;
using Platform.Training.Running;

namespace Platform.Silo.Training;

/// <summary>Runs jobs on threads of their own, below normal priority, a bounded number at a time: nothing of a job touches the grain scheduler.</summary>
internal sealed class TrainingRunner : IDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly TrainingOptions _options;
    private readonly string _work;
    private readonly string _data;
    private readonly ModelStore _models;
    private readonly TimeProvider _time;

    public TrainingRunner(IOptions<TrainingOptions> options, IOptions<StorageOptions> storage, IOptions<EncoderOptions> encoder, TimeProvider time)
    {
        string folder = storage.Value.DataDirectory;
        _options = options.Value;
        _places = new SemaphoreSlim(_options.MaxJobs);
        _work = _options.WorkDirectory ?? Path.Combine(folder, "training");
        _data = _options.DataDirectory ?? Path.Combine(folder, "training-data");
        _models = new ModelStore(encoder.Value.ModelDirectory ?? Path.Combine(folder, "models"), time);
        _time = time;
    }

    /// <summary>Runs a job to its end or a stop, after waiting for a place.</summary>
    /// <param name="key">The job's, <c>{tenant}/{job}</c>; both parts are checked names.</param>
    /// <param name="recipe">Its recipe, checked by <see cref="TrainingRules"/>.</param>
    /// <param name="progress">Told on the job's thread.</param>
    /// <param name="stop">Saves and ends it.</param>
    public async Task<TrainingOutcome> RunAsync(string key, TrainingRecipe recipe, IProgress<TrainingProgress> progress, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        try
        {
            var request = new TrainingRequest
            {
                Recipe = recipe,
                RecipeFolder = Path.Combine(_data, key.Split('/')[0]),
                WorkFolder = Path.Combine(_work, key),
                Store = _models,
                Threads = _options.Threads,
                Time = _time,
            };
            return await OnOwnThreadAsync(() => Trainer.RunAsync(request, progress, stop), key);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>A thread that carries the whole of an asynchronous work: what it awaits comes back to it.</summary>
    private static Task<TrainingOutcome> OnOwnThreadAsync(Func<Task<TrainingOutcome>> workAsync, string name)
    {
        var done = new TaskCompletionSource<TrainingOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = new OneThread();
        var thread = new Thread(() => context.Run(workAsync, done)) { IsBackground = true, Name = $"platform-training-{name}", Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return done.Task;
    }
}
