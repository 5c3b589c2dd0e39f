namespace Actors.Engine.Drivers;

/// <summary>What an operation asks of the kernel.</summary>
internal enum IoKind : byte
{
    Read,
    Write,
    DataSync,
    Sync,
    Truncate,
    Allocate,
    Open,
    Close,

    /// <summary>Fills <see cref="IoOperation.Buffer"/> with a struct statx.</summary>
    Stat,
}

/// <summary>
/// One request to a driver, owned by whoever created it and reused. From submission to its one completion it belongs to
/// the driver, with its file and its buffer; nobody may touch or reuse any of them until then.
/// </summary>
/// <remarks>
/// Fields, not properties: this object is written and read on the hot path. A driver writes <see cref="Result"/>, and
/// uses <see cref="Next"/>, <see cref="Slot"/> and <see cref="Generation"/> as it likes while it owns the operation.
/// </remarks>
internal sealed unsafe class IoOperation
{
    /// <summary>What to do.</summary>
    public IoKind Kind;

    /// <summary>The file; null only for <see cref="IoKind.Open"/>, whose result makes one.</summary>
    public FileHandle? File;

    /// <summary>First byte of memory for Read and Write; the NUL-terminated path for Open. Never managed memory
    /// that is not pinned.</summary>
    public byte* Buffer;

    /// <summary>Bytes to transfer (Read, Write) or to reserve (Allocate); the new length (Truncate).</summary>
    public long Length;

    /// <summary>Position in the file (Read, Write, Allocate).</summary>
    public long Offset;

    /// <summary>Writes at the end of the file, wherever that is when the kernel performs it (RWF_APPEND, Linux 4.16);
    /// <see cref="Offset"/> has no meaning then.</summary>
    public bool Append;

    /// <summary>open(2) flags, for Open.</summary>
    public int Flags;

    /// <summary>Permission bits, for Open.</summary>
    public int Mode;

    /// <summary>
    /// Bytes transferred by earlier completions of this operation. Drivers transfer
    /// [<see cref="Buffer"/> + Done, <see cref="Length"/> - Done) at <see cref="Offset"/> + Done.
    /// </summary>
    public long Done;

    /// <summary>Set for an operation that has to be a plain system call on a thread: a read of a file whose size is not
    /// known (<see cref="FileHandle.HasUnknownSize"/>), a close that a ring has refused.</summary>
    public bool OnThread;

    /// <summary>What the kernel answered: bytes or a descriptor, or a negative errno.</summary>
    public long Result;

    /// <summary>Times that the kernel said "try again" in a row.</summary>
    public int Retries;

    /// <summary>Set when a cancel was asked for; the completion may still be a success.</summary>
    public bool CancelRequested;

    /// <summary>Set by the owner when the operation has a time limit: then <see cref="BegunAt"/> is kept.</summary>
    public bool IsTimed;

    /// <summary>Stopwatch ticks since which it waits for its turn or is performed; kept as <see cref="BegunAt"/>
    /// is.</summary>
    public long StartedAt;

    /// <summary>Stopwatch ticks since which the kernel has had it; 0 while it waits for its turn. A driver with a queue of
    /// its own sets it when it begins.</summary>
    public long BegunAt;

    /// <summary>Set by the scheduler when the driver failed with the operation, in place of what the kernel answered.
    /// </summary>
    public DriverFault? Fault;

    /// <summary>Where it stands among the operations that the driver has; the scheduler's.</summary>
    public int Place;

    /// <summary>The queue pair that the operation came from and goes back to; no business of a driver's.</summary>
    public object? Owner;

    /// <summary>What the owner needs to know when the operation is back; no business of a driver's.</summary>
    public object? State;

    /// <summary>Link in the list that the operation is in at the moment.</summary>
    public IoOperation? Next;

    /// <summary>Index in the driver's slot table.</summary>
    public int Slot;

    /// <summary>Distinguishes this use of the slot from earlier ones.</summary>
    public uint Generation;

    /// <summary>Stopwatch ticks at the owner's request and at submission; 0 when this operation is not
    /// sampled.</summary>
    public long RequestedAt, SubmittedAt;

    public byte* NextByte => Buffer + Done;

    public long NextOffset => Offset + Done;

    /// <summary>Bytes to ask for now: what remains, capped at what Linux transfers in one call (read(2)).</summary>
    public uint NextLength => (uint)Math.Min(Length - Done, CompletionDecision.TransferMax);
}
