using System.Globalization;

namespace Platform.Silo.Hosting;

/// <summary>Closed while too little room is free; opens again only when clearly more is, so that it does not flutter.</summary>
/// <param name="what">What the room is of, for the message: <c>the disk</c>.</param>
/// <param name="remedy">What a person can do about it.</param>
/// <param name="options">The shares.</param>
internal sealed class RoomGate(string what, string remedy, StorageOptions options)
{
    private volatile string? _reason;

    /// <summary>Why it is closed: what, the value, the limit, the remedy; null while it is open.</summary>
    public string? Reason => _reason;

    /// <summary>Takes a measurement.</summary>
    public void Update(long totalBytes, long freeBytes)
    {
        double share = Math.Min(options.BlockBelowFreeShare, options.EnoughFreeBytes / (double)Math.Max(1, totalBytes));
        double resumeShare = share * options.ResumeAboveFreeShare / Math.Max(options.BlockBelowFreeShare, double.Epsilon);
        long limit = (long)(totalBytes * share);
        long resumeAt = (long)(totalBytes * resumeShare);
        if (freeBytes < limit || (_reason is not null && freeBytes < resumeAt))
        {
            _reason = string.Create(
                CultureInfo.InvariantCulture,
                $"Documents can't be added: {what} has {freeBytes} of {totalBytes} bytes free, and writes stop below {limit} until {resumeAt} are free. Deletes and reads go on. {remedy}");
        }
        else
        {
            _reason = null;
        }
    }
}
