namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// Performs an operation on the calling thread, from start to end of one system call. What every driver without a queue
/// of its own is made of, and what a driver with one uses for the operations that its queue cannot take.
/// </summary>
internal interface IBlockingCalls
{
    /// <summary>Performs it and sets <see cref="IoOperation.Result"/>: bytes, 0, a descriptor, or a negative errno.
    /// Thread-safe; never throws.</summary>
    void Perform(IoOperation operation);

    /// <summary>Performs a read if that takes no waiting for a disk; a part of it may be all there is. False when it
    /// would, or when this system cannot tell: nothing was done.</summary>
    bool TryReadCached(IoOperation operation);
}
