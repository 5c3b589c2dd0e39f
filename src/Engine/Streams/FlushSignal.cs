using Actors.Engine.Streams.Stages;

namespace Actors.Engine.Streams;

/// <summary>
/// Has a running <see cref="FileSink"/> flush what it was given so far. Pass it in
/// <see cref="FileSinkOptions.FlushSignal"/>; it serves one run of the sink after the other, not two at once.
/// Thread-safe.
/// </summary>
public sealed class FlushSignal
{
    private WriteQueue? _sink;

    /// <summary>
    /// Asks for a flush: in turn, after everything that the sink has taken from upstream until now.
    /// </summary>
    /// <param name="durability">What is to be true when the task completes: that the kernel has every byte
    /// (<see cref="Durability.None"/>), or that they are on the device.</param>
    /// <returns>Fails with <see cref="FileEngineException"/> when a write before it or the sync fails, with
    /// <see cref="InvalidOperationException"/> when no sink with this signal runs, or that ends before the
    /// flush.</returns>
    public Task FlushAsync(Durability durability = Durability.DataSync) =>
        Volatile.Read(ref _sink)?.FlushAsync(durability) ?? Task.FromException(NotRunning());

    internal static InvalidOperationException NotRunning() => new("no file sink with this flush signal is running");

    /// <returns>False when another run has it.</returns>
    internal bool TryAttach(WriteQueue sink) => Interlocked.CompareExchange(ref _sink, sink, null) is null;

    internal void Detach(WriteQueue sink) => Interlocked.CompareExchange(ref _sink, null, sink);
}
