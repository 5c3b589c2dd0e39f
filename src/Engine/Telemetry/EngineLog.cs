using Microsoft.Extensions.Logging;

namespace Actors.Engine.Telemetry;

/// <summary>Everything that the engine logs, by event id. Thread-safe.</summary>
internal sealed partial class EngineLog(ILogger logger)
{
    private int _buffersWereExhausted;
    private int _opensHaveWaited;

    [LoggerMessage(1, LogLevel.Information, "File engine {Engine} runs on {Backend} with {Shards} shards: {Reason}")]
    public partial void Started(string engine, string backend, int shards, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The file engine fell back to {Backend}: {Reason}")]
    public partial void FellBack(string backend, string reason);

    [LoggerMessage(3, LogLevel.Error, "A file takes no more commands, for a sync of it failed, errno {Errno}: {Cause}")]
    public partial void FilePoisoned(int errno, string cause);

    /// <summary>Once in an engine's life: what toggles under load is for the meter.</summary>
    public void OpensWait(int openFilesMax)
    {
        if (Interlocked.Exchange(ref _opensHaveWaited, 1) == 0)
        {
            OpensWaitForTheFirstTime(openFilesMax);
        }
    }

    [LoggerMessage(5, LogLevel.Warning, "{Path} was not opened: {Cause}")]
    public partial void OpenTimedOut(string path, string cause);

    /// <inheritdoc cref="OpensWait"/>
    public void BuffersExhausted(int shard, long bytesMax)
    {
        if (Interlocked.Exchange(ref _buffersWereExhausted, 1) == 0)
        {
            BuffersExhaustedForTheFirstTime(shard, bytesMax);
        }
    }

    [LoggerMessage(
        7, LogLevel.Warning,
        "The drain ended with {Files} files unfinished and {Commands} commands answered with failure; first {Path}")]
    public partial void DrainedWithLoss(int files, long commands, string path);

    [LoggerMessage(8, LogLevel.Error, "The event loop of shard {Shard} caught an exception")]
    public partial void EventLoopFailed(int shard, Exception exception);

    [LoggerMessage(
        10, LogLevel.Error, "The driver of shard {Shard} failed: it finishes what it has, and is then replaced")]
    public partial void DriverFailed(int shard, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "Shard {Shard} has another driver in place of the one that failed")]
    public partial void DriverReplaced(int shard);

    [LoggerMessage(12, LogLevel.Error, "Shard {Shard} refuses what it is given: {Cause}")]
    public partial void ShardRefuses(int shard, string cause, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "{Actor} of the file engine caught a defect, and goes on")]
    public partial void ActorFailed(string actor, Exception exception);

    [LoggerMessage(
        14, LogLevel.Warning,
        "Phase {Phase} of CoordinatedShutdown ends after {PhaseTimeout}: a shutdown drains for {Limit}, and not for the "
        + "{DrainTimeout} of actors.engine.coordinator.drain-timeout. Set "
        + "akka.coordinated-shutdown.phases.{Phase}.timeout to more than that")]
    public partial void DrainIsCut(string phase, TimeSpan phaseTimeout, TimeSpan limit, TimeSpan drainTimeout);

    /// <summary>From a finalizer, which must not wait for anybody's log.</summary>
    public void FileAbandoned(string path) => ThreadPool.UnsafeQueueUserWorkItem(
        static entry => entry.Log.FileWasAbandoned(entry.Path), (Log: this, Path: path), preferLocal: false);

    [LoggerMessage(
        4, LogLevel.Warning,
        "{Limit} files are open, as many as may be: opens wait until one is closed. Said once; see "
        + "actors.engine.file.pending_opens")]
    private partial void OpensWaitForTheFirstTime(int limit);

    [LoggerMessage(
        6, LogLevel.Warning,
        "The buffers of shard {Shard} are all in use, {BytesMax} bytes: files wait for one. Said once; see "
        + "actors.engine.buffer.usage")]
    private partial void BuffersExhaustedForTheFirstTime(int shard, long bytesMax);

    [LoggerMessage(9, LogLevel.Warning, "{Path} was not disposed of by its owner, and is closed by its finalizer")]
    private partial void FileWasAbandoned(string path);
}
