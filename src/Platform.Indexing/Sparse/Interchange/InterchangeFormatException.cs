namespace Platform.Indexing.Sparse;

/// <summary>An interchange file is not of its format; the message names file and place.</summary>
public sealed class InterchangeFormatException : Exception
{
    /// <summary>Makes the fault.</summary>
    /// <param name="file">The file.</param>
    /// <param name="place">Where in it, for example <c>byte 17</c> or <c>row 3</c>.</param>
    /// <param name="detail">What is wrong, the limit, the remedy.</param>
    /// <param name="cause">What was found first.</param>
    public InterchangeFormatException(string file, string place, string detail, Exception? cause = null)
        : base($"'{file}', {place}: {detail}", cause)
    {
        File = file;
        Place = place;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Where in it.</summary>
    public string Place { get; }
}
