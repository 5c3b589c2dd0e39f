using System.Runtime.InteropServices;

namespace Actors.Engine.Drivers.IoUring;

/// <summary>
/// Numbers and layouts of the io_uring kernel interface (linux/io_uring.h), the same on every architecture. The names
/// are the header's, without their prefix.
/// </summary>
internal static class IoUringAbi
{
    // asm-generic/unistd.h; the generic numbers, used by x64 and arm64 alike.
    public const int SysSetup = 425;
    public const int SysEnter = 426;
    public const int SysRegister = 427;

    public const long OffsetSqRing = 0;
    public const long OffsetCqRing = 0x8000000;
    public const long OffsetSqes = 0x10000000;

    public const uint SetupCqSize = 1 << 3;
    public const uint SetupSubmitAll = 1 << 7;
    public const uint SetupCoopTaskrun = 1 << 8;
    public const uint SetupTaskrunFlag = 1 << 9;
    public const uint SetupSingleIssuer = 1 << 12;
    public const uint SetupDeferTaskrun = 1 << 13;
    public const uint SetupNoSqArray = 1 << 16;

    public const uint FeatureSingleMmap = 1 << 0;
    public const uint FeatureExtArg = 1 << 8;

    public const uint EnterGetEvents = 1 << 0;
    public const uint EnterExtArg = 1 << 3;

    public const uint SqCqOverflow = 1 << 1;
    public const uint SqTaskrun = 1 << 2;

    public const uint RegisterProbe = 8;
    public const uint RegisterIowqMaxWorkers = 19;

    public const ushort ProbeOpSupported = 1;

    public const uint FsyncDataSync = 1;
    public const int AtFdCwd = -100;

    public const byte SqeAsync = 1 << 4;

    /// <summary>No kernel has an operation of this number.</summary>
    public const byte OpNone = 255;

    public const byte OpFsync = 3;
    public const byte OpAsyncCancel = 14;
    public const byte OpFallocate = 17;
    public const byte OpOpenAt = 18;
    public const byte OpClose = 19;
    public const byte OpRead = 22;
    public const byte OpWrite = 23;
    public const byte OpFtruncate = 55; // Linux 6.9

    /// <summary>struct io_uring_sqe, 64 bytes; the unions by the members used here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct Sqe
    {
        [FieldOffset(0)] public byte Opcode;
        [FieldOffset(1)] public byte Flags;
        [FieldOffset(2)] public ushort IoPriority;
        [FieldOffset(4)] public int Fd;
        [FieldOffset(8)] public ulong Offset;
        [FieldOffset(16)] public ulong Address;
        [FieldOffset(24)] public uint Length;
        [FieldOffset(28)] public uint OpFlags;
        [FieldOffset(32)] public ulong UserData;
        [FieldOffset(40)] public ushort BufferIndex;
        [FieldOffset(42)] public ushort Personality;
        [FieldOffset(44)] public int FileIndex;
        [FieldOffset(48)] public ulong Address3;
        [FieldOffset(56)] public ulong Pad;
    }

    /// <summary>struct io_uring_cqe, 16 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    internal struct Cqe
    {
        public ulong UserData;
        public int Result;
        public uint Flags;
    }

    /// <summary>struct io_sqring_offsets, 40 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    internal struct SqOffsets
    {
        public uint Head, Tail, RingMask, RingEntries, Flags, Dropped, Array, Reserved;
        public ulong UserAddress;
    }

    /// <summary>struct io_cqring_offsets, 40 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    internal struct CqOffsets
    {
        public uint Head, Tail, RingMask, RingEntries, Overflow, Cqes, Flags, Reserved;
        public ulong UserAddress;
    }

    /// <summary>struct io_uring_params, 120 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 120)]
    internal struct Params
    {
        public uint SqEntries, CqEntries, Flags, SqThreadCpu, SqThreadIdle, Features, WqFd;
        public uint Reserved0, Reserved1, Reserved2;
        public SqOffsets Sq;
        public CqOffsets Cq;
    }

    /// <summary>struct io_uring_getevents_arg, 24 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    internal struct GetEventsArg
    {
        public ulong Sigmask;
        public uint SigmaskSize;
        public uint MinWaitMicros;
        public ulong Timespec;
    }

    /// <summary>struct __kernel_timespec.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    internal struct Timespec
    {
        public long Seconds, Nanoseconds;
    }
}
