namespace Actors.Engine;

/// <summary>
/// What the engine could not do, and why: the <see cref="CommandFailed"/> of the actor protocol as an exception. An
/// <see cref="IOException"/>, so that code written for <see cref="FileStream"/> catches it.
/// </summary>
public sealed class FileEngineException : IOException
{
    internal FileEngineException(
        string path, FailureReason reason, string cause, int errno = 0, long bytesDone = 0, Exception? inner = null,
        bool isUnfinished = false)
        : base(cause, inner)
    {
        Path = path;
        Reason = reason;
        Errno = errno;
        BytesDone = bytesDone;
        IsUnfinished = isUnfinished;
    }

    /// <summary>The file, as it was named by the caller; of a tree, the entry that failed.</summary>
    public string Path { get; }

    /// <summary>Why, from a closed set.</summary>
    public FailureReason Reason { get; }

    /// <summary>The operating system's error number, or 0.</summary>
    public int Errno { get; }

    /// <summary>Bytes of the failed call that were performed before it failed: the prefix that is in the file. The rest
    /// was not accepted, and nothing is done about it later. Of a flush, and of a disposal that flushes, they are the
    /// first of what was gathered.</summary>
    public long BytesDone { get; }

    /// <inheritdoc cref="CommandFailed.IsUnfinished"/>
    public bool IsUnfinished { get; }

    /// <summary>The same failure for another call that it ends: an exception of its own, since each is thrown with its own
    /// stack.</summary>
    /// <param name="bytesDone">Of that call.</param>
    /// <param name="isUnfinished">Whether that call may still be performed.</param>
    internal FileEngineException Again(long bytesDone = 0, bool isUnfinished = false) =>
        new(Path, Reason, Message, Errno, bytesDone, this, isUnfinished);

    internal static FileEngineException Of(string path, CommandFailed failed) =>
        new(
            failed.Path ?? path, failed.Reason, failed.Cause, failed.Errno, failed.BytesDone, failed.Exception,
            failed.IsUnfinished);
}
