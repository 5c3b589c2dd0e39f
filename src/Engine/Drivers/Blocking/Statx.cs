using System.Runtime.InteropServices;

namespace Actors.Engine.Drivers.Blocking;

/// <summary>struct statx, 256 bytes (linux/stat.h), the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    public const uint Basic = 0x7ff; // STATX_BASIC_STATS
    public const uint Birth = 0x800; // STATX_BTIME
    public const uint DirectAlignment = 0x2000; // STATX_DIOALIGN, Linux 6.1

    private const int TypeMask = 0xf000;
    private const int TypeCharacterDevice = 0x2000;
    private const int TypeDirectory = 0x4000;
    private const int TypeRegular = 0x8000;
    private const int TypeLink = 0xa000;

    [FieldOffset(0)] public uint Mask;
    [FieldOffset(16)] public uint Links;
    [FieldOffset(28)] public ushort Mode;
    [FieldOffset(32)] public ulong Inode;
    [FieldOffset(40)] public ulong Size;
    [FieldOffset(48)] public ulong Blocks;
    [FieldOffset(64)] public StatxTime Accessed;
    [FieldOffset(80)] public StatxTime Born;
    [FieldOffset(112)] public StatxTime Modified;
    [FieldOffset(136)] public uint DeviceMajor;
    [FieldOffset(140)] public uint DeviceMinor;
    [FieldOffset(152)] public uint DirectMemoryAlignment;
    [FieldOffset(156)] public uint DirectOffsetAlignment;

    public readonly bool IsRegular => (Mode & TypeMask) == TypeRegular;

    public readonly bool IsCharacterDevice => (Mode & TypeMask) == TypeCharacterDevice;

    public readonly bool IsDirectory => (Mode & TypeMask) == TypeDirectory;

    public readonly bool IsSymbolicLink => (Mode & TypeMask) == TypeLink;

    public readonly FileKind Kind =>
        IsRegular ? FileKind.File
        : IsDirectory ? FileKind.Directory
        : IsSymbolicLink ? FileKind.SymbolicLink
        : FileKind.Other;

    /// <summary>Device and inode.</summary>
    public readonly FileIdentity Identity => new(((ulong)DeviceMajor << 32) | DeviceMinor, Inode, null);

    /// <summary>As the engine's clients are told.</summary>
    public readonly FileStatus ToStatus() => new()
    {
        Kind = Kind,
        Length = IsRegular || IsSymbolicLink ? (long)Size : 0,
        Mode = (UnixFileMode)(Mode & 0xfff),
        LastWriteTimeUtc = Modified.ToUtc(),
        LastAccessTimeUtc = Accessed.ToUtc(),
        CreationTimeUtc = (Mask & Birth) == 0 ? null : Born.ToUtc(),
        Identity = (Identity.Device, Identity.Inode),
    };
}

/// <summary>struct statx_timestamp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct StatxTime
{
    public readonly long Seconds;
    public readonly uint Nanoseconds;
    private readonly int _reserved;

    private static readonly long SecondsMin = (long)(DateTime.MinValue - DateTime.UnixEpoch).TotalSeconds;
    private static readonly long SecondsMax = (long)(DateTime.MaxValue - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>The time, or the nearest that a <see cref="DateTime"/> can hold: file systems have years that it does
    /// not.</summary>
    public DateTime ToUtc() =>
        Seconds < SecondsMin ? Utc(DateTime.MinValue)
        : Seconds > SecondsMax ? Utc(DateTime.MaxValue)
        : DateTime.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Math.Min(Nanoseconds, 999_999_999) / 100));

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
