using System.Runtime.InteropServices;

namespace Actors.Engine.Drivers.LinuxAio;

/// <summary>Kernel constants of Linux AIO (linux/aio_abi.h, fs/aio.c).</summary>
internal static class AioAbi
{
    // IOCB_CMD_*. FSYNC and FDSYNC work since 4.18; POLL since 4.19.
    public const ushort Read = 0;
    public const ushort Write = 1;
    public const ushort Sync = 2;
    public const ushort DataSync = 3;
    public const ushort Poll = 5;

    /// <summary>IOCB_FLAG_RESFD: signal the eventfd <see cref="Iocb.SignalDescriptor"/> on completion.</summary>
    public const uint SignalEventFd = 1;

    /// <summary>AIO_RING_MAGIC: the context's address is that of a completion ring that can be read from here.</summary>
    public const uint RingMagic = 0xa10a10a1;

    /// <summary>POLLIN, poll(2).</summary>
    public const ulong PollIn = 1;
}

/// <summary>struct iocb, little endian: one request. Copied by the kernel at submission, but io_cancel finds a request
/// by this address, so it stays in place until the completion.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Iocb
{
    /// <summary>Comes back in <see cref="IoEvent.Data"/>.</summary>
    [FieldOffset(0)]
    public ulong Data;

    /// <summary>The kernel's.</summary>
    [FieldOffset(8)]
    public uint Key;

    /// <summary>RWF_* flags.</summary>
    [FieldOffset(12)]
    public uint TransferFlags;

    [FieldOffset(16)]
    public ushort Command;

    [FieldOffset(18)]
    public short Priority;

    [FieldOffset(20)]
    public uint Descriptor;

    /// <summary>Address of the data; the events to wait for in a poll.</summary>
    [FieldOffset(24)]
    public ulong Buffer;

    [FieldOffset(32)]
    public ulong Length;

    [FieldOffset(40)]
    public long Offset;

    [FieldOffset(48)]
    public ulong Reserved;

    [FieldOffset(56)]
    public uint Flags;

    [FieldOffset(60)]
    public uint SignalDescriptor;
}

/// <summary>struct io_event: one completion.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct IoEvent
{
    [FieldOffset(0)]
    public ulong Data;

    /// <summary>Address of the <see cref="Iocb"/>.</summary>
    [FieldOffset(8)]
    public ulong Request;

    /// <summary>Bytes, 0, or a negative errno.</summary>
    [FieldOffset(16)]
    public long Result;

    [FieldOffset(24)]
    public long Result2;
}

/// <summary>struct aio_ring (fs/aio.c): the head of the completion ring; the events follow it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct AioRing
{
    [FieldOffset(0)]
    public uint Id;

    /// <summary>Entries of the ring; not a power of two.</summary>
    [FieldOffset(4)]
    public uint Count;

    /// <summary>Next entry to reap; written here, or by io_getevents.</summary>
    [FieldOffset(8)]
    public uint Head;

    /// <summary>Next entry to fill; written by the kernel, after the entry.</summary>
    [FieldOffset(12)]
    public uint Tail;

    [FieldOffset(16)]
    public uint Magic;

    [FieldOffset(20)]
    public uint CompatibleFeatures;

    /// <summary>Not 0: a layout that this code does not know.</summary>
    [FieldOffset(24)]
    public uint IncompatibleFeatures;

    [FieldOffset(28)]
    public uint HeaderLength;
}

/// <summary>struct timespec of 64-bit kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTimeSpan
{
    public long Seconds;
    public long Nanoseconds;

    public static KernelTimeSpan FromMilliseconds(int milliseconds) => new()
    {
        Seconds = milliseconds / 1000,
        Nanoseconds = milliseconds % 1000 * 1_000_000L,
    };
}
