using System.Runtime.InteropServices;

namespace Actors.Engine.Drivers.ThreadPool;

/// <summary>
/// What the shard's thread and the workers both write, each on cache lines of its own: two of 64 bytes, because
/// processors fetch them in pairs.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 640)]
internal struct SharedState
{
    /// <summary>Operations published, ever; written by the shard.</summary>
    [FieldOffset(128)]
    public long Tail;

    /// <summary>Operations taken by workers, ever.</summary>
    [FieldOffset(256)]
    public long Head;

    /// <summary>Operations that are done, last first.</summary>
    [FieldOffset(384)]
    public IoOperation? Finished;

    /// <summary>Workers that sleep or are about to.</summary>
    [FieldOffset(512)]
    public int Parked;

    /// <summary>1 while a worker without work looks for some.</summary>
    [FieldOffset(516)]
    public int Spinning;

    [FieldOffset(520)]
    public bool Stopping;
}
