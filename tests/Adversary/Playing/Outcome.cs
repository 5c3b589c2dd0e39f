using Actors.Engine;

namespace Actors.Adversary.Playing;

/// <summary>The one outcome of a call.</summary>
internal readonly record struct Outcome<T>(T? Value, Exception? Failure)
{
    public bool IsDone => Failure is null;

    /// <summary>Taken back: nothing was done.</summary>
    public bool IsCancelled => Failure is OperationCanceledException;

    public FailureReason? Reason => (Failure as FileEngineException)?.Reason;

    public long BytesDone => (Failure as FileEngineException)?.BytesDone ?? 0;

    /// <summary>It may still be performed.</summary>
    public bool IsUnfinished => Failure is FileEngineException { IsUnfinished: true };

    /// <summary>The file takes nothing more.</summary>
    public bool IsLast => Failure is FileEngineException
    {
        Reason: FailureReason.TimedOut or FailureReason.SyncFailed or FailureReason.Closing or FailureReason.NotOpen
            or FailureReason.Unexpected,
    } or ObjectDisposedException;

    public string Name => Failure switch
    {
        null => "done",
        FileEngineException e => e.IsUnfinished ? $"{e.Reason} unfinished" : e.Reason.ToString(),
        OperationCanceledException => "cancelled",
        _ => Failure.GetType().Name,
    };
}
