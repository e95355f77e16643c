namespace Platform.Training.Running;

/// <summary>Another run works in the folder; nothing was done.</summary>
public sealed class TrainingFolderBusyException : Exception
{
    internal TrainingFolderBusyException(string folder, Exception inner)
        : base($"Another run works in '{folder}': its lock is held ({inner.Message.TrimEnd('.')}). Wait for it, or name another work folder.", inner)
    {
    }
}
